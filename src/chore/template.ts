// SPDX-License-Identifier: GPL-3.0-only
import { foldCase, type MatcherStep } from './matcher.ts';

/*
 * How a chore writes down what may be said:
 *
 *   rename {from:name} (to|into) {to:name}[ in {files:files}]
 *
 * `{argument:reader}` catches a phrase and reads it, `{...:reader}` takes several arguments from one;
 * `(a|b)` is one of them, `[a|b]` one of them or nothing, and a `*` after a group any number of it;
 * `<phrase>` stands for a phrase written elsewhere. Everything else stands for itself, whatever its case.
 */

/** Where a template catches a phrase: the argument it gives (`...`: all that the reader finds), and who reads it. */
export type SentencePlace = { readonly argument: string; readonly reader: string };

/** One way to say something, with its places in order. */
export type SentencePattern = {
  /** Made anew each time: few of all patterns are ever walked. */
  readonly steps: () => readonly MatcherStep[];
  /** What every text that it matches contains. */
  readonly texts: readonly string[];
  readonly places: readonly SentencePlace[];
};

/** A template that cannot be read; `at` counts characters from its start. */
export class TemplateMistake extends Error {
  override readonly name = 'TemplateMistake';
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/** Beyond this many ways or places a template takes too long to match. */
const most = { ways: 32, places: 4, length: 4000, phrases: 200 } as const;

type Part =
  | { readonly kind: 'text'; readonly text: string }
  | ({ readonly kind: 'place' } & SentencePlace)
  | {
      readonly kind: 'group';
      readonly choices: readonly (readonly Part[])[];
      readonly optional: boolean;
      readonly repeated: boolean;
    };

/**
 * The patterns of a template; a group that may be left out and has places is tried without and with it,
 * so that each gets its own reading. @throws TemplateMistake
 */
export const compileTemplate = (
  template: string,
  phrases: Readonly<Record<string, string>>,
): readonly SentencePattern[] => {
  const parts = parse(insertPhrases(template, phrases));
  const ways = expand(parts);
  if (ways.length > most.ways) throw new TemplateMistake('has too many ways to be said', 0);
  return ways.map(toPattern);
};

/** A template with its phrases in place. @throws TemplateMistake */
export const insertPhrases = (
  template: string,
  phrases: Readonly<Record<string, string>>,
): string => {
  let text = template;
  for (let count = 0; ; count += 1) {
    const match = /<([\w-]+)>/.exec(text);
    if (!match) return text;
    const [all, name = ''] = match;
    const { index } = match;
    const phrase = Object.hasOwn(phrases, name) ? phrases[name] : undefined;
    if (phrase === undefined) throw new TemplateMistake(`there is no phrase <${name}>`, index);
    text = text.slice(0, index) + phrase + text.slice(index + all.length);
    if (count > most.phrases || text.length > most.length) {
      throw new TemplateMistake('is too long, or its phrases name each other', index);
    }
  }
};

const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']' };

const parse = (text: string): readonly Part[] => {
  let at = 0;
  const fail = (message: string): never => {
    throw new TemplateMistake(message, at);
  };
  const readPlace = (): Part => {
    const [all = '', argument = '', reader = ''] =
      /^\{(\.\.\.|[a-zA-Z]\w*):([a-z][a-z-]*)\}/.exec(text.slice(at)) ?? [];
    if (all === '') fail('a place is written {argument:reader}');
    at += all.length;
    return { kind: 'place', argument, reader };
  };
  const readGroup = (open: string, inRepeated: boolean): Part => {
    const start = at;
    at += 1;
    const choices = [readParts(inRepeated)];
    while (text[at] === '|') {
      at += 1;
      choices.push(readParts(inRepeated));
    }
    if (text[at] !== closing[open]) fail(`"${open}" is not closed by "${closing[open]}"`);
    at += 1;
    const repeated = text[at] === '*';
    if (repeated) {
      at += 1;
      if (inRepeated || choices.flat().some(({ kind }) => kind !== 'text')) {
        at = start;
        fail('a group that repeats may contain plain text only');
      }
    }
    return { kind: 'group', choices, optional: open === '[' || repeated, repeated };
  };
  const readParts = (inRepeated: boolean): readonly Part[] => {
    const parts: Part[] = [];
    while (at < text.length) {
      const char = text[at] ?? '';
      if (/[|)\]]/.test(char)) return parts;
      if (char === '{') parts.push(readPlace());
      else if (char === '(' || char === '[') parts.push(readGroup(char, inRepeated));
      else {
        const [plain = char] = /^[^|()[\]{]+/.exec(text.slice(at)) ?? [];
        parts.push({ kind: 'text', text: foldCase(plain) });
        at += plain.length;
      }
    }
    return parts;
  };
  const parts = readParts(false);
  if (at < text.length) fail(`"${text[at]}" closes nothing`);
  return parts;
};

const hasPlace = (parts: readonly Part[]): boolean =>
  parts.some(
    (part) => part.kind === 'place' || (part.kind === 'group' && part.choices.some(hasPlace)),
  );

/** Every way through the groups that have places. */
const expand = (parts: readonly Part[]): readonly (readonly Part[])[] =>
  parts.reduce<readonly (readonly Part[])[]>(
    (ways, part) => {
      const forms: readonly (readonly Part[])[] =
        part.kind === 'group' && hasPlace([part])
          ? [...(part.optional ? [[]] : []), ...part.choices.flatMap(expand)]
          : [[part]];
      return ways.flatMap((way) => forms.map((form) => [...way, ...form])).slice(0, most.ways + 1);
    },
    [[]],
  );

const toPattern = (parts: readonly Part[]): SentencePattern => {
  const places = parts.filter((part) => part.kind === 'place');
  if (places.length > most.places)
    throw new TemplateMistake(`has more than ${most.places} places`, 0);
  const texts = parts.flatMap((part) => (part.kind === 'text' ? [part.text] : []));
  return { steps: () => stepsOf(parts), texts, places };
};

const stepsOf = (parts: readonly Part[]): readonly MatcherStep[] => {
  const steps: MatcherStep[] = [];
  addSteps(steps, parts);
  return steps;
};

const addSteps = (steps: MatcherStep[], parts: readonly Part[]): void => {
  for (const part of parts) {
    if (part.kind === 'text') steps.push({ text: part.text });
    else if (part.kind === 'place') addPlace(steps);
    else addGroup(steps, part);
  }
};

/** As few characters as will do, and at least one. */
const addPlace = (steps: MatcherStep[]): void => {
  const isFirst = !steps.some((step) => 'mark' in step);
  const loop = steps.length + 2;
  steps.push(
    { mark: true },
    { any: isFirst ? 'least' : 1 },
    { fork: [loop + 3, loop + 1] },
    { any: 1 },
    { fork: [loop] },
    { mark: true },
  );
};

const addGroup = (
  steps: MatcherStep[],
  { choices, optional, repeated }: Extract<Part, { readonly kind: 'group' }>,
): void => {
  const starts: number[] = [];
  const entry = steps.push({ fork: starts }) - 1;
  const exits = choices.map((choice) => {
    starts.push(steps.length);
    addSteps(steps, choice);
    const next: number[] = [];
    steps.push({ fork: next });
    return next;
  });
  if (optional) starts.push(steps.length);
  for (const next of exits) next.push(repeated ? entry : steps.length);
};
