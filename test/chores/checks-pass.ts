// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { judge } from '../../chores/checks-pass/judge.ts';
import { plan } from '../../chores/checks-pass/plan.ts';
import { redo } from '../../chores/checks-pass/redo.ts';
import type { Judgement, PatchView } from '../../src/chore/patch.ts';
import type { Json } from '../../src/data/digest.ts';
import { normaliseSpec, specFileSchema } from '../../src/spec/schema.ts';
import { approved } from '../actions/review-peer/macros.ts';
import { each } from '../each.ts';

type Check = Parameters<typeof judge>[0]['check'];
type Runnable = Exclude<Check, 'tests' | 'links'>;

const specOf = (checks: readonly string[]) =>
  normaliseSpec(
    specFileSchema.parse({ title: 'T', scope: '**', acceptance: ['A'], checks: [...checks] }),
    'spec',
  );

const work = { notes: '', result: { passed: 9, failed: 0 }, diff: '', changes: [] };

/** What each of the two says, asked alone. */
const findingsOf = (
  check: Check,
  checks: readonly string[],
  result: Json | undefined,
): readonly (readonly string[])[] => {
  const outputs = { work, ...(result !== undefined && { test: { result } }) };
  const patch = { spec: specOf(checks), outputs } as unknown as PatchView;
  return [judge, redo].map((one) => (one({ check }, patch, new Map()) as Judgement).findings);
};

const plainCommands: Readonly<Record<Exclude<Runnable, 'checks'>, readonly string[]>> = {
  types: [
    ...['tsc', 'tsc --noEmit', 'npx tsc -p .', 'npm run typecheck', 'npm run type-check'],
    ...['npm run types', 'npm run check-types', 'yarn typecheck', 'vue-tsc --noEmit', 'mypy src'],
    ...['go vet ./...', 'go build ./...', 'cargo check', 'npm run check:types', 'deno check a.ts'],
  ],
  lint: [
    ...['eslint .', 'npx eslint src --max-warnings 0', 'biome check .', 'biome ci', 'npm run lint'],
    ...['npm run lint:js', 'npm run js:lint', 'xo', 'oxlint', 'ruff check .', 'cargo clippy'],
  ],
  format: [
    ...['prettier --check .', 'prettier . --check', 'prettier -c src', 'biome format src'],
    ...['biome ci', 'npm run format:check', 'npm run check-format', 'black . --check'],
    ...['dprint check', 'cargo fmt --check', 'ruff format --check .'],
  ],
  build: [
    ...['npm run build', 'yarn build', 'vite build', 'npx tsup', 'rollup -c', 'webpack', 'tsc'],
    ...['make', 'make build', 'go build ./...', 'cargo build', 'npm run build:prod'],
  ],
};

for (const [check, commands] of Object.entries(plainCommands)) {
  for (const command of commands) {
    test(`${check}: \`${command}\` is enough for both`, async (t) => {
      t.deepEqual(findingsOf(check as Check, [command], undefined), [[], []]);
      t.deepEqual(findingsOf(check as Check, ['true', command], undefined), [[], []]);
      const facts = { spec: specOf([command]) };
      t.is(plan({ check: check as Check }, facts), undefined);
    });
  }
}

const otherCommands: Readonly<Record<Runnable, readonly string[]>> = {
  types: [
    ...['npm test', 'tsc --version', 'tsc || :', 'tsc --showConfig', 'eslint .', 'npm run typed'],
    ...[
      'tsc --noCheck',
      'tscx',
      'npm run types-of-tea',
      'which tsc',
      'biome check',
      'npm run build',
    ],
  ],
  lint: [
    ...['eslint --fix .', 'eslint --print-config a.js', 'tsc', 'biome format', 'npm run linter'],
    ...['eslint . || true', 'biome check --write .', 'ruff format', 'npm run splint', 'ruff'],
  ],
  format: [
    ...['prettier --write .', 'prettier .', 'npm run format', 'biome lint', 'biome format --write'],
    ...['black .', 'gofmt', 'eslint .', 'prettier --version --check', 'npm run reformat'],
  ],
  build: [
    ...['npm test', 'vite', 'vite dev', 'make test', 'make -n', 'go vet ./...', 'npm run rebuild'],
    ...['npm run builder', 'echo build', 'webpack --version', 'vite build || true'],
  ],
  checks: [],
};

for (const [check, commands] of Object.entries(otherCommands)) {
  for (const command of commands) {
    test(`${check}: \`${command.replaceAll('\n', '\\n')}\` is not`, async (t) => {
      for (const findings of findingsOf(check as Check, [command], undefined))
        t.is(findings.length, 1);
      const facts = { spec: specOf([command]) };
      t.regex(
        plan({ check: check as Check }, facts)?.message ?? '',
        /^nothing here runs (?:the|a) /,
      );
    });
  }
}

const green = { passed: 1, failed: 0, skipped: 0 };
const results: Readonly<Record<string, readonly [result: Json | undefined, ok: boolean]>> = {
  'that passed': [green, true],
  'that passed, with none that failed before': [{ ...green, failedBefore: 0 }, true],
  'none of which ran': [{ ...green, passed: 0 }, true],
  'all of which were skipped': [{ ...green, passed: 0, skipped: 3 }, true],
  'one of which failed': [{ ...green, failed: 1 }, false],
  'one of which fails without the patch too': [{ ...green, failedBefore: 1 }, false],
  'of no node': [undefined, true],
  'of a node that says nothing': [null, true],
  'counted in words': [{ passed: '3', failed: '0' }, true],
};

for (const [title, [result, ok]] of Object.entries(results)) {
  test(`tests ${title} are ${ok ? '' : 'not '}enough for both`, (t) => {
    for (const findings of findingsOf('tests', [], result)) t.is(findings.length, ok ? 0 : 1);
    // What ran as tests says nothing of types.
    for (const findings of findingsOf('types', [], result)) t.is(findings.length, 1);
  });
}

test('red tests are not made up for by a command', (t) => {
  for (const findings of findingsOf('tests', ['npm test'], { ...green, failedBefore: 1 }))
    t.is(findings.length, 1);
});

test('any check of the spec will do for "the checks"', (t) => {
  t.deepEqual(findingsOf('checks', ['./ci.sh'], green), [[], []]);
  for (const findings of findingsOf('checks', [], green)) t.is(findings.length, 1);
});

each(approved, {
  'the tests of the step before': [
    { acceptance: ['Every file ends with a newline', 'All tests pass'] },
    { 'a.ts': 'x;' },
    { 'a.ts': 'x;\n' },
  ],
});

test('the plan asks for a command', (t) => {
  const spec = specOf([]);
  t.is(plan({ check: 'tests' }, { spec }), undefined);
  t.deepEqual(plan({ check: 'types' }, { spec }), {
    message: 'nothing here runs the type checker',
    advice: 'name a command under checks: tsc --noEmit',
  });
});
