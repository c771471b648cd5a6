// SPDX-License-Identifier: GPL-3.0-only

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { decodeSource } from '../../src/data/read-source.ts';
import { UserError } from '../../src/data/user-error.ts';
import { compileGlob } from '../../src/spec/glob.ts';
import { collectSpecs, loadSpecFile, loadSpecs } from '../../src/spec/load-specs.ts';
import { compileScope, selectPaths } from '../../src/spec/scope.ts';
import { cpuTime } from '../cpu-time.ts';
import { badDocuments } from '../data/bad-documents.ts';

const body = 'title: x\nscope: docs/\nacceptance: [y]\n';

const spec = (name: string, more = '') => ({ name, text: `${body}${more}` });

test('loads the spec that the README shows', (t) => {
  const text = '{"title":"Add header","scope":"docs/","acceptance":["All *.md have GPL header"]}';
  t.deepEqual(loadSpecFile({ name: 'specs/add-header.json', text }), {
    id: 'add-header',
    title: 'Add header',
    scope: ['docs/**'],
    acceptance: ['All *.md have GPL header'],
    checks: [],
    context: [],
    rules: {},
    priority: 0,
    dependsOn: [],
    limits: {},
  });
});

const scoped = test.macro({
  exec(t, more: string, scope: readonly string[]) {
    const text = `title: x\nacceptance: [y]\n${more}\n`;
    t.deepEqual(loadSpecFile({ name: 'a.yaml', text }).scope, scope);
  },
  title: (_, more) => `a scope as people write it: ${more}`,
});

test(scoped, 'scope: ./docs/', ['docs/**']);
test(scoped, 'scope: "`docs/`"', ['docs/**']);
test(scoped, 'scope: docs/, specs/', ['docs/**', 'specs/**']);
test(scoped, 'scope: .', ['**']);
test(scoped, 'scope: ./', ['**']);
test(scoped, 'scope: "docs/, "', ['docs/**']);
test(scoped, 'scope: >\n  docs/,\n', ['docs/**']);
test(scoped, 'scope: "docs/, , specs/"', ['docs/**', 'specs/**']);
test(scoped, 'scope: ", "', [', ']);
test(scoped, 'scope: "``"', ['``']);
test(scoped, 'scope: "docs/{a, b}.md"', ['docs/{a, b}.md']);
test(scoped, 'scope: ["Notes, 2024/"]', ['Notes, 2024/**']);
test(scoped, 'scope: "**"\nexclude: ["Private, keep out/"]', ['**', '!Private, keep out/**']);
test(scoped, 'scope: "**"\nexclude: "a/, "', ['**', '!a/**']);
test(scoped, 'scope: ["./!Inbox/"]', ['\\!Inbox/**']);
test(scoped, 'scope: [docs/, "!./docs/old/"]', ['docs/**', '!docs/old/**']);
test(scoped, 'scope: docs/\nexclude: [Templates/, "!a.md"]', ['docs/**', '!Templates/**', '!a.md']);

const named = test.macro({
  exec(t, name: string, id: string) {
    t.is(loadSpecFile(spec(name)).id, id);
  },
  title: (_, name) => `makes an id from ${name}`,
});

test(named, 'specs/Add Header.yaml', 'add-header');
test(named, 'Größe & Übung.YML', 'grosse-ubung');
test(named, '01_first.v2.json', '01_first-v2');
test(named, `${'x'.repeat(100)}.yaml`, 'x'.repeat(80));
test(named, 'head.lock.yaml', 'head-lock');

test('asks for an id where the name gives none', (t) => {
  t.throws(() => loadSpecFile(spec('🚀.yaml')), {
    instanceOf: UserError,
    message: /^🚀\.yaml: no id can be made/,
  });
  t.is(loadSpecFile(spec('🚀.yaml', 'id: rocket')).id, 'rocket');
});

for (const { what, bytes } of badDocuments) {
  test(`refuses ${what} as a spec`, async (t) => {
    const content = Buffer.from(bytes as string);
    const error = t.throws(() => loadSpecFile(decodeSource(content, 'specs/bad.yaml')), {
      instanceOf: UserError,
    });
    t.regex(error?.message ?? '', /^specs\/bad\.yaml/);
    const { specs, mistakes } = await collectSpecs([
      { name: 'specs/bad.yaml', bytes: content },
      spec('specs/good.yaml'),
    ]);
    t.deepEqual(
      specs.map(({ id }) => id),
      ['good'],
    );
    t.is(mistakes.length, 1);
  });
}

const folder = async (
  t: ExecutionContext,
  files: Readonly<Record<string, string | Uint8Array>>,
) => {
  const path = await mkdtemp(join(tmpdir(), 'pantheon-'));
  t.teardown(() => rm(path, { recursive: true }));
  for (const [name, content] of Object.entries(files)) await writeFile(join(path, name), content);
  return path;
};

