// SPDX-License-Identifier: GPL-3.0-only

import test from 'ava';
import { run } from '../../../actions/test-ava/agent.ts';
import { inputSchema } from '../../../src/agent/schema.ts';
import type { Executor } from '../../../src/boundary/executor.ts';
import { shippedChores } from '../../../src/chore/chores.ts';
import { gateSchema } from '../../../src/config/schema.ts';
import { normaliseSpec, specFileSchema } from '../../../src/spec/schema.ts';
import { each } from '../../each.ts';
import { patchedOverlay } from '../../tool/patched-overlay.ts';

const refuse = () => Promise.reject(new Error('nothing is run'));
const none: Executor = { run: refuse, withTree: refuse };

type Files = Readonly<Record<string, string>>;

const judges = test.macro(
  async (t, base: Files, patch: Readonly<Record<string, string | null>>, lost?: RegExp) => {
    const file = specFileSchema.parse({ title: 'T', scope: 'src/**', acceptance: ['A'] });
    const { failure } = await run({
      input: inputSchema.parse({
        spec: normaliseSpec(file, 'one'),
        unit: { id: 'one', kind: 'spec', paths: ['src/**'] },
        inputs: {},
      }),
      overlay: await patchedOverlay(t, base, patch),
      executor: none,
      dependencies: async () => [],
      workers: [],
      engines: new Set(),
      chores: shippedChores,
      gate: gateSchema.parse({}),
      signal: new AbortController().signal,
    });
    if (lost) t.regex(failure?.message ?? 'green', lost);
    else t.is(failure, undefined);
  },
);

const old = { 'src/a.ts': 'export const old = 1;\n' };
const renamed = { 'src/a.ts': 'export const fresh = 1;\n' };
const use = "import { old } from '../src/a.ts';\nold;\n";

each(judges, {
  'an importer outside the scope': [
    { ...old, 'app/b.ts': use },
    renamed,
    /app\/b\.ts:1 imports "old"/,
  ],
  'an importer that the patch forgot': [
    { ...old, 'src/b.ts': "\nimport { old as mine } from './a.js';\nmine;\n" },
    renamed,
    /src\/b\.ts:2 imports "old"/,
  ],
  'with types declared beside the module': [
    {
      'src/a.js': 'export const old = 1;\n',
      'src/a.d.ts': 'export declare const old: number;\n',
      'app/b.js': "import { old } from '../src/a.js';\n",
    },
    { 'src/a.js': 'export const fresh = 1;\n' },
    /app\/b\.js:1 imports "old"/,
  ],
  'types beside the module that still declare it': [
    { 'src/a.js': 'export const old = 1;\n', 'src/a.d.ts': 'export declare const old: number;\n' },
    { 'src/a.js': 'export const fresh = 1;\n' },
    /src\/a\.d\.ts declares "old"/,
  ],
  'types that import it': [
    { ...old, 'app/b.d.ts': "export { old } from '../src/a.ts';\n" },
    renamed,
    /app\/b\.d\.ts:1 imports "old"/,
  ],
  'every comment of JavaScript that names it': [
    {
      ...old,
      'app/b.js':
        "/** @typedef {import('../src/a').old} Old */\n\n/** @type {1} */\nexport const b = 1;\n",
    },
    renamed,
    /app\/b\.js:1 imports "old"/,
  ],
  'through a module that hands everything on': [
    {
      ...old,
      'src/index.ts': "export * from './a';\n",
      'app/b.js': "import { old } from '../src';\n",
    },
    renamed,
    /app\/b\.js:1 imports "old"/,
  ],
  'a list that hands it on': [
    { ...old, 'lib/i.tsx': "export { old } from '../src/a';\n" },
    renamed,
    /lib\/i\.tsx:1/,
  ],
  'a module that goes': [{ ...old, 'app/b.ts': use }, { 'src/a.ts': null }, /app\/b\.ts:1/],
  'every importer follows': [
    { ...old, 'app/b.ts': use },
    { ...renamed, 'app/b.ts': use.replaceAll('old', 'fresh') },
  ],
  'the old name stays too': [
    { ...old, 'app/b.ts': use },
    { 'src/a.ts': 'const fresh = 1;\nexport { fresh, fresh as old };\n' },
  ],
  'what was not there before is no loss': [
    {
      ...old,
      'package.json': '{"devDependencies":{"old":"1"}}',
      'app/b.ts': "import { never } from '../src/a.ts';\nimport { old } from 'old';\n",
      'app/c.ts': "import { old } from 'node:fs';\nimport { old as fs } from 'fs';\n",
    },
    renamed,
  ],
});

