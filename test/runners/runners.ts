// SPDX-License-Identifier: GPL-3.0-only
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import type { DependencyFinder } from '../../src/boundary/dependencies.ts';
import { comesTo } from '../actions/test-ava/with-test-agent.ts';
import { bubblewrap } from '../boundary/with-bubblewrap.ts';

/** A small project of one runner: what is tested, and tests that ask for `wanted`. */
type Project = {
  readonly has: boolean;
  readonly dependencies?: DependencyFinder;
  readonly base: Readonly<Record<string, string>>;
  readonly code: (sum: string) => Readonly<Record<string, string>>;
  readonly asking: (name: string, wanted: number) => Readonly<Record<string, string>>;
  readonly broken: Readonly<Record<string, string>>;
  /** How its report calls the test of that name. */
  readonly named: (name: string) => string;
  readonly file: string;
};

const folder = process.env.PANTHEON_RUNNERS ?? '';
const manifest = (more: object) => JSON.stringify({ type: 'module', ...more });

const ofNpm = (
  version: string,
  script: string,
  imports: string,
  more: Readonly<Record<string, string>> = {},
): Project => {
  const source = join(folder, version, 'node_modules');
  const [name = ''] = version.split('@');
  return {
    has: existsSync(join(source, name)),
    dependencies: async () => [{ folder: '', source }],
    base: {
      'package.json': manifest({ scripts: { test: script }, devDependencies: { [name]: '*' } }),
      ...more,
    },
    code: (sum) => ({ 'src/sum.js': `export const sum = (a, b) => ${sum};\n` }),
    asking: (title, wanted) => ({
      [`test/${title}.test.js`]: `${imports}\nimport { sum } from '../src/sum.js';\ndescribe('group', () => { it('${title}', () => { console.log('{}'); if (sum(1, 2) !== ${wanted}) throw new Error('not ${wanted}'); }); });\n`,
    }),
    broken: { 'test/broken.test.js': 'import "./none.js";\n' },
    named: (title) => `test/${title}\\.test\\.js › group › ${title}: (?:Error: )?not `,
    file: 'test/broken\\.test\\.js',
  };
};

const inSandbox = (...words: readonly string[]): boolean => {
  try {
    const env = { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/local/go/bin', HOME: '/nonexistent' };
    execFileSync('env', words, { stdio: 'ignore', env });
    return true;
  } catch {
    return false;
  }
};

const projects: Readonly<Record<string, Project>> = {
  'vitest 3': ofNpm('vitest@3.2.7', 'vitest', "import { describe, it } from 'vitest';"),
  'vitest 3 with a configuration': ofNpm('vitest@3.2.7', 'vitest run --reporter=verbose', '', {
    'vitest.config.js': 'export default { test: { globals: true } };\n',
  }),
  'vitest 5': ofNpm('vitest@5.1.2', 'vitest run', "import { describe, it } from 'vitest';", {
    'vitest.config.ts': 'export default { test: { include: ["test/**"] } };\n',
  }),
  jest: ofNpm('jest@30.5.2', 'NODE_OPTIONS=--experimental-vm-modules jest', '', {
    'jest.config.js': 'export default { transform: {} };\n',
  }),
  mocha: ofNpm('mocha@11.8.0', 'mocha -R dot test/**/*.test.js', ''),
  go: {
    has: inSandbox('go', 'version'),
    base: { 'go.mod': 'module example.com/m\n\ngo 1.21\n' },
    code: (sum) => ({ 'sum.go': `package m\n\nfunc Sum(a, b int) int { return ${sum} }\n` }),
    asking: (title, wanted) => ({
      [`${title}_test.go`]: `package m\n\nimport "testing"\n\nfunc Test_${title}(t *testing.T) {\n\tif Sum(1, 2) != ${wanted} {\n\t\tt.Fatal("not ${wanted}")\n\t}\n}\n`,
    }),
    broken: { 'sub/broken_test.go': 'package sub\n\nfunc f() int { return "a" }\n' },
    named: (title) => `example\\.com/m › Test_${title}: ${title}_test\\.go:\\d+: not `,
    file: 'example\\.com/m/sub',
  },
  pytest: {
    has: inSandbox('python3', '-c', 'import pytest'),
    base: { 'pyproject.toml': '', 'conftest.py': '' },
    code: (sum) => ({ 'total.py': `def total(a, b):\n    return ${sum}\n` }),
    asking: (title, wanted) => ({
      [`test_${title}.py`]: `from total import total\n\ndef test_${title}():\n    assert total(1, 2) == ${wanted}, 'not ${wanted}'\n`,
    }),
    broken: { 'test_broken.py': 'import nothing_here\n' },
    named: (title) => `test_${title} › test_${title}: AssertionError: not `,
    file: 'test_broken',
  },
};

for (const [name, project] of Object.entries(projects)) {
  const define = bubblewrap && project.has ? test.serial : test.skip;
  // Without a cache of its own, go compiles its library anew each time.
  const more = name === 'go' ? test.skip : define;
  const { base, code, asking, broken, named, file, dependencies } = project;
  const files = { ...base, ...code('a + b'), ...asking('good', 3) };
  const means = { scope: ['**'], ...(dependencies && { dependencies }) };

  more(`${name}: green tests are counted`, (t) =>
    comesTo(
      t,
      { ...means, base: files, patch: code('b + a') },
      { counts: { passed: 1, failed: 0 }, notes: /^1 test passed, 0 skipped in 1 package; the/ },
    ),
  );
  more(`${name}: a red test is named`, (t) =>
    comesTo(
      t,
      { ...means, base: files, patch: { ...code('a - b'), ...asking('bad', 3) } },
      { failure: { code: 'tests', message: new RegExp(`2 failed: ${named('(?:good|bad)')}`) } },
    ),
  );
  more(`${name}: a file that does not load is named`, (t) =>
    comesTo(
      t,
      { ...means, base: files, patch: broken },
      { failure: { code: 'tests', message: new RegExp(file) } },
    ),
  );
  define(`${name}: what was red before does not count`, (t) =>
    comesTo(
      t,
      { ...means, base: { ...files, ...asking('old', 4) }, patch: code('b + a') },
      {
        counts: { passed: 1, failed: 0, failedBefore: 1 },
        notes: new RegExp(`1 test fails without the patch too: ${named('old')}`),
      },
    ),
  );
  more(`${name}: no tests at all are no fault`, (t) =>
    comesTo(
      t,
      { ...means, base: { ...base, ...code('a + b') }, patch: code('b + a') },
      { counts: { passed: 0, failed: 0 }, notes: /^no tests ran/ },
    ),
  );
}
