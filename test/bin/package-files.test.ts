// SPDX-License-Identifier: GPL-3.0-only
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { makePackageFiles, removePackageFiles, toJavaScript } from '../../bin/package-files.ts';
import { moduleFile, moduleName } from '../../src/data/module-file.ts';
import { temporaryFolder, writeFiles } from '../workspace/with-repository.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const sources = {
  'package.json': '{"type":"module"}',
  'src/data/base.ts':
    'export type Base = { readonly a: number };\nexport const base: Base = { a: 7 };\n',
  'src/cli/main.ts': [
    "import { type Base, base } from '../data/base.ts';",
    'type Other = {',
    '  readonly base: Base;',
    '};',
    "const later = await import('../data/base.ts');",
    "const file = new URL('./child.ts', import.meta.url);",
    "const words = ['./missing.ts', 'src/data/base.ts', './' + base.a + '.ts'];",
    'const other: Other = { base: later.base };',
    "console.log(JSON.stringify([other, file.pathname.split('/').at(-1), words]));",
    "throw new Error('line 10');",
    '',
  ].join('\n'),
  'src/cli/child.ts': 'export {};\n',
};

test('what is packed runs below node_modules, on the lines where it was written', (t) => {
  const folder = join(temporaryFolder(t), 'node_modules/pantheon');
  writeFiles(folder, sources);
  const run = (file: string) =>
    spawnSync(process.execPath, [join(folder, file)], { encoding: 'utf8' });
  t.regex(run('src/cli/main.ts').stderr, /ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING/);
  makePackageFiles(folder);
  const { stdout, stderr } = run('src/cli/main.js');
  t.deepEqual(JSON.parse(stdout), [
    { base: { a: 7 } },
    'child.js',
    ['./missing.ts', 'src/data/base.ts', './7.ts'],
  ]);
  t.regex(stderr, /main\.js:10\b/);
  removePackageFiles(folder);
  t.deepEqual(globSync('**/*.js', { cwd: folder }), []);
});

test('no module of ours names another one in a way that packing does not see', (t) => {
  for (const path of globSync('{src,actions}/**/*.ts', { cwd: root })) {
    const file = join(root, path);
    const packed = toJavaScript(readFileSync(file, 'utf8'), file);
    const code = packed.replace(/^\s*(?:\/\/|\/?\*).*$/gm, '');
    const unseen = /(?:import|from|URL|resolve)\s*\(?\s*(['"`])\.{1,2}\/[^'"`]*\.ts\1/g;
    t.deepEqual(code.match(unseen), null, path);
  }
});

test('a module that is looked for by name is the TypeScript, or what a package has for it', (t) => {
  t.is(moduleFile(new Set(['agent.js', 'agent.ts']), 'agent'), 'agent.ts');
  t.is(moduleFile(new Set(['agent.js']), 'agent'), 'agent.js');
  t.is(moduleFile(new Set(['agent.json']), 'agent'), undefined);
  t.deepEqual(['a.ts', 'b.js', 'c.json'].map(moduleName), ['a', 'b', undefined]);
});
