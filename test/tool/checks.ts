// SPDX-License-Identifier: GPL-3.0-only

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { DependencyFinder } from '../../src/boundary/dependencies.ts';
import type { Executor } from '../../src/boundary/executor.ts';
import { sandboxRoot } from '../../src/boundary/executor.ts';
import { runBiome } from '../../src/tool/run-biome.ts';
import { runChecks } from '../../src/tool/run-checks.ts';
import { runSpecChecks } from '../../src/tool/spec-checks.ts';
import { bubblewrap, confinedTest } from '../boundary/with-bubblewrap.ts';
import { everything, temporaryFolder } from '../workspace/with-repository.ts';
import { patchedOverlay } from './patched-overlay.ts';

const config = JSON.stringify({
  vcs: { enabled: true, clientKind: 'git', useIgnoreFile: true },
  files: { includes: ['**', '!left-out.ts'] },
  formatter: { indentStyle: 'space' },
  javascript: { formatter: { quoteStyle: 'single' } },
});
const nested = JSON.stringify({
  root: false,
  extends: '//',
  javascript: { formatter: { quoteStyle: 'double' } },
});
const files = { 'biome.json': config, 'nested/biome.json': nested, 'note.md': '# Note\n' };

const run = async (
  t: ExecutionContext,
  path: string,
  text: string,
  patch: Readonly<Record<string, string>> = {},
  base: Readonly<Record<string, string>> = files,
) => {
  const overlay = await patchedOverlay(t, base, { ...patch, [path]: text });
  const result = await runBiome.run(
    { path },
    {
      overlay,
      executor: bubblewrap as Executor,
      signal: new AbortController().signal,
      paths: ['**'],
    },
  );
  return {
    ...runBiome.result.parse(result),
    text: Buffer.from((await overlay.read(path)) ?? []).toString(),
  };
};

type Row = {
  readonly path: string;
  readonly before: string;
  readonly after: string;
  readonly diagnostics?: readonly string[];
};

const rows: Readonly<Record<string, Row>> = {
  'formats and sorts imports': {
    path: 'src/ä b.ts',
    before: 'import b from "b";\nimport a from "a"\nfoo(a,b)\n',
    after: "import a from 'a';\nimport b from 'b';\n\nfoo(a, b);\n",
  },
  'takes the nearest configuration': {
    path: 'nested/deep/x.ts',
    before: "foo('a')\n",
    after: 'foo("a");\n',
  },
  'says nothing about a file that is in order': {
    path: 'x.ts',
    before: "foo('a');\n",
    after: "foo('a');\n",
  },
  'lists what is left to correct': {
    path: 'x.ts',
    before: 'if (a == 2) foo()\n',
    after: 'if (a == 2) foo();\n',
    diagnostics: ['1:7 lint/suspicious/noDoubleEquals'],
  },
  'lists what keeps it from reading the file': {
    path: 'x.ts',
    before: 'const = 1;\n',
    after: 'const = 1;\n',
    diagnostics: ['1:7 parse', '1:10 parse'],
  },
  'leaves alone what the configuration leaves out': {
    path: 'left-out.ts',
    before: 'foo( )\n',
    after: 'foo( )\n',
    diagnostics: ['biome.json excludes this file; nothing was done'],
  },
};

for (const [title, { path, before, after, diagnostics = [] }] of Object.entries(rows)) {
  confinedTest(title, async (t) => {
    const result = await run(t, path, before);
    t.is(result.text, after);
    t.is(result.changed, before !== after);
    // The words after the rule are Biome's own and change with its versions.
    t.deepEqual(
      result.diagnostics.map((line) => line.split(': ')[0]),
      [...diagnostics],
    );
  });
}

confinedTest('the configuration is the committed one, not the patched one', async (t) => {
  const patch = { 'biome.json': config.replace('single', 'double') };
  t.is((await run(t, 'x.ts', 'foo("a")\n', patch)).text, "foo('a');\n");
});

confinedTest('without a configuration nothing is formatted', async (t) => {
  await t.throwsAsync(run(t, 'x.ts', 'foo( )', {}, { 'note.md': '' }), {
    name: 'ToolFault',
    message: /no biome\.json/,
  });
});

confinedTest('a broken configuration is told', async (t) => {
  await t.throwsAsync(run(t, 'x.ts', 'foo( )', {}, { 'biome.json': '{ "bad": 1 }' }), {
    name: 'ToolFault',
    message: /Found an unknown key `bad`/,
  });
});

const runChecksFiles = { 'a.txt': 'base\n', 'b.txt': 'base\n', 'pkg/package.json': '{}' };
const patch = { 'a.txt': 'patched\n', 'b.txt': null, 'new/c.txt': 'new\n' };
const none: DependencyFinder = async () => [];

