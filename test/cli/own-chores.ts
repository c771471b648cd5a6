// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { each } from '../each.ts';
import { type Files, makeRepository, temporaryFolder } from '../workspace/with-repository.ts';
import { start } from './with-cli.ts';

/* What the modules of a repository's own chore do wrong is told by day, with the chore, file and line. */

const files: Files = {
  'package.json': '{"type":"module"}\n',
  'src/dust.ts': 'export const a = 1; // dust\n',
  'chores/sweep/chore.yaml': `name: sweep
description: Sweeps.
flow: spec2code
agent: codegen.qwen8b
args: { type: object }
sentences: [sweep the floor]
examples: [Sweep the floor]
`,
};

const spec = (more = 'checks: ["true"]'): string =>
  `title: S\nscope: src/\nacceptance: [Sweep the floor]\n${more}\n`;

/** The work with one more line, which is its third. */
const work = (line: string): Files => ({
  'chores/sweep/work.ts': `export function* work(_, { tree }) {
  const text = yield* tree.read('src/dust.ts');
  ${line}
  return { notes: 'swept' };
}
`,
});

/** Checks the spec and holds the program to what it says. */
const fails = test.macro(async (t, own: Files, said: RegExp, how: Files = {}) => {
  const { folder } = makeRepository(t, { ...files, 'sweep.yaml': spec(), ...own, ...how });
  const environment = { PANTHEON_STATE: temporaryFolder(t) };
  const { code, stderr } = await start(['spec', 'check', 'sweep.yaml'], folder, environment);
  // Other tests see to the codes.
  t.regex(stderr.replaceAll(/ \[[a-z-]+\.[a-z-]+\]$/gm, ''), said);
  t.true(code === 1 || code === 2, stderr);
});

const fine = work('yield* tree.edit("src/dust.ts", [{ start: 0, end: 0, text: "// a\\n" }]);');

each(fails, {
  'it ends the process': [
    work('process.exit(0);'),
    /^src\/\*\*: chores\/sweep\/work\.ts:3: the chore "sweep" throws: process\.exit was called\. End /m,
  ],
  'it ends the process later': [
    work('setTimeout(() => process.exit(0), 0);'),
    /^src\/\*\*: chores\/sweep\/work\.ts:3: the chore "sweep" ends the process\. /m,
  ],
  'it ends the process when it is loaded': [
    { 'chores/sweep/work.ts': '\nprocess.exit(0);\n' },
    /^src\/\*\*: chores\/sweep\/work\.ts:2: the chore "sweep" ends the process\. /m,
  ],
  'it throws later': [
    work("setTimeout(() => { throw new Error('too late'); }, 0);"),
    /^src\/\*\*: chores\/sweep\/work\.ts:3: the chore "sweep" throws where nobody waits for it: too late$/m,
  ],
  'it leaves a promise alone that is rejected': [
    work("Promise.reject(new Error('alone'));"),
    /^src\/\*\*: chores\/sweep\/work\.ts:3: the chore "sweep" throws where nobody waits for it: alone$/m,
  ],
  'it throws': [
    work('text.nothing.there;'),
    /^src\/\*\*: chores\/sweep\/work\.ts:3: the chore "sweep" throws: Cannot read properties/m,
  ],
  'it passes over that it may not write a file': [
    work("try { yield* tree.create('README.md', 'x'); } catch {}"),
    /work\.ts:3: the chore "sweep" went on after a refusal: README\.md would have to change/,
  ],
  'it passes over that a tool is refused': [
    work("yield { type: 'tool', name: 'write_file', args: { path: 'README.md', content: 'x' } };"),
    /work\.ts: the chore "sweep" went on after a call was refused: write_file: README\.md may not/,
  ],
  'it is no TypeScript': [
    work('const x = ;'),
    /^src\/\*\*: chores\/sweep\/work\.ts:3: the chore "sweep" cannot be loaded: Expression expected$/m,
  ],
  'it imports what there is not': [
    { 'chores/sweep/work.ts': "import x from 'nowhere';\n" },
    /work\.ts: the chore "sweep" cannot be loaded: Cannot find package 'nowhere' imported from chores\/sweep/,
  ],
  'it has no work': [
    { 'chores/sweep/work.ts': 'export const wrk = 1;\n' },
    /work\.ts: the chore "sweep" exports no function "work"/,
  ],
  'its work is no generator': [
    { 'chores/sweep/work.ts': "export const work = async () => ({ notes: '' });\n" },
    /work\.ts: the chore "sweep" must do its work in steps\. Write `export function\* work`/,
  ],
  'its work says nothing': [
    work('return;'),
    /work\.ts: the chore "sweep" must give back `\{ notes \}`/,
  ],
  'its plan throws': [
    { ...fine, 'chores/sweep/plan.ts': "export const plan = () => { throw new Error('no'); };\n" },
    /^plan: chores\/sweep\/plan\.ts:1: the chore "sweep" throws: no$/m,
  ],
  'its judge cannot be loaded': [
    { ...fine, 'chores/sweep/judge.ts': 'export const judge = (;\n' },
    /^pantheon: chores\/sweep\/judge\.ts:1: the chore "sweep" cannot be loaded: /,
  ],
  'it would change files of another kind': [
    fine,
    /^src\/\*\*: the chore "sweep" would change src\/dust\.ts, which is not one of its files$/m,
    {
      'chores/sweep/chore.yaml': String(files['chores/sweep/chore.yaml']).replace(
        'args:',
        "files: ['**/*.md']\nargs:",
      ),
    },
  ],
  'its agent is not the one of its flow': [
    fine,
    /^plan: the chore\.yaml of "sweep" names the agent doc\.frontmatter, and its flow spec2code works with codegen\.qwen8b\nplan: write "agent: codegen\.qwen8b" in it$/m,
    {
      'chores/sweep/chore.yaml': String(files['chores/sweep/chore.yaml']).replace(
        'codegen.qwen8b',
        'doc.frontmatter',
      ),
    },
  ],
  'nothing could judge it': [
    fine,
    /^plan: the chore "sweep" has no judge\.ts and no redo\.ts, and the spec has no checks .*\nplan: write commands under "checks", or /m,
    { 'sweep.yaml': spec('') },
  ],
  'one that ships is asked for the same file': [
    fine,
    /^plan: "sweep", a chore of the repository, and "header" are both for src\/dust\.ts\nplan: ask for them in two specs/m,
    { 'sweep.yaml': spec('checks: ["true"]\ndo: [{ header: { licence: MIT } }]') },
  ],
});
