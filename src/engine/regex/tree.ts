// SPDX-License-Identifier: GPL-3.0-only

/** Code points from the first to the second, both included; sorted and apart. */
export type Ranges = readonly (readonly [number, number])[];

/** A regular expression without what looks around, back or at words' ends. */
export type RegexTree =
  | { readonly kind: 'set'; readonly ranges: Ranges }
  | { readonly kind: 'sequence'; readonly parts: readonly RegexTree[] }
  | { readonly kind: 'choice'; readonly options: readonly RegexTree[] }
  | {
      readonly kind: 'repeat';
      readonly part: RegexTree;
      readonly min: number;
      readonly max: number;
    };

const last = 0x10_ffff;
const maxDepth = 40;
const maxSource = 4000;
const maxCount = 100_000;

const digits: Ranges = [[0x30, 0x39]];
const word: Ranges = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
];
/** ECMA-262, WhiteSpace and LineTerminator. */
const space: Ranges = [
  [9, 13],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
];
const lineEnds: Ranges = [
  [10, 10],
  [13, 13],
  [0x2028, 0x2029],
];

export const anyCharacter: Ranges = [[0, last]];

/** Sorts and joins. */
export const unite = (ranges: Ranges): Ranges => {
  const sorted = [...ranges].sort((a, b) => a[0] - b[0]);
  const united: [number, number][] = [];
  for (const [from, to] of sorted) {
    const before = united.at(-1);
    if (before && from <= before[1] + 1) before[1] = Math.max(before[1], to);
    else united.push([from, to]);
  }
  return united;
};

/** Every code point that is not in `ranges`. */
export const complement = (ranges: Ranges): Ranges => {
  const gaps: [number, number][] = [];
  let next = 0;
  for (const [from, to] of unite(ranges)) {
    if (from > next) gaps.push([next, from - 1]);
    next = to + 1;
  }
  if (next <= last) gaps.push([next, last]);
  return gaps;
};

export const intersect = (a: Ranges, b: Ranges): Ranges =>
  complement(unite([...complement(a), ...complement(b)]));

/** A tree with what its ends say: an end that is not anchored may have anything beyond it. */
export type Pattern = { readonly tree: RegexTree; readonly anchored: boolean };

/**
 * Reads a JSON Schema `pattern` (ECMA-262 syntax); what it may match beyond its ends is part of the
 * tree. `undefined` for syntax that has no tree: assertions, back references, property classes.
 */
