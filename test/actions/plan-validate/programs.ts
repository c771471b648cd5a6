// SPDX-License-Identifier: GPL-3.0-only
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { each } from '../../each.ts';
import { temporaryFolder } from '../../workspace/with-repository.ts';
import { codegen, plan, type Row } from './objects.ts';

/* Checks that start a program of a package: told before any work where it is not there. */

const row = (check: string, more: Partial<Row> = {}): Row => ({
  worker: codegen,
  spec: { scope: 'src/', acceptance: ['Format src/'], checks: [check] },
  ...more,
});

const needs = test.macro(async (t, given: Row, installed: readonly string[], message?: RegExp) => {
  const source = temporaryFolder(t);
  mkdirSync(join(source, '.bin'));
  for (const program of installed) writeFileSync(join(source, '.bin', program), '');
  const dependencies = async (folder: string) => (installed.length > 0 ? [{ source, folder }] : []);
  const { failure } = await plan(t, { dependencies, files: { 'package.json': '{}' }, ...given });
  if (!message) {
    t.is(failure, undefined);
    return;
  }
  t.is(failure?.code, 'dependencies');
  t.regex(`${failure?.message}. ${failure?.advice}`, message);
});

each(needs, {
  'no packages at all': [
    row('npx tsc --noEmit'),
    [],
    /^the check "npx tsc --noEmit" starts "tsc", and no packages are prepared or installed; .* run "pantheon deps" by day$/,
  ],
  'packages without it': [
    row('npx tsc --noEmit'),
    ['eslint'],
    /starts "tsc", and no package that is prepared has it; .* add it to package\.json, and run/,
  ],
  'after another command, with an option': [
    row('cd src && npx --no-install eslint .'),
    [],
    /starts "eslint", and no packages/,
  ],
  'by another manager': [row('pnpm exec eslint .'), [], /starts "eslint"/],
  'it is there': [row('npx tsc --noEmit'), ['tsc']],
  'a package whose program is called otherwise': [row('npx -p typescript tsc'), []],
  'no program of a package': [row('grep -q npx src/a.ts'), []],
  'a plan by day, perhaps for another machine': [row('npx tsc', { ahead: true }), []],
});
