// SPDX-License-Identifier: GPL-3.0-only

type Take = (character: string) => boolean;
type State = { take?: Take; to?: number; readonly free: number[]; readonly atPart: number[] };

/**
 * A matcher for a glob over whole paths: `*` and `?` within a part, `**` across parts, `[abc]`,
 * `{a,b}`, `\` before a character that stands for itself; everything else does anyway, and so does
 * `[abc]` where it is the name. Case counts,
 * dot files are covered, a path covers itself. The pattern becomes an automaton, walked once: time
 * is in proportion to pattern times path, which no backtracking regular expression can promise.
 */
export const compileGlob = (pattern: string): ((path: string) => boolean) => {
  const text = pattern.endsWith('/') ? `${pattern}**` : pattern;
  if (!/[*?[{\\]/.test(text)) return (path) => path === text;
  const characters = [...text];
  const closing = closingBraces(characters);
  const states: State[] = [];
  const add = (): number => states.push({ free: [], atPart: [] }) - 1;
  const state = (index: number): State => states[index] as State;
  const step = (from: number, take: Take): number => {
    const to = add();
    Object.assign(state(from), { take, to });
    return to;
  };
  const repeat = (from: number, take: Take, leave: 'free' | 'atPart'): number => {
    const [loop, out] = [add(), add()];
    state(from).free.push(loop);
    Object.assign(state(loop), { take, to: loop });
    state(loop)[leave].push(out);
    return out;
  };

  const compile = (start: number, stop: number, entry: number): number => {
    let at = entry;
    for (let index = start; index < stop; ) {
      const character = characters[index] as string;
      const close = closing.get(index);
      const set = character === '[' ? readClass(characters, index, stop) : undefined;
      if (character === '\\' && index + 1 < stop) {
        at = step(at, is(characters[index + 1] as string));
        index += 2;
      } else if (close) {
        const [exit, ends] = [add(), close];
        for (const [choice, end] of ends.entries()) {
          const branch = add();
          state(at).free.push(branch);
          const from = choice === 0 ? index + 1 : (ends[choice - 1] as number) + 1;
          state(compile(from, end, branch)).free.push(exit);
        }
        at = exit;
        index = (ends.at(-1) as number) + 1;
      } else if (set) {
        // A folder may be called `[slug]`.
        const [exit, name] = [add(), add()];
        const one = step(at, set.take);
        state(one).free.push(exit);
        state(at).free.push(name);
        const whole = characters.slice(index, set.end);
        state(whole.reduce((from, part) => step(from, is(part)), name)).free.push(exit);
        at = exit;
        index = set.end;
      } else if (character === '?') {
        at = step(at, inPart);
        index += 1;
      } else if (character === '/' && characters.slice(index).join('') === '/**') {
        const from = at;
        at = repeat(step(at, is('/')), anything, 'free');
        state(from).free.push(at);
        index += 3;
      } else if (character === '*') {
        let end = index;
        while (end < stop && characters[end] === '*') end += 1;
        const before = characters[index - 1];
        const opens = before === undefined || '/{,'.includes(before);
        const after = characters[end];
        const across = opens && end - index === 2;
        if (across && after === '/' && end < stop) {
          at = repeat(at, anything, 'atPart');
          end += 1;
        } else {
          const whole = after === undefined || after === '.' || end === stop;
          at = repeat(at, across && whole ? anything : inPart, 'free');
        }
        index = end;
      } else {
        at = step(at, is(character));
        index += 1;
      }
    }
    return at;
  };

  const first = add();
  const last = compile(0, characters.length, first);
  return (path) => path === pattern || walk(states, first, last, path);
};

const is =
  (wanted: string): Take =>
  (character) =>
    character === wanted;
const inPart: Take = (character) => character !== '/';
const anything: Take = () => true;

/** For each `{` with a comma of its own, where its choices end: at each comma and at its `}`. */
const closingBraces = (characters: readonly string[]): ReadonlyMap<number, readonly number[]> => {
  const ends = new Map<number, readonly number[]>();
  const open: { readonly at: number; readonly commas: number[] }[] = [];
  for (let index = 0; index < characters.length; index += 1) {
    const character = characters[index];
    if (character === '\\') index += 1;
    else if (character === '{') open.push({ at: index, commas: [] });
    else if (character === ',') open.at(-1)?.commas.push(index);
    else if (character === '}') {
      const brace = open.pop();
      if (brace && brace.commas.length > 0) ends.set(brace.at, [...brace.commas, index]);
    }
  }
  return ends;
};

/** `[abc]`, `[a-z]`, `[!a]`, `[^a]`; `undefined` where the bracket is only a character. */
const readClass = (
  characters: readonly string[],
  start: number,
  stop: number,
): { readonly take: Take; readonly end: number } | undefined => {
  const negated = '!^'.includes(characters[start + 1] ?? ' ');
  const from = start + (negated ? 2 : 1);
  const end = characters.indexOf(']', from + 1);
  if (end < 0 || end >= stop) return undefined;
  const inside = characters.slice(from, end);
  if (inside.includes('/')) return undefined;
  const ranges: (readonly [string, string])[] = [];
  for (let index = 0; index < inside.length; index += 1) {
    const low = inside[index] as string;
    const high = inside[index + 1] === '-' ? inside[index + 2] : undefined;
    ranges.push([low, high ?? low]);
    if (high !== undefined) index += 2;
  }
  const point = (character: string): number => character.codePointAt(0) ?? 0;
  const holds = (character: string): boolean =>
    ranges.some(([low, high]) => point(low) <= point(character) && point(character) <= point(high));
  return { take: (character) => character !== '/' && holds(character) !== negated, end: end + 1 };
};

const walk = (states: readonly State[], first: number, last: number, path: string): boolean => {
  let now = reach(states, new Set([first]), true);
  for (const character of path) {
    const next = new Set<number>();
    for (const index of now) {
      const { take, to } = states[index] as State;
      if (to !== undefined && take?.(character)) next.add(to);
    }
    if (next.size === 0) return false;
    now = reach(states, next, character === '/');
  }
  return now.has(last);
};

/** Adds what can be reached without a character; `**` before `/` ends only where a part begins. */
const reach = (
  states: readonly State[],
  from: Set<number>,
  partStart: boolean,
): ReadonlySet<number> => {
  for (const index of from) {
    const { free, atPart } = states[index] as State;
    for (const to of free) from.add(to);
    if (partStart) for (const to of atPart) from.add(to);
  }
  return from;
};
