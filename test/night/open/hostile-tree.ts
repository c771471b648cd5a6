// SPDX-License-Identifier: GPL-3.0-only
import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'ava';
import { UserError } from '../../../src/data/user-error.ts';
import { extractBaseFolder } from '../../../src/night/open/extract-folder.ts';
import { openBaseTree } from '../../../src/workspace/base-tree.ts';
import { type LiteralEntry, literalCommit } from '../../workspace/literal-tree.ts';
import type { Run } from '../../workspace/with-repository.ts';
import { tinySpec } from '../support/tiny-house.ts';
import { makeHouse } from '../support/with-night.ts';

const files = { 'specs/tidy.yaml': tinySpec('box/'), 'box/a.txt': 'a\n' };

/** The tree that is checked out, but for a folder, as entries of a literal one. */
const entriesBut = (run: Run, left: string): readonly LiteralEntry[] =>
  run(['ls-tree', 'HEAD'])
    .trimEnd()
    .split('\n')
    .map((line): LiteralEntry => {
      const [mode = '', , oid = '', name = ''] = line.split(/[ \t]/);
      return [mode.replace(/^0/, ''), name, oid];
    })
    .filter(([, name]) => name !== left);

for (const folder of ['agents', 'tools', 'chores', 'flows', 'specs', 'rules', 'box']) {
  test(`nothing is written for a path upwards below ${folder}`, async (t) => {
    const house = await makeHouse(t, files);
    const { code, root } = house.state;
    rmSync(code, { recursive: true, force: true });
    const goal = join(dirname(root), 'planted.txt');
    const names = [folder, ...Array(16).fill('..'), ...goal.slice(1).split('/')];
    const commit = literalCommit(house.run, names, { others: entriesBut(house.run, folder) });
    house.run(['update-ref', 'HEAD', commit]);
    const error = await t.throwsAsync(house.night(), { instanceOf: UserError });
    t.regex(
      error?.message ?? '',
      new RegExp(`^${folder}/\\.\\./\\.\\./.*planted\\.txt: .*upwards`),
    );
    t.false(existsSync(goal));
    t.false(existsSync(code));
    t.deepEqual(house.branches(), []);
  });
}

const refused: Readonly<
  Record<string, readonly [names: readonly (string | Buffer)[], RegExp, mode?: string]>
> = {
  'a backslash': [['tools', 'a\\b.ts'], /^"tools\/a\\\\b\.ts": contains a backslash/],
  'a line break': [['tools', 'a\nb.ts'], /^"tools\/a\\nb\.ts": contains a control character/],
  'a name that is too long': [['tools', 'a'.repeat(256)], /longer than 255 bytes/],
  'a path that is too long': [['tools', ...Array(40).fill('a'.repeat(200))], /4096 bytes/],
  'a name that is not UTF-8': [['tools', Buffer.from([0xff])], /^"tools\/\\377": .*not UTF-8/],
  'a spec with a control character': [['specs', 'a\tb.yaml'], /control character/],
  'a tool that is a link': [['tools', 'a.ts'], /^tools\/a\.ts: is a symbolic link/, '120000'],
  'a spec that is a link': [['specs', 'a.yaml'], /^specs\/a\.yaml: is a symbolic/, '120000'],
  'a flow that is a submodule': [['flows', 'a.yaml'], /flows\/a\.yaml: is a submodule/, '160000'],
  'settings that are a link': [['pantheon.yaml'], /^pantheon\.yaml: is a symbolic/, '120000'],
};

for (const [title, [names, message, mode = '100644']] of Object.entries(refused)) {
  test(`a night stops at ${title}`, async (t) => {
    const house = await makeHouse(t, files);
    const others = entriesBut(house.run, String(names[0]));
    house.run(['update-ref', 'HEAD', literalCommit(house.run, names, { mode, others })]);
    await t.throwsAsync(house.night(), { instanceOf: UserError, message });
    t.deepEqual(house.branches(), []);
  });
}

for (const [title, paths] of Object.entries({
  'two files': ['tools/Stamp.ts', 'tools/stamp.ts'],
  'two folders': ['tools/Lib/a.ts', 'tools/lib/b.ts'],
  'a file and a folder': ['tools/LIB', 'tools/lib/b.ts'],
  'two ways to write a letter': ['tools/caf\u00e9.ts', 'tools/cafe\u0301.ts'],
})) {
  test(`a night stops where case does not tell apart ${title}`, async (t) => {
    const house = await makeHouse(t, files);
    house.commit(Object.fromEntries(paths.map((path) => [path, 'export {};\n'])));
    await t.throwsAsync(house.night(), {
      instanceOf: UserError,
      message: /^"tools\/.*is "tools\/.* on other systems/,
    });
  });
}

