// SPDX-License-Identifier: GPL-3.0-only
import { normaliseSpec } from '../../../spec/schema.ts';
import type { Edits, ExamCase } from '../case.ts';
import {
  addLine,
  changeNumber,
  dropLine,
  type Mutation,
  repeatLine,
  replaceOne,
} from '../mutate.ts';
import type { Random } from '../random.ts';
import { type Chore, doChore } from './chores.ts';
import { doGivenChore } from './given-code.ts';
import { inventPackage } from './modules.ts';

/** A good code patch together with the chore it does. */
export type CodeDraft = { readonly chore: Chore; readonly good: ExamCase };

const scope = ['src/', 'test/'];

/** A good code patch on a given file, else on an invented package. */
export const draftCode = (
  random: Random,
  id: string,
  sources: readonly { readonly path: string; readonly text: string }[] = [],
): CodeDraft => {
  const source = sources.length > 0 && random.chance(0.4) ? random.pick(sources) : undefined;
  const chore =
    (source && doGivenChore(source.path, source.text, random)) ??
    doChore(inventPackage(random), random);
  const spec = normaliseSpec({ title: 'Exam', scope, acceptance: [...chore.acceptance] }, 'exam');
  const good: ExamCase = {
    id,
    kind: 'code',
    truth: 'good',
    way: chore.way,
    spec,
    unit: { id: 'exam', kind: 'spec', paths: spec.scope },
    base: chore.base,
    edits: chore.edits,
  };
  return { chore, good };
};

type Spoil = (draft: CodeDraft, random: Random) => Edits | undefined;

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

/** Only lines that stood before: what a good patch adds anew has no behaviour to keep. */
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
export const wayOf = ({ chore: { wrong } }: CodeDraft, edits: Edits): string | undefined =>
  Object.entries(wrong).find(([, other]) => other === edits)?.[0];