const ways: Readonly<Record<string, string>> = {
  'import() and a pattern': "const { old } = await import('../src/a.ts');",
  'import() and a pattern with another name':
    "const { old: mine = 2 } = (await import('../src/a.ts'))!;",
  'import() and a member': "(await import('../src/a.ts')).old;",
  'import() and a text in brackets': "(await import(`../src/a.ts`))['old'];",
  'import() and a name of its own': "const a = await import('../src/a.ts'); f(a.old);",
  'import() and then': "import('../src/a.ts').then(({ old }) => old);",
  'import() and then a name': "void import('../src/a.ts').then(function (a) { return a.old; });",
  'require and a pattern': "const { old } = require('../src/a');",
  'require and a member': "require('../src/a').old();",
  'require and a name of its own': "const a = require('../src/a'); a.old;",
  'require and a pattern of its name': "const a = require('../src/a'); const { old } = a;",
  'TypeScript’s require': "import a = require('../src/a'); a.old;",
  'a type': "let x: import('../src/a.ts').old;",
  'a name for all of it': "import * as a from '../src/a.ts'; a.old;",
  'a name for all of it, in a type': "import type * as a from '../src/a.ts'; let x: a.old;",
};
for (const [title, text] of Object.entries(ways)) {
  test(
    `lost: ${title}`,
    judges,
    { ...old, 'app/b.ts': `\n${text}\n` },
    renamed,
    /b\.ts:2 imports "old"/,
  );
  test(
    `not lost: ${title}`,
    judges,
    { ...old, 'src/c.ts': 'export const old = 1;\n', 'app/b.ts': text.replace('src/a', 'src/c') },
    renamed,
  );
}
test(
  'a member of the same name of something else',
  judges,
  { ...old, 'app/b.ts': "import * as a from '../src/a.ts'; const b = { old: 1 }; b.old; a.c;\n" },
  renamed,
);

const common: Readonly<Record<string, readonly [before: string, after: string]>> = {
  'exports.x': ['exports.old = 1;', 'exports.fresh = 1;'],
  'module.exports.x': ['module.exports.old = 1;', 'module.exports.fresh = 1;'],
  'module.exports of an object': ['module.exports = { old, b };', 'module.exports = { fresh, b };'],
  'module.exports of another module': [
    "module.exports = require('./old.cjs');",
    'module.exports = 1;',
  ],
};
for (const [title, [before, after]] of Object.entries(common)) {
  test(
    `what CommonJS exports: ${title}`,
    judges,
    {
      'src/a.cjs': before,
      'src/old.cjs': 'exports.old = 1;',
      'app/b.cjs': "const { old } = require('../src/a.cjs');",
    },
    { 'src/a.cjs': after },
    /app\/b\.cjs:1 imports "old" from "\.\.\/src\/a\.cjs"/,
  );
}

const components: Readonly<Record<string, string>> = {
  'b.vue':
    "<template>old</template>\n<script setup lang='ts'>\nimport { old } from '../src/a'\n</script>\n",
  'b.svelte': "<script>\n\nimport { old as mine } from '../src/a.ts';</script><b>{mine}</b>\n",
  'b.astro': "---\n\nimport { old } from '../src/a';\n---\n<b>{old}</b>\n",
  'b.mdx': "# It's `old`\n\nimport { old } from '../src/a'\n\n<old />\n",
  'b.html': "<p>it's\n<script type='module'>\nimport { old } from '../src/a.ts';\n</script>\n",
};
for (const [name, text] of Object.entries(components)) {
  const path = `app/${name}`;
  test(`lost by ${name}`, judges, { ...old, [path]: text }, renamed, /app\/b\.\w+:3 imports "old"/);
  const other = { 'src/c.ts': 'export const old = 1;\n', [path]: text.replace('src/a', 'src/c') };
  test(`not lost by ${name}`, judges, { ...old, ...other }, renamed);
}
test(
  'what a component file only shows is no import',
  judges,
  { ...old, 'app/b.mdx': "```js\nimport { old } from '../src/a';\n```\n" },
  renamed,
);

