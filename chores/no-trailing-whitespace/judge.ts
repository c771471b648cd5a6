// SPDX-License-Identifier: GPL-3.0-only
import { coveredBy, type Judge, undoneIn } from '../../src/chore/patch.ts';
import { isKnownText, literalLines } from '../../src/code/literal-lines.ts';

/** Lines that lost blanks at their end get them back from the base, one by one. */
export const judge: Judge<{ readonly files?: readonly string[] }> = function* (
  { files },
  patch,
  texts,
) {
  const { paths, base } = patch;
  const isMeant = (path: string): boolean => coveredBy(files)(path) && isKnownText(path);
  const left = new Map<string, string>();
  const findings: string[] = [];
  for (const path of paths.filter(isMeant)) {
    const now = texts.get(path);
    if (now === undefined) continue;
    const lines = now.split('\n');
    const at = blanksIn(path, now);
    if (at !== -1) findings.push(`${path}:${at + 1}: blanks are left at the end of the line`);
    const old = pairOff(base.get(path)?.split('\n') ?? [], lines);
    const asBefore = lines.map((line, index) => {
      const [blanks = ''] = /[ \t]*(?=\r?$)/.exec(old[index] ?? '') ?? [];
      return line.replace(/[ \t]*(?=\r?$)/, blanks);
    });
    const literal = literalLines(path, asBefore.join('\n'));
    const restored = asBefore.map((line, index) => (literal.has(index) ? lines[index] : line));
    left.set(path, restored.join('\n'));
  }
  const others = yield* undoneIn(patch, isMeant, (path, text) => blanksIn(path, text) !== -1);
  return { texts: left, findings: [...findings, ...others] };
};

/** The first line with blanks at its end that mean nothing, from 0; -1 where there is none. */
const blanksIn = (path: string, text: string): number => {
  const kept = literalLines(path, text);
  return text.split('\n').findIndex((line, at) => /[ \t]\r?$/.test(line) && !kept.has(at));
};

const bareLine = (line: string): string => line.trimEnd();

/** So many lines of other chores are looked past. */
const mostApart = 200;

/**
 * For each line the one of the base that it was: the next with the same words, or where as many lines
 * differ on both sides the one at the same place among them.
 */
const pairOff = (
  old: readonly string[],
  lines: readonly string[],
): readonly (string | undefined)[] => {
  const pairs: (string | undefined)[] = [];
  let next = 0;
  while (pairs.length < lines.length && next < old.length) {
    const [ahead, passed] = nextSame(old, next, lines, pairs.length);
    const isChanged = ahead === passed;
    for (let at = 0; at < passed; at += 1) pairs.push(isChanged ? old[next + at] : undefined);
    next += ahead;
    if (pairs.length < lines.length) pairs.push(old[next]);
    next += 1;
  }
  return pairs;
};

/** How many lines of each side come before the next that both have. */
const nextSame = (
  old: readonly string[],
  from: number,
  lines: readonly string[],
  at: number,
): readonly [ahead: number, passed: number] => {
  for (let apart = 0; apart <= mostApart; apart += 1) {
    for (let ahead = 0; ahead <= apart; ahead += 1) {
      const [was, now] = [old[from + ahead], lines[at + apart - ahead]];
      const isSame = was !== undefined && now !== undefined && bareLine(was) === bareLine(now);
      if (isSame && (apart === 0 || bareLine(was) !== '')) return [ahead, apart - ahead];
    }
  }
  return [0, 0];
};