const check = async (
  t: ExecutionContext,
  checks: readonly string[],
  options: { dependencies?: DependencyFinder; timeoutMs?: number } = {},
) =>
  runSpecChecks({
    overlay: await patchedOverlay(t, runChecksFiles, patch),
    executor: bubblewrap as Executor,
    dependencies: none,
    signal: new AbortController().signal,
    checks,
    ...options,
  });

confinedTest('checks see the patched tree', async (t) => {
  const { ok, log, failed } = await check(t, ['cat a.txt new/c.txt; test ! -e b.txt; pwd']);
  t.true(ok, log);
  t.deepEqual(failed, []);
  const said = `patched\nnew\n${sandboxRoot}\n`;
  t.is(log, `$ cat a.txt new/c.txt; test ! -e b.txt; pwd\n${said}[exit code 0]\n`);
});

confinedTest('each check starts from the patch, whatever the one before it wrote', async (t) => {
  const { failed } = await check(t, ['echo forged > a.txt', 'grep -q patched a.txt', 'exit 3']);
  t.deepEqual(failed, ['exit 3: exit code 3']);
});

confinedTest('a check that hangs is stopped and told', async (t) => {
  const { failed } = await check(t, ['sleep 60'], { timeoutMs: 300 });
  t.deepEqual(failed, ['sleep 60: still running after 0.3 s, stopped']);
});

confinedTest(
  "checks find the programs of a package's dependencies, after the system's own",
  async (t) => {
    const source = temporaryFolder(t);
    mkdirSync(join(source, '.bin'));
    for (const name of ['lint', 'node']) {
      writeFileSync(join(source, '.bin', name), `#!/bin/sh\necho from ${name}\n`, { mode: 0o755 });
    }
    const dependencies: DependencyFinder = async (folder) => [
      { source, folder },
      { source, folder: '' },
    ];
    const { ok, log } = await check(t, ['lint && node --version && pkg/node_modules/.bin/lint'], {
      dependencies,
    });
    t.true(ok, log);
    t.regex(log, /from lint\nv\d.*\nfrom lint\n/);
    const overlay = await patchedOverlay(
      t,
      runChecksFiles,
      {},
      { ...everything, mayRead: () => false },
    );
    const executor = bubblewrap as Executor;
    const { signal } = new AbortController();
    const means = {
      overlay,
      executor,
      dependencies,
      signal,
      checks: ['pkg/node_modules/.bin/lint'],
    };
    t.true(
      (await runSpecChecks(means)).ok,
      'a reviewer that reads only what is in scope sees them too',
    );
  },
);

confinedTest(
  'a check whose program is not there fails at once, and says how to get it',
  async (t) => {
    const started = performance.now();
    const { failed } = await check(t, ['npx no-such-program', 'no-such-program', 'exit 1']);
    t.regex(
      failed[0] ?? '',
      /exit code \d+ \(no packages are prepared or installed; run "pantheon deps"/,
    );
    t.regex(failed[1] ?? '', /exit code 127 \(no packages are prepared/);
    t.is(failed[2], 'exit 1: exit code 1');
    t.true(performance.now() - started < 55_000);
  },
);

test('a spec without checks is ok and says so', async (t) => {
  const overlay = await patchedOverlay(t, runChecksFiles, patch);
  const executor = { confinement: 'nothing', run: () => t.fail() } as unknown as Executor;
  const { signal } = new AbortController();
  const means = { overlay, executor, dependencies: none, signal, checks: [] };
  t.like(await runSpecChecks(means), { ok: true, log: 'The spec has no checks.\n' });
});

const call = async (t: ExecutionContext, log: string | undefined) =>
  runChecks.result.parse(
    await runChecks.run(
      {},
      {
        overlay: await patchedOverlay(t, runChecksFiles),
        executor: bubblewrap as Executor,
        signal: new AbortController().signal,
        paths: [],
        ...(log !== undefined && { runChecks: async () => ({ ok: true, log }) }),
      },
    ),
  );

test('the tool tells how the checks ended', async (t) => {
  t.deepEqual(await call(t, 'all good'), { ok: true, log: 'all good' });
});

test('the tool keeps the end of a long log', async (t) => {
  const { log } = await call(t, `${'x'.repeat(20_000)} end`);
  t.true(log.length < 8100);
  t.true(log.endsWith(' end'));
});

test('the tool says where there is nothing to run', async (t) => {
  await t.throwsAsync(call(t, undefined), { name: 'ToolFault' });
});
