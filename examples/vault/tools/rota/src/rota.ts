import { pickNext } from './turn.ts';

/** One week of the rota; weeks count from 1. */
export type Week = { readonly week: number; readonly person: string };

/** Plans so many weeks; `away` names who is not there in a week. */
export const planRota = (
  people: readonly string[],
  weeks: number,
  away: ReadonlyMap<number, readonly string[]> = new Map(),
): readonly Week[] => {
  const rota: Week[] = [];
  for (let week = 1; week <= weeks; week += 1) {
    const present = people.filter((person) => !away.get(week)?.includes(person));
    const person = pickNext(present, rota.map((past) => past.person));
    if (person === undefined) throw new Error(`nobody is there in week ${week}`);
    rota.push({ week, person });
  }
  return rota;
};