test('reads a folder and names what it ignored', async (t) => {
  const path = await folder(t, {
    'b.yml': body,
    'a.yaml': body,
    'c.JSON': '{"title":"x","scope":["a"],"acceptance":["y"]}',
    'README.md': '# Specs',
    'schema.json': '{}',
    '.hidden.yaml': 'not: a spec',
    '.gitkeep': '',
    'notes.txt': 'x',
    'old.yaml~': 'x',
  });
  const { specs, ignored } = await loadSpecs(path);
  t.deepEqual(
    specs.map(({ id }) => id),
    ['a', 'b', 'c'],
  );
  t.deepEqual(
    ignored,
    ['.hidden.yaml', 'notes.txt', 'old.yaml~'].map((name) => join(path, name)),
  );
});

test('names every mistake of every file', async (t) => {
  const path = await folder(t, {
    'a.yaml': 'titel: x\nscope: 5\n',
    'b.yaml': body,
    'c.yaml': Buffer.from([0xff]),
    'd.json': '{"title": }',
  });
  await mkdir(join(path, 'e.yaml'));
  const error = await t.throwsAsync(loadSpecs(path), { instanceOf: UserError });
  const lines = error?.message.replaceAll(`${path}/`, '').split('\n') ?? [];
  t.deepEqual(lines.slice(0, 4), [
    'a.yaml:1:1: title: is missing',
    'a.yaml:2:1: scope: must be text or a list, not 5',
    'a.yaml:1:1: titel: unknown key (did you mean "title"?)',
    'a.yaml:1:1: acceptance: is missing; write a sentence that a reviewer can check, or a chore under "do"',
  ]);
  t.regex(lines[4] ?? '', /^c\.yaml: is not UTF-8/);
  t.regex(lines[5] ?? '', /^d\.json:1:\d+: title: must be text|^d\.json:1:/);
  t.true(lines.some((line) => line.startsWith('e.yaml: is a directory')));
});

test('says which folder is missing or none', async (t) => {
  const path = await folder(t, { 'a.yaml': body });
  await t.throwsAsync(loadSpecs(join(path, 'none')), {
    instanceOf: UserError,
    message: /none: does not exist\. Give the folder/,
  });
  await t.throwsAsync(loadSpecs(join(path, 'a.yaml')), {
    instanceOf: UserError,
    message: /a\.yaml: is not a folder/,
  });
  await t.throwsAsync(loadSpecs(`${path}\0`), { instanceOf: UserError });
});

const refused = test.macro({
  async exec(
    t,
    _what: string,
    files: readonly ReturnType<typeof spec>[],
    ...lines: readonly string[]
  ) {
    const error = await t.throwsAsync(loadSpecs(files), { instanceOf: UserError });
    t.deepEqual(error?.message.split('\n'), [...lines]);
  },
  title: (_, what) => `refuses ${what}`,
});

test(
  refused,
  'one id in two files',
  [spec('a.yaml'), spec('b.yaml', 'id: a')],
  'b.yaml:4:1: id: "a" is already the id of a.yaml. Give one of the two another id',
);
test(
  refused,
  'one name with two endings',
  [spec('a.yaml'), spec('a.yml')],
  'a.yml:1:1: id: "a" is already the id of a.yaml. Give one of the two another id',
);
test(
  refused,
  'an unknown dependency',
  [spec('first.yaml'), spec('b.yaml', 'dependsOn: [frist, zzzzz]')],
  'b.yaml:4:13: dependsOn.0: unknown spec "frist" (did you mean "first"?). Name an id that exists',
  'b.yaml:4:20: dependsOn.1: unknown spec "zzzzz". Name an id that exists',
);
test(
  refused,
  'specs that wait for each other',
  [
    spec('a.yaml', 'dependsOn: [b]'),
    spec('b.yaml', 'dependsOn: [c]'),
    spec('c.yaml', 'dependsOn: [a]'),
    spec('d.yaml', 'dependsOn: [a]'),
    spec('e.yaml', 'dependsOn: [e]'),
  ],
  'a.yaml:4:13: dependsOn.0: is part of a cycle: a -> b -> c -> a. None of these could ever start',
  'b.yaml:4:13: dependsOn.0: is part of a cycle: b -> c -> a -> b. None of these could ever start',
  'c.yaml:4:13: dependsOn.0: is part of a cycle: c -> a -> b -> c. None of these could ever start',
  'e.yaml:4:13: dependsOn.0: is part of a cycle: e -> e. None of these could ever start',
);

