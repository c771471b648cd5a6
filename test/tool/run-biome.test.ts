// SPDX-License-Identifier: GPL-3.0-only
import type { ExecutionContext } from 'ava';
import type { Executor } from '../../src/boundary/executor.ts';
import { runBiome } from '../../src/tool/run-biome.ts';
import { bubblewrap, confinedTest } from '../boundary/with-bubblewrap.ts';
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
