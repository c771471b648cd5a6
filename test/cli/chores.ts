// SPDX-License-Identifier: GPL-3.0-only
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { type Files, makeRepository, temporaryFolder } from '../workspace/with-repository.ts';
import { start } from './with-cli.ts';

const files = {
  'package.json': '{"type":"module"}\n',
  'src/a.ts': 'export const parseStrict = (text: string) => text;\n',
  'docs/a.md': '# A note\n',
  'docs/b.md': '---\ntitle: [1]\n---\n# B\n',
};

const makePlace = (t: ExecutionContext, more: Files = {}) => {
  const { folder, run } = makeRepository(t, { ...files, ...more });
  const environment = { PANTHEON_STATE: temporaryFolder(t) };
  const pantheon = (...args: readonly string[]) => start(args, folder, environment);
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  return { folder, run, pantheon, write };
};

test('lists the chores there are, and how one is asked for', async (t) => {
  const { pantheon } = makePlace(t, {
    'chores/sweep/chore.yaml':
      'name: sweep\ndescription: Sweeps.\nargs: { type: object }\nsentences: ["sweep the floor"]\nexamples: [Sweep the floor]\n',
  });
  const list = await pantheon('chores');
  t.is(list.code, 0, list.stderr);
  t.regex(list.stdout, /^Work:\n(?: {2}.*\n)* {2}rename +Renames a declaration/);
  t.regex(list.stdout, /\nConditions:\n(?: {2}.*\n)* {2}sweep +Sweeps\.$/m);
  const page = await pantheon('chores', 'rename');
  t.true(page.stdout.includes('do: [{"rename":{"from":"oldName","to":"newName"}}]'));
  t.regex(page.stdout, /^ {2}from +string \(required\)$/m);
  const json = JSON.parse((await pantheon('chores', 'sweep', '--json')).stdout);
  t.deepEqual(json.do, [{ sweep: {} }]);
  const none = await pantheon('chores', 'renam');
  t.is(none.code, 2);
  t.regex(none.stderr, /there is no chore "renam" \(did you mean "rename"\?\)/);
});

test('a chore that cannot be read is told with its place', async (t) => {
  const { pantheon } = makePlace(t, {
    'chores/sweep/chore.yaml':
      'name: sweep\ndescription: Sweeps.\nargs: { type: object }\nsentences:\n  - "sweep {it:broom}"\nexamples: [x]\n',
  });
  const { code, stderr } = await pantheon('chores');
  t.is(code, 2);
  t.regex(
    stderr,
    /^pantheon: chores\/sweep\/chore\.yaml:5:5: sentences\.0: no reader is called "broom"; there are /,
  );
});

test('check works a spec on the files as they lie there and prints the patch', async (t) => {
  const { pantheon, write, run } = makePlace(t);
  write('src/b.ts', "import { parseStrict } from './a.ts';\nparseStrict('x');\n");
  write(
    'rename.yaml',
    'title: R\nscope: src/\ndo: [{ rename: { from: parseStrict, to: strictParse } }]\nacceptance: [Nothing else changes]\n',
  );
  const { code, stdout, stderr } = await pantheon('spec', 'check', 'rename.yaml');
  t.is(code, 0, stderr);
  t.regex(stderr, /^rename: rename: \{"from":"parseStrict","to":"strictParse"\}$/m);
  t.regex(stderr, /^unchanged: Nothing else changes$/m);
  t.true(stdout.includes("+import { strictParse } from './a.ts';"));
  t.is(run(['diff', '--stat']), '');
});

const sweep = (args: string): Files => ({
  'src/dust.ts': 'export const a = 1; // dust\n',
  'chores/sweep/chore.yaml': `name: sweep
description: Sweeps.
flow: spec2code
agent: codegen.qwen8b
args: ${args}
sentences: [sweep the floor]
examples: [Sweep the floor]
`,
  'chores/sweep/work.ts': `export function* work(_, { tree }) {
  const text = yield* tree.read('src/dust.ts');
  const start = text.indexOf(' // dust');
  yield* tree.edit('src/dust.ts', [{ start, end: start + 8, text: '' }]);
  return { notes: 'swept' };
}
`,
  'sweep.yaml': 'title: S\nscope: src/\nacceptance: [Sweep the floor]\nchecks: ["true"]\n',
});

