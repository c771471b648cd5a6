const msPerHour = 3_600_000;

/** The next Monday noon (UTC) after a moment: when the phone changes hands. */
export const nextHandover = (after: Date): Date => {
  const noon = new Date(after);
  noon.setUTCHours(12, 0, 0, 0);
  const days = (8 - noon.getUTCDay()) % 7;
  noon.setUTCDate(noon.getUTCDate() + days);
  if (noon <= after) noon.setUTCDate(noon.getUTCDate() + 7);
  return noon;
};

export const hoursUntilHandover = (now: Date): number =>
  (nextHandover(now).getTime() - now.getTime()) / msPerHour;
