// SPDX-License-Identifier: GPL-3.0-only

export type Rename = { readonly from: string; readonly to: string };

const part = '[\\p{ID_Continue}$]';
const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Where a line's text is: in code, between quotes, or in a comment (also ` * ` inside a block). */
const placesOf = (line: string): readonly ('code' | 'text' | 'comment')[] => {
  const places: ('code' | 'text' | 'comment')[] = [];
  let quote = '';
  let comment = /^\s*\*(?!\/)/.test(line);
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at] ?? '';
    if (!comment && quote === '' && /^\/[/*]/.test(line.slice(at, at + 2))) comment = true;
    places.push(comment ? 'comment' : quote === '' ? 'code' : 'text');
    if (comment) {
      if (line.slice(at - 1, at + 1) === '*/' && !/^\s*\/\//.test(line)) comment = false;
    } else if (quote !== '') {
      if (character === '\\') {
        places.push('text');
        at += 1;
      } else if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
  }
  return places;
};

/** `a.name` and `name: 1` speak of some object, which may have a member of that name. */
const isMember = (line: string, index: number, name: string): boolean =>
  /(?<!\.)\.\s*$/.test(line.slice(0, index)) ||
  /^\??\s*:(?!:)/.test(line.slice(index + name.length));

const finder = (name: string): RegExp =>
  new RegExp(`(?<!${part})${literal(name)}(?!${part})`, 'gu');

/**
 * Whether `after` is `before` with the name changed where it stands in code: in quotes it must
 * stay, in comments and as a member it may do either, and `{ old }` may have become `{ old: new }`.
 */
export const isRenamedLine = (before: string, after: string, { from, to }: Rename): boolean => {
  const places = placesOf(before);
  let pattern = '';
  let end = 0;
  for (const { index } of before.matchAll(finder(from))) {
    const [old, next] = [literal(from), literal(to)];
    const place = places[index];
    pattern += literal(before.slice(end, index));
    pattern +=
      place === 'text'
        ? old
        : place === 'comment' || isMember(before, index, from)
          ? `(?:${old}|${next})`
          : `(?:${next}|${old}: ${next}|${next}: ${old}|${next} as ${old}|${old} as ${next})`;
    end = index + from.length;
  }
  return end > 0 && new RegExp(`^${pattern}${literal(before.slice(end))}$`, 'u').test(after);
};

/** `  async name(...) {` declares a method, which is another thing of that name. */
const isMethod = (line: string, index: number): boolean =>
  /^\s+(?:(?:async|static|get|set|public|private|protected|override)\s+)*\*?$/.test(
    line.slice(0, index),
  ) && /\{[ \t]*\r?\n?$/.test(line);

/** Whether the line still uses the name as a variable: not in quotes or comments, not `a.name` or `name:`. */
export const stillUses = (line: string, name: string): boolean => {
  const places = placesOf(line);
  return [...line.matchAll(finder(name))].some(
    ({ index }) =>
      places[index] === 'code' &&
      !isMethod(line, index) &&
      !isMember(line, index, name) &&
      !/^\s+as\s/.test(line.slice(index + name.length)) &&
      !/\sas\s+$/.test(line.slice(0, index)),
  );
};

/** Whether the name is also a parameter with a type: then what still uses it may mean that one. */
export const hasOwnParameter = (lines: readonly string[], name: string): boolean =>
  new RegExp(`[(,]\\s*(?:readonly\\s+)?${literal(name)}\\??:\\s`, 'u').test(lines.join(''));