test('check works a chore of the repository', async (t) => {
  const { pantheon } = makePlace(t, sweep('{ type: object }'));
  const { code, stdout, stderr } = await pantheon('spec', 'check', 'sweep.yaml');
  t.is(code, 0, stderr);
  t.regex(stdout, /^-export const a = 1; \/\/ dust\n\+export const a = 1;$/m);
});

test('check tells of arguments that a chore describes wrongly', async (t) => {
  const { pantheon } = makePlace(t, sweep('{ type: object, description: one, to go }'));
  const { code, stderr } = await pantheon('spec', 'check', 'sweep.yaml');
  t.is(code, 1);
  t.regex(stderr, /^plan: the arguments of the chore "sweep" are described wrongly: .*"to go"/m);
  t.regex(stderr, /^plan: correct "args" of its chore\.yaml/m);
});

test('check finds the flow by the chores, and one file that fails stops no other', async (t) => {
  const { pantheon, write } = makePlace(t);
  write('notes.yaml', 'title: N\nscope: docs/\nacceptance: [Every note has a title]\n');
  const { code, stdout } = await pantheon('spec', 'check', 'notes.yaml', '--json');
  const { worker, units, diff } = JSON.parse(stdout);
  t.is(code, 1);
  t.is(worker, 'doc.frontmatter');
  t.regex(units[1].failure.message, /title/);
  t.is(units[1].finding, 'agent.declined');
  t.false('finding' in units[0]);
  t.true(diff.includes('+title: A note'));
});

test('check lets a chore read what it has to, beside the scope', async (t) => {
  const { pantheon, write } = makePlace(t, {
    'docs/c.md': '[s](start.md)\n',
    'guide/start.md': '# Start\n',
  });
  write('links.yaml', 'title: L\nscope: docs/\nacceptance: [Fix broken links in docs/]\n');
  const { code, stdout, stderr } = await pantheon('spec', 'check', 'links.yaml');
  t.is(code, 0, stderr);
  t.regex(stdout, /^\+\[s\]\(\.\.\/guide\/start\.md\)$/m);
});

test('check says why the files cannot be taken as they lie', async (t) => {
  const { pantheon, write, run } = makePlace(t);
  write('vague.yaml', 'title: N\nscope: docs/\nacceptance: [It is nice]\n');
  run(['init', '--quiet', 'inner']);
  const { code, stderr } = await pantheon('spec', 'check', 'vague.yaml');
  t.is(code, 2);
  t.regex(stderr, /^pantheon: git cannot take the files as they are here: .*inner/);
});

test('check names a file with a mistake by the path that was given', async (t) => {
  const { pantheon, write } = makePlace(t, { 'specs/good.yaml': '' });
  write('specs/bad.yaml', 'scope: docs/\nacceptance: [It is nice]\n');
  const { code, stderr } = await pantheon('spec', 'check', 'specs/bad.yaml');
  t.is(code, 2);
  t.regex(stderr, /^pantheon: specs\/bad\.yaml:1:1: title: is missing/);
});

test('check says what no chore covers', async (t) => {
  const { pantheon, write } = makePlace(t);
  write('vague.yaml', 'title: N\nscope: docs/\nacceptance: [It is nice]\n');
  const { code, stdout, stderr } = await pantheon('spec', 'check', 'vague.yaml');
  t.deepEqual([code, stdout], [1, '']);
  t.regex(
    stderr,
    /^for a model: It is nice\nplan: no chore covers the sentence "It is nice" \[plan\.[a-z-]+\]\n/,
  );
});