test('a link and a submodule that no night reads are passed over', async (t) => {
  const house = await makeHouse(t, files);
  symlinkSync('../box', join(house.folder, 'tools'));
  house.run(['add', '-A']);
  house.run(['update-index', '--add', '--cacheinfo', `160000,${house.head},chores/vendor`]);
  house.run(['commit', '-q', '-m', 'Link']);
  const { spec } = await house.night();
  t.is(spec('tidy').outcome, 'pull-request');
});

const alterations: Readonly<Record<string, readonly [(folder: string) => void, string]>> = {
  'another line in a file': [
    (folder) => {
      const file = join(folder, 'agents/worker/rules/default.js');
      writeFileSync(file, `${readFileSync(file, 'utf8')}// more\n`);
    },
    'agents/worker/rules/default.js',
  ],
  'one more file': [(folder) => writeFileSync(join(folder, 'agents/x.js'), ''), 'agents/x.js'],
  'a file that is gone': [
    (folder) => rmSync(join(folder, 'agents/worker/prompt.md')),
    'agents/worker/prompt.md',
  ],
  'a link to the same text': [
    (folder) => {
      const file = join(folder, 'agents/worker/prompt.md');
      writeFileSync(`${folder}.copy`, readFileSync(file));
      rmSync(file);
      symlinkSync(`${folder}.copy`, file);
    },
    'agents/worker/prompt.md',
  ],
  'other settings of its modules': [
    (folder) => writeFileSync(join(folder, 'package.json'), '{"type":"commonjs"}\n'),
    'package.json',
  ],
  'a file in its place': [
    (folder) => {
      rmSync(folder, { recursive: true });
      writeFileSync(folder, '');
    },
    'it',
  ],
};

for (const [title, [alter, name]] of Object.entries(alterations)) {
  test(`a copy of committed code does not run with ${title}`, async (t) => {
    const house = await makeHouse(t, files);
    const base = await openBaseTree(house.folder, house.head);
    await extractBaseFolder(base, 'agents', house.state.code);
    await base.close();
    const [copy = ''] = readdirSync(house.state.code);
    const folder = join(house.state.code, copy);
    alter(folder);
    await t.throwsAsync(house.night(), {
      instanceOf: UserError,
      message: `${folder}: ${name} is not what was committed, and code from there would run. Delete this folder: it is written again from the commit`,
    });
    rmSync(folder, { recursive: true });
    const { spec } = await house.night();
    t.is(spec('tidy').outcome, 'pull-request');
  });
}

type Decided = { readonly branch: string; readonly digest: string; readonly spec: object };

const altered: Readonly<Record<string, readonly [string, (decided: Decided) => Partial<Decided>]>> =
  {
    'a branch that leads upwards': ['branch', () => ({ branch: 'pantheon/../../x' })],
    'a branch below its own': ['branch', ({ branch }) => ({ branch: `${branch}/x` })],
    'a branch of somebody else': ['branch', () => ({ branch: 'main' })],
    'another digest': ['digest', ({ digest }) => ({ digest: digest.split('').reverse().join('') })],
    'another scope': ['digest', ({ spec }) => ({ spec: { ...spec, scope: ['**'] } })],
  };

for (const [title, [key, change]] of Object.entries(altered)) {
  test(`a night is not resumed with ${title}`, async (t) => {
    const house = await makeHouse(t, files);
    const controller = new AbortController();
    const watch = { node: () => controller.abort(new Error('enough')), spec: () => {} };
    await t.throwsAsync(house.night({ watch, signal: controller.signal }), { message: 'enough' });
    const file = join(house.state.traces, '2026-11-01', 'night.json');
    const night = JSON.parse(readFileSync(file, 'utf8'));
    night.specs[0] = { ...night.specs[0], ...change(night.specs[0]) };
    writeFileSync(file, JSON.stringify(night));
    const what = key === 'branch' ? 'a branch' : 'the digest';
    await t.throwsAsync(house.night({ resume: true }), {
      instanceOf: UserError,
      message: `${file}: specs.0.${key} is not ${what} of the spec, so it was changed since the night began. Start a new one`,
    });
    t.deepEqual(house.branches(), []);
  });
}
