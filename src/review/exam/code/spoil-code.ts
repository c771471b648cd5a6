// SPDX-License-Identifier: GPL-3.0-only
import type { ExamEdits } from '../exam-case.ts';
import {
  addLine,
  changeNumber,
  dropLine,
  type Mutation,
  repeatLine,
  replaceOne,
} from '../mutations.ts';
import type { Random } from '../seeded-random.ts';
import type { CodeDraft } from './draft-code.ts';

type Spoil = (draft: CodeDraft, random: Random) => ExamEdits | undefined;

const isTest = (path: string): boolean => path.startsWith('test/');
const isSource = (path: string): boolean => path.startsWith('src/');

/** Mutates one file of the patched tree, whether the good patch touches it or not. */
const inFile =
  (wanted: (path: string) => boolean, mutation: Mutation): Spoil =>
  ({ chore: { base, edits } }, random) => {
    const paths = [...new Set([...base.keys(), ...edits.keys()])].filter(wanted);
    for (const path of random.shuffle(paths)) {
      const spoiled = mutation(edits.get(path) ?? base.get(path) ?? '', random);
      if (spoiled !== undefined) return new Map([...edits, [path, spoiled]]);
    }
    return undefined;
  };

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
  (draft, random) => {
    const { base, edits: good } = draft.chore;
    const edits = spoil(draft, random);
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

const doneWrong: Spoil = ({ chore: { wrong } }, random) => random.pick(Object.values(wrong));

/** Ways to spoil any code patch, by name; each chore has some of its own. */
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
  'remove-test-file': ({ chore: { base, edits } }, random) => {
    const tests = [...base.keys()].filter(isTest);
    return tests.length > 0 ? new Map([...edits, [random.pick(tests), undefined]]) : undefined;
  },
  'out-of-scope': ({ chore: { base, edits } }) =>
    new Map([
      ...edits,
      ['package.json', (base.get('package.json') ?? '{}\n').replace('"ava"', '"true"')],
    ]),
  'new-file': ({ chore: { edits } }) =>
    new Map([...edits, ['src/extra.ts', 'export const extra = 1;\n']]),
  'wrong-chore': doneWrong,
  'wrong-chore-too': doneWrong,
  'wrong-chore-again': doneWrong,
  'wrong-chore-still': doneWrong,
  'wrong-chore-last': doneWrong,
};

/** Name of the way a chore was done wrong, for the counts. */
export const wayOf = ({ chore: { wrong } }: CodeDraft, edits: ExamEdits): string | undefined =>
  Object.entries(wrong).find(([, other]) => other === edits)?.[0];
