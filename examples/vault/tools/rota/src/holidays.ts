/** Fixed public holidays as month and day; the moving ones are nobody's fault. */
const fixed = new Map([
  ['01-01', 'New Year'],
  ['05-01', 'Labour Day'],
  ['12-25', 'Christmas Day'],
  ['12-26', 'Second Day of Christmas'],
]);

export const isHoliday = (day: Date): boolean => fixed.has(day.toISOString().slice(5, 10));

export const holidaysIn = (year: number): readonly string[] =>
  [...fixed.keys()].map((key) => `${year}-${key}`);
