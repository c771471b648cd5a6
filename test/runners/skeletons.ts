// SPDX-License-Identifier: GPL-3.0-only
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { drive } from '../../bench/codegen/drive.ts';
import { comesTo } from '../actions/test-ava/with-test-agent.ts';
import { bubblewrap } from '../boundary/with-bubblewrap.ts';

const folder = process.env.PANTHEON_RUNNERS ?? '';
const code = (half: string): Readonly<Record<string, string>> => ({
  'src/tag.ts': `export const tag = (text: string): string => text.trim();\nexport class Box {}\nexport const half = ${half};\n`,
});

type Row = readonly [
  version: string | undefined,
  script: string,
  other: Readonly<Record<string, string>>,
];

const describing = (imports: string) =>
  `${imports}\n\ndescribe('other', () => {\n  it('works', () => {});\n});\n`;

const rows: Readonly<Record<string, Row>> = {
  'vitest 3': ['vitest@3.2.7', 'vitest run', {}],
  'vitest 5, described': [
    'vitest@5.1.2',
    'vitest run',
    { 'test/other.test.ts': describing("import { describe, it } from 'vitest';") },
  ],
  'vitest 5, into the file there is': [
    'vitest@5.1.2',
    'vitest run',
    {
      'test/tag.test.ts':
        "import { expect, test } from 'vitest';\n\ntest('other', () => {\n  expect(1).toBe(1);\n});\n",
    },
  ],
  'node:test': [undefined, 'node --test', {}],
  'node:test, described': [
    undefined,
    'node --test "test/**/*.test.ts"',
    { 'test/other.test.ts': describing("import { describe, it } from 'node:test';") },
  ],
};

for (const [name, [version, script, other]] of Object.entries(rows)) {
  const source = version && join(folder, version, 'node_modules');
  const has = bubblewrap && (source === undefined || existsSync(join(source, 'vitest')));
  (has ? test.serial : test.skip)(`a skeleton for ${name} passes, and fails`, async (t) => {
    const manifest = {
      type: 'module',
      scripts: { test: script },
      devDependencies: version === undefined ? {} : { vitest: '*' },
    };
    const base = { 'package.json': JSON.stringify(manifest), ...code('0.5'), ...other };
    const acceptance = ['`src/tag.ts` has a test in `test/tag.test.ts`'];
    const { changed, notes } = await drive(base, { title: 'Test', scope: '**', acceptance });
    const patch = Object.fromEntries(changed);
    t.deepEqual(Object.keys(patch), ['test/tag.test.ts'], notes);
    const dependencies = async () => (source === undefined ? [] : [{ folder: '', source }]);
    const means = { scope: ['**'], base, dependencies };
    const passed = 3 + Object.keys(other).length;
    await comesTo(t, { ...means, patch }, { counts: { passed, failed: 0 } });
    const broken = { ...patch, ...code('undefined') };
    await comesTo(
      t,
      { ...means, patch: broken },
      { counts: { failed: 1 }, failure: { code: 'tests', message: /1 failed: .*half/ } },
    );
  });
}