test('a dependency may live elsewhere', async (t) => {
  const { specs } = await loadSpecs([spec('a.yaml', 'dependsOn: [issue-7]')], new Set(['issue-7']));
  t.deepEqual(specs[0]?.dependsOn, ['issue-7']);
});

const table: readonly (readonly [
  pattern: string,
  yes: readonly string[],
  no: readonly string[],
])[] = [
  ['**', ['a', 'a/b', '.hidden/x'], []],
  ['*', ['a', '.a'], ['a/b']],
  ['*.md', ['a.md', '.md'], ['a/b.md', 'a.mdx']],
  ['**/*.md', ['a.md', 'a/b.md', 'a/b/c.md'], ['a.ts']],
  ['docs/', ['docs/a', 'docs/a/b'], ['docsx/a']],
  ['docs/**/a.md', ['docs/a.md', 'docs/x/y/a.md'], ['docs/xa.md', 'docs/x/ya.md']],
  ['a?c', ['abc', 'aüc', 'a😀c'], ['ac', 'a/c', 'abbc']],
  ['{a,b/*}.md', ['a.md', 'b/c.md'], ['b.md']],
  ['{a,{b,c}}', ['a', 'b', 'c'], ['{b,c}']],
  ['{a}', ['{a}'], ['a']],
  ['app/[id].ts', ['app/[id].ts', 'app/i.ts'], ['app/x.ts']],
  ['[a-c].md', ['a.md', 'c.md'], ['d.md', '-.md']],
  ['[!a]x', ['bx'], ['ax', '/x']],
  ['a[.md', ['a[.md'], ['a.md']],
  ['\\*.md', ['*.md'], ['a.md']],
  ['docs/**', ['docs', 'docs/.a/b'], ['docsx/a']],
  ['src/**/test/**', ['src/test', 'src/a/test/b'], ['src/a/testb/c']],
  ['**.md', ['a.md', 'a/b.md'], []],
  ['a**', ['a', 'ab'], ['a/b']],
  ['{docs,src}/**', ['docs/a', 'src/a/b'], ['lib/a']],
  ['*.{ts,tsx}', ['a.ts', 'a.tsx'], ['a.t', 'A.TS']],
  ['!(a).md', ['!(a).md'], ['b.md']],
  ['!a', ['!a'], ['b']],
  ['a+(b).md', ['a+(b).md'], ['ab.md']],
  ['docs', ['docs'], ['docs/a']],
];

const covers = test.macro({
  title: (_, ...patterns) => `covered by ${JSON.stringify(patterns[0])}`,
  exec(t, patterns: readonly string[], yes: readonly string[], no: readonly string[]) {
    const scope = compileScope(patterns);
    const all = [...yes, ...no].sort();
    t.deepEqual(all.filter(scope), [...yes].sort());
    t.deepEqual(selectPaths(all, patterns), [...yes].sort());
  },
});

test(covers, ['docs'], ['docs', 'docs/a'], ['docsx', 'a/docs']);
test(covers, ['docs/**', '!docs/old/**'], ['docs/a', 'docs/older'], ['docs/old/a']);
test(covers, ['**/*.md', '!Templates'], ['a.md', 'b/Templates/c.md'], ['Templates/a.md']);
test(covers, ['docs/**', '!docs/**', 'docs/a.md'], ['docs/a.md'], ['docs/b.md']);
test(covers, ['!docs/**'], [], ['docs/a', 'b']);
test(covers, ['app/[slug]'], ['app/[slug]/a.tsx', 'app/s'], ['app/slug/a.tsx', 'app/[slug]s/a']);
test(covers, ['**', '!app/[slug]/**'], ['app/a', 'app/x/a'], ['app/[slug]/a', 'app/[slug]/b/c']);
test(covers, ['app/[[...id]]/*.tsx'], ['app/[[...id]]/a.tsx'], ['app/id/a.tsx', 'app/[id]/a.tsx']);
test(covers, ['\\!a'], ['!a'], ['a', 'b']);

for (const [pattern, yes, no] of table) {
  test(`${pattern} matches what it says`, (t) => {
    const matches = compileGlob(pattern);
    for (const path of yes) t.true(matches(path), path);
    for (const path of no) t.false(matches(path), path);
  });
}

test('no pattern makes it slow', (t) => {
  const spent = cpuTime(() => {
    t.false(compileScope([`docs/*${'a*'.repeat(11)}b`])(`docs/${'a'.repeat(51)}`));
    t.false(compileGlob(`${'*a'.repeat(240)}b`)('a'.repeat(4000)));
    t.false(compileGlob(`${'**/*a'.repeat(90)}b`)('a/'.repeat(2000)));
  });
  t.true(spent < 5000, `${spent} ms`);
});
