/** Who was on call longest ago, or never; ties go to the first. */
export const pickNext = (
  people: readonly string[],
  past: readonly string[],
): string | undefined => {
  const ranked = people.map((person) => ({ person, last: past.lastIndexOf(person) }));
  return ranked.sort((left, right) => left.last - right.last)[0]?.person;
};
