// SPDX-License-Identifier: GPL-3.0-only
import type { ExamEdits, ExamFiles } from '../exam-case.ts';
import {
  addLine,
  changeNumber,
  dropLine,
  type Mutation,
  repeatLine,
  replaceOne,
} from '../mutations.ts';
import type { Random } from '../seeded-random.ts';
import { pickNoun } from '../seeded-words.ts';

type Patch = { readonly base: ExamFiles; readonly edits: ExamEdits };

type Spoil = (patch: Patch, random: Random) => ExamEdits | undefined;

const isTest = (path: string): boolean => /(?:^|\/)test\//.test(path);
const isSource = (path: string): boolean => /\.[cm]?[jt]sx?$/.test(path) && !isTest(path);

/** Mutates one file of the patched tree, whether the good patch touches it or not. */
const inFile =
  (wanted: (path: string) => boolean, mutation: Mutation): Spoil =>
  ({ base, edits }, random) => {
    const paths = [...new Set([...base.keys(), ...edits.keys()])].filter(wanted);
    for (const path of random.shuffle(paths)) {
      const spoiled = mutation(edits.get(path) ?? base.get(path) ?? '', random);
      if (spoiled !== undefined) return new Map([...edits, [path, spoiled]]);
    }
    return undefined;
  };

/** Characters that nobody sees. */
const hidden = ['\u200B', '\u202E', '\u2066'];

const operators: Readonly<Record<string, string>> = {
  ' > ': ' >= ',
  ' < ': ' <= ',
  ' === ': ' !== ',
  ' * ': ' + ',
  ' + ': ' - ',
  ' && ': ' || ',
};

/** Only lines that were there before: what a good patch adds has no behaviour to keep. */
const stood =
  (spoil: Spoil): Spoil =>
  (patch, random) => {
    const { base, edits: good } = patch;
    const edits = spoil(patch, random);
    const [path = '', text = ''] =
      [...(edits ?? [])].find(([name, spoiled]) => good.get(name) !== spoiled) ?? [];
    const old = (base.get(path) ?? '').split('\n');
    const [before, after] = [
      (good.get(path) ?? base.get(path) ?? '').split('\n'),
      (text ?? '').split('\n'),
    ];
    const lost = without(before, after);
    const touched = lost.length > 0 ? lost : without(after, before);
    return touched.length > 0 && touched.every((line) => old.includes(line)) ? edits : undefined;
  };

/** The lines that are not among the others, each counted as often as it occurs. */
const without = (lines: readonly string[], others: readonly string[]): readonly string[] => {
  const left = [...others];
  return lines.filter((line) => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
};

/** Ways to spoil any code patch, by name. */
export const codeSpoils: Readonly<Record<string, Spoil>> = {
  'drop-line': stood(inFile(isSource, dropLine)),
  'repeat-line': stood(inFile(isSource, repeatLine)),
  'change-number': stood(inFile(isSource, changeNumber)),
  'change-operator': inFile(
    isSource,
    replaceOne(/(?<=\S) (?:>|<|===|\*|\+|&&) (?=\S)/g, (operator) => operators[operator] ?? ' - '),
  ),
  'change-boolean': inFile(
    isSource,
    replaceOne(/(?<= = )(?:true|false)\b/g, (value) => (value === 'true' ? 'false' : 'true')),
  ),
  'change-text': inFile(
    isSource,
    replaceOne(/too large/g, () => 'too small'),
  ),
  'add-line': inFile(
    (path) => isSource(path) && !path.endsWith('index.ts'),
    addLine('console.debug(limit);', /[{})](?:;)?\n$/),
  ),
  'add-comment': inFile(isSource, (text, random) =>
    addLine(`// ${random.pick(['@ts-ignore', 'eslint-disable-next-line', 'Checked.'])}`)(
      text,
      random,
    ),
  ),
  'hidden-character': inFile(
    isSource,
    replaceOne(/(?<=^ *\/\/ )(?!SPDX)\w+/gm, (word, random) => word + random.pick(hidden)),
  ),
  'change-comment': inFile(
    isSource,
    replaceOne(/(?<=^ *\/\/ )(?!SPDX)\w+/gm, () => 'Never'),
  ),
  'drop-assertion': stood(
    inFile(
      isTest,
      replaceOne(/^ {2}t\.(?:is|true|throws|regex)\(.*\n/gm, () => ''),
    ),
  ),
  'weaken-assertion': stood(
    inFile(
      isTest,
      replaceOne(/^ {2}t\.(?:is|true|throws|regex)\(.*(?=\n)/gm, () => '  t.pass()'),
    ),
  ),
  'skip-test': stood(
    inFile(
      isTest,
      replaceOne(/^test(?=\()/gm, () => 'test.skip'),
    ),
  ),
  'remove-test-file': ({ base, edits }, random) => {
    const tests = [...base.keys()].filter(isTest);
    return tests.length > 0 ? new Map([...edits, [random.pick(tests), undefined]]) : undefined;
  },
  'out-of-scope': ({ base, edits }) => {
    const path = [...base.keys()].find((one) => one.endsWith('package.json'));
    const text = path === undefined ? undefined : base.get(path);
    const other = text?.replace('"module"', '"commonjs"');
    return path === undefined || other === undefined || other === text
      ? undefined
      : new Map([...edits, [path, other]]);
  },
  'new-file': ({ base, edits }, random) => {
    const path = [...base.keys()].find(isSource);
    const name = `more-${pickNoun(random)}`;
    return path === undefined
      ? undefined
      : new Map([
          ...edits,
          [path.replace(/[^/]+$/, `${name}.ts`), `export const size = ${random.int(99)};\n`],
        ]);
  },
};
