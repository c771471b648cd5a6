// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import test from 'ava';
import { openChores } from '../../../src/chore/chores.ts';
import { sandboxSchema } from '../../../src/config/schema.ts';
import { openHands } from '../../../src/night/hand/hands.ts';
import { each } from '../../each.ts';
import { openReviewer } from '../../review/ask-reviewer.ts';
import { temporaryFolder, writeFiles } from '../../workspace/with-repository.ts';
import { caseOf } from './macros.ts';

/* What the judges of a repository's own chore may say of a patch: what its files hold, and nothing else. */

const manifest = (more: string): string =>
  `name: sweep\ndescription: Sweeps.\n${more}\nargs: { type: object }\nexamples: ['sweep: {}']\n`;

const work = 'flow: spec2code\nagent: codegen.qwen8b\n';

/** Two judges that find nothing wrong, whatever was changed. */
const vouching = {
  'judge.ts': 'export const judge = (_, { base }) => ({ texts: base, findings: [] });\n',
  'redo.ts': 'export const redo = (_, { patched }) => ({ texts: patched, findings: [] });\n',
};

/** Two judges that make the patch look as if nothing had been changed. */
const meddling = {
  'judge.ts': `export const judge = (_, { base, patched }, texts) => {
  for (const [path, text] of patched) { base.set(path, text); texts.set(path, text); }
  return { findings: [] };
};
`,
  'redo.ts': `export const redo = (_, { base, patched, paths }, texts) => {
  for (const path of paths.splice(0)) { texts.set(path, patched.get(path)); patched.set(path, base.get(path)); }
  return { findings: [] };
};
`,
};

type Row = {
  readonly manifest?: string;
  readonly modules?: Readonly<Record<string, string>>;
  readonly acceptance: readonly string[];
  readonly after: Readonly<Record<string, string>>;
  readonly verdict: 'approve' | 'reject';
};

const before = { 'a.md': '# A\n', 'b.ts': 'export const b = 1; \n', 'docs/c.md': '# C\n' };

const both = test.macro(async (t, row: Row) => {
  const folder = temporaryFolder(t);
  writeFiles(join(folder, 'sweep'), {
    'chore.yaml': manifest(row.manifest ?? `${work}files: ['**/*.md']`),
    ...(row.modules ?? vouching),
  });
  const hands = openHands({ chores: [folder], tools: [], sandbox: sandboxSchema.parse({}) });
  t.teardown(hands.close);
  const chores = openChores([folder], hands.chores);
  for (const rules of ['by-acceptance', 'by-redoing']) {
    const ask = await openReviewer(rules, chores);
    const { verdict, findings } = await ask(
      caseOf({ acceptance: [...row.acceptance] }, before, row.after),
    );
    t.is(verdict, row.verdict, `${rules}: ${findings.join('; ')}`);
  }
});

const spoilt = { 'a.md': '# Swept\n', 'b.ts': 'export const b = 2;\n' };

each(both, {
  'its own files it may speak for': [
    { acceptance: ['sweep: {}'], after: { 'a.md': '# Swept\n' }, verdict: 'approve' },
  ],
  'no files of another kind': [{ acceptance: ['sweep: {}'], after: spoilt, verdict: 'reject' }],
  'none but those it was asked for': [
    { acceptance: ['sweep: {"files":["docs/**"]}'], after: { 'a.md': '#\n' }, verdict: 'reject' },
  ],
  'no new file of another kind': [
    { acceptance: ['sweep: {}'], after: { 'new.sh': 'rm -rf /\n' }, verdict: 'reject' },
  ],
  'no file that another chore is asked for': [
    {
      acceptance: ['sweep: {}', 'Every file ends with a newline'],
      after: { 'a.md': '# Swept\n' },
      verdict: 'reject',
    },
  ],
  'a file beside one that another chore is asked for': [
    {
      acceptance: ['sweep: {"files":["docs/**"]}', 'No *.ts has trailing whitespace'],
      after: { 'docs/c.md': '# Swept\n', 'b.ts': 'export const b = 1;\n' },
      verdict: 'approve',
    },
  ],
  'nothing as a condition': [
    { manifest: '', acceptance: ['sweep: {}'], after: spoilt, verdict: 'reject' },
  ],
  'nothing by changing what it is given': [
    { modules: meddling, acceptance: ['sweep: {}'], after: spoilt, verdict: 'reject' },
  ],
});