const aliased: Readonly<Record<string, readonly [files: Files, specifier: string]>> = {
  'paths of tsconfig.json': [
    { 'tsconfig.json': '{ // ours\n"compilerOptions": { "paths": { "@/*": ["./src/*"] }, } }' },
    '@/a',
  ],
  'paths from baseUrl': [
    { 'tsconfig.json': '{"compilerOptions":{"baseUrl":"./src","paths":{"~a":["no","a.ts"]}}}' },
    '~a',
  ],
  'baseUrl alone': [{ 'jsconfig.json': '{"compilerOptions":{"baseUrl":"."}}' }, 'src/a'],
  'paths of what it extends': [
    {
      'app/tsconfig.json': '{"extends":"../base"}',
      'base.json': '{"compilerOptions":{"paths":{"x/*/y":["src/*.ts"]}}}',
    },
    'x/a/y',
  ],
  'paths of a tsconfig that another one references': [
    {
      'tsconfig.json': '{"files":[],"references":[{"path":"./config/app.json"}]}',
      'config/app.json': '{"compilerOptions":{"paths":{"@/*":["../src/*"]}}}',
    },
    '@/a',
  ],
  'paths of a tsconfig with a name of its own': [
    {
      'tsconfig.json': '{}',
      'tsconfig.app.json': '{"compilerOptions":{"paths":{"@/*":["./src/*"]}}}',
    },
    '@/a',
  ],
  'the own package by its name': [{ 'package.json': '{"name":"own","main":"src/a.ts"}' }, 'own'],
  'exports of another package of the tree': [
    {
      'app/package.json': '{"name":"app","dependencies":{"@own/lib":"workspace:*"}}',
      'src/package.json': '{"name":"@own/lib","exports":{"./*":{"import":"./*.ts"}}}',
    },
    '@own/lib/a',
  ],
  'an alias that nothing here explains': [{}, '$lib/a'],
  'a package of the tree whose build is not there': [
    {
      'package.json': '{"dependencies":{"lib":"1"}}',
      'src/package.json': '{"name":"lib","main":"dist/a.js"}',
    },
    'lib',
  ],
  'a linked package by another name': [
    { 'package.json': '{"dependencies":{"lib":"file:src"}}' },
    'lib',
  ],
  'imports of package.json': [
    { 'package.json': '{"imports":{"#src/*":{"node":"./src/*.ts","default":"./no.js"}}}' },
    '#src/a',
  ],
};
for (const [title, [files, specifier]] of Object.entries(aliased)) {
  const importer = { 'app/b.ts': `import { old } from '${specifier}';\n` };
  test(
    `lost by an alias: ${title}`,
    judges,
    { ...old, ...files, ...importer },
    renamed,
    /app\/b\.ts:1 imports "old"/,
  );
}
const hostile: Readonly<Record<string, string>> = {
  'no JSON': '{"compilerOptions":',
  'a list': '[1]',
  'what extends itself': '{"extends":["./tsconfig.json"]}',
  'paths out of the tree': '{"compilerOptions":{"paths":{"@/*":["../../../*"]}}}',
  'paths of no form': '{"compilerOptions":{"baseUrl":3,"paths":{"@/*":[null,{"a":1}],"**":1}}}',
};
for (const [title, config] of Object.entries(hostile)) {
  test(
    `a configuration that is ${title} resolves nothing`,
    judges,
    { ...old, 'tsconfig.json': config, 'app/b.ts': "import { old } from '@/a';\n" },
    renamed,
    /app\/b\.ts:1 .* cannot be followed/,
  );
}