export const parseRegex = (source: string): Pattern | undefined => {
  if (source.length > maxSource) return undefined;
  try {
    new RegExp(source);
    const reader = createReader([...source]);
    const options = reader.topLevel();
    return {
      tree: choiceOf(options.map(({ tree }) => tree)),
      anchored: options.every(({ anchored }) => anchored),
    };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};

const unsupported = (): never => {
  throw new SyntaxError('unsupported');
};

const choiceOf = (options: readonly RegexTree[]): RegexTree =>
  options.length === 1 && options[0] ? options[0] : { kind: 'choice', options };

const anything: RegexTree = {
  kind: 'repeat',
  part: { kind: 'set', ranges: anyCharacter },
  min: 0,
  max: Number.POSITIVE_INFINITY,
};

const createReader = (source: readonly string[]) => {
  let at = 0;
  const take = (text: string): boolean => {
    if (source[at] !== text) return false;
    at += 1;
    return true;
  };

  const topLevel = (): readonly Pattern[] => {
    const options: Pattern[] = [];
    do {
      const start = take('^');
      const parts = sequence(0);
      const end = take('$');
      if (at < source.length && source[at] !== '|') unsupported();
      const all = [...(start ? [] : [anything]), ...parts, ...(end ? [] : [anything])];
      options.push({ tree: { kind: 'sequence', parts: all }, anchored: start && end });
    } while (take('|'));
    return options;
  };

  const sequence = (depth: number): readonly RegexTree[] => {
    if (depth > maxDepth) unsupported();
    const parts: RegexTree[] = [];
    while (at < source.length && source[at] !== '|' && source[at] !== ')' && source[at] !== '$') {
      parts.push(quantified(atom(depth)));
    }
    return parts;
  };

  const atom = (depth: number): RegexTree => {
    const character = source[at] ?? unsupported();
    at += 1;
    if (character === '(') return group(depth);
    if (character === '[') return { kind: 'set', ranges: characterClass() };
    if (character === '.') return { kind: 'set', ranges: complement(lineEnds) };
    if (character === '\\') return { kind: 'set', ranges: escaped(false) };
    if ('^*+?'.includes(character)) unsupported();
    return { kind: 'set', ranges: single(character) };
  };

  const group = (depth: number): RegexTree => {
    if (take('?')) {
      if (take('<')) {
        if (source[at] === '=' || source[at] === '!') unsupported();
        while (at < source.length && !take('>')) at += 1;
      } else if (!take(':')) unsupported();
    }
    const options: RegexTree[] = [];
    do options.push({ kind: 'sequence', parts: sequence(depth + 1) });
    while (take('|'));
    if (!take(')')) unsupported();
    return choiceOf(options);
  };

  const quantified = (part: RegexTree): RegexTree => {
    const [min, max] = quantifier();
    if (min === 1 && max === 1) return part;
    take('?');
    if (min > maxCount || (max > maxCount && max !== Number.POSITIVE_INFINITY)) unsupported();
    return { kind: 'repeat', part, min, max };
  };

  const quantifier = (): readonly [number, number] => {
    if (take('*')) return [0, Number.POSITIVE_INFINITY];
    if (take('+')) return [1, Number.POSITIVE_INFINITY];
    if (take('?')) return [0, 1];
    const counts = /^\{(\d+)(,?)(\d*)\}/.exec(source.slice(at, at + 20).join(''));
    if (!counts) return [1, 1];
    at += counts[0].length;
    const min = Number(counts[1]);
    if (!counts[2]) return [min, min];
    return [min, counts[3] ? Number(counts[3]) : Number.POSITIVE_INFINITY];
  };

  const characterClass = (): Ranges => {
    const negated = take('^');
    const ranges: (readonly [number, number])[] = [];
    while (!take(']')) {
      const from = member();
      const low = from[0];
      if (source[at] === '-' && source[at + 1] !== ']' && from.length === 1 && low) {
        at += 1;
        const high = member()[0];
        if (!high || low[0] !== low[1] || high[0] !== high[1]) unsupported();
        else ranges.push([low[0], high[0]]);
      } else ranges.push(...from);
    }
    return negated ? complement(ranges) : unite(ranges);
  };

  const member = (): Ranges => {
    const character = source[at] ?? unsupported();
    at += 1;
    return character === '\\' ? escaped(true) : single(character);
  };

  const escaped = (inClass: boolean): Ranges => {
    const character = source[at] ?? unsupported();
    at += 1;
    const known = classes[character];
    if (known) return known;
    const control = controls[character];
    if (control !== undefined) return [[control, control]];
    if (character === 'b' && inClass) return [[8, 8]];
    if (character === 'x') return hex(2);
    if (character === 'u') return hex(4);
    // Whatever else is a letter or a digit means something that has no tree.
    if (/[A-Za-z0-9]/.test(character)) unsupported();
    return single(character);
  };

  const hex = (length: number): Ranges => {
    const text = source.slice(at, at + length).join('');
    if (!/^[0-9A-Fa-f]+$/.test(text) || text.length !== length) unsupported();
    at += length;
    const point = Number.parseInt(text, 16);
    if (point >= 0xd800 && point <= 0xdfff) unsupported();
    return [[point, point]];
  };

  return { topLevel };
};

const single = (character: string): Ranges => {
  const point = character.codePointAt(0) ?? 0;
  return [[point, point]];
};

const classes: Readonly<Record<string, Ranges>> = {
  __proto__: null as never,
  d: digits,
  D: complement(digits),
  w: word,
  W: complement(word),
  s: space,
  S: complement(space),
};

const controls: Readonly<Record<string, number>> = {
  __proto__: null as never,
  t: 9,
  n: 10,
  v: 11,
  f: 12,
  r: 13,
};

/** The fewest and the most characters that it matches. */
export const lengthsOf = (tree: RegexTree): readonly [number, number] => {
  if (tree.kind === 'set') return [1, 1];
  if (tree.kind === 'repeat') {
    const [min, max] = lengthsOf(tree.part);
    return [min * tree.min, max === 0 || tree.max === 0 ? 0 : max * tree.max];
  }
  const lengths = (tree.kind === 'sequence' ? tree.parts : tree.options).map(lengthsOf);
  const mins = lengths.map(([min]) => min);
  const maxes = lengths.map(([, max]) => max);
  return tree.kind === 'sequence'
    ? [sum(mins), sum(maxes)]
    : [Math.min(...mins), Math.max(...maxes)];
};

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** The same tree with no repetition above `max`. */
export const capRepeats = (tree: RegexTree, max: number): RegexTree => {
  if (tree.kind === 'set') return tree;
  if (tree.kind === 'sequence') {
    return { kind: 'sequence', parts: tree.parts.map((part) => capRepeats(part, max)) };
  }
  if (tree.kind === 'choice') {
    return { kind: 'choice', options: tree.options.map((option) => capRepeats(option, max)) };
  }
  const part = capRepeats(tree.part, max);
  return { kind: 'repeat', part, min: tree.min, max: Math.max(tree.min, Math.min(tree.max, max)) };
};

/** Whether something that may be empty is repeated: grammars have no end there. */
export const repeatsNothing = (tree: RegexTree): boolean => {
  if (tree.kind === 'set') return false;
  if (tree.kind === 'repeat') return lengthsOf(tree.part)[0] === 0 || repeatsNothing(tree.part);
  return (tree.kind === 'sequence' ? tree.parts : tree.options).some(repeatsNothing);
};
