// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { run } from '../../actions/test-ava/agent.ts';
import { inputSchema } from '../../src/agent/schema.ts';
import type { Executor } from '../../src/boundary/executor.ts';
import { gateSchema } from '../../src/config/schema.ts';
import { normaliseSpec, specFileSchema } from '../../src/spec/schema.ts';
import { patchedOverlay } from '../tool/patched-overlay.ts';

const none: Executor = {
  confinement: 'nothing',
  run: () => Promise.reject(new Error('nothing is run')),
};

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

test(
  'an importer outside the scope',
  judges,
  { ...old, 'app/b.ts': use },
  renamed,
  /app\/b\.ts:1 imports "old"/,
);
test(
  'an importer that the patch forgot',
  judges,
  { ...old, 'src/b.ts': "\nimport { old as mine } from './a.js';\nmine;\n" },
  renamed,
  /src\/b\.ts:2 imports "old"/,
);
test(
  'through a module that hands everything on',
  judges,
  {
    ...old,
    'src/index.ts': "export * from './a';\n",
    'app/b.js': "import { old } from '../src';\n",
  },
  renamed,
  /app\/b\.js:1 imports "old"/,
);
test(
  'a list that hands it on',
  judges,
  { ...old, 'lib/i.tsx': "export { old } from '../src/a';\n" },
  renamed,
  /lib\/i\.tsx:1/,
);
test(
  'a module that goes',
  judges,
  { ...old, 'app/b.ts': use },
  { 'src/a.ts': null },
  /app\/b\.ts:1/,
);
test(
  'every importer follows',
  judges,
  { ...old, 'app/b.ts': use },
  { ...renamed, 'app/b.ts': use.replaceAll('old', 'fresh') },
);
test(
  'the old name stays too',
  judges,
  { ...old, 'app/b.ts': use },
  { 'src/a.ts': 'const fresh = 1;\nexport { fresh, fresh as old };\n' },
);
test(
  'what was not there before is no loss',
  judges,
  { ...old, 'app/b.ts': "import { never } from '../src/a.ts';\nimport { old } from 'old';\n" },
  renamed,
);
