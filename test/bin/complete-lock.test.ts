// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { completeLock, type Lock } from '../../bin/complete-lock.ts';

const text = readFileSync(
  fileURLToPath(new URL('../../package-lock.json', import.meta.url)),
  'utf8',
);
const committed = JSON.parse(text) as Lock;

test('package-lock.json is complete', (t) => {
  const { lock, added, unclear } = completeLock(committed);
  t.deepEqual({ added, unclear }, { added: [], unclear: [] }, 'run bin/complete-lock.ts');
  t.is(`${JSON.stringify(lock, null, 2)}\n`, text, 'run bin/complete-lock.ts');
});

test('package-lock.json names no address of a registry', (t) => {
  t.notRegex(text, /"resolved": "https?:/);
});

test('what a mirror left out comes back as it was', (t) => {
  // Packages that were never seen have no integrity; they are what a mirror leaves out.
  const seen = Object.entries(committed.packages).filter(
    ([place, entry]) => place === '' || entry.integrity !== undefined || !entry.optional,
  );
  const { lock, added } = completeLock({ ...committed, packages: Object.fromEntries(seen) });
  t.true(added.length > 10, `${added.length}`);
  t.deepEqual(lock, committed);
});

const lockOf = (packages: Lock['packages']): Lock => ({ packages: { '': {}, ...packages } });

test('one below the package that names it counts as there', (t) => {
  const inner = { optionalDependencies: { 'x-linux-x64': '1.0.0' } };
  const nested = lockOf({
    'node_modules/a/node_modules/b': inner,
    'node_modules/a/node_modules/x-linux-x64': {},
  });
  t.deepEqual(completeLock(nested).added, []);
  const elsewhere = lockOf({
    'node_modules/a/node_modules/b': inner,
    'node_modules/c/node_modules/x-linux-x64': {},
  });
  t.deepEqual(completeLock(elsewhere).added, ['node_modules/x-linux-x64']);
});

test('a name that says no platform is told', (t) => {
  const lock = lockOf({ 'node_modules/a': { optionalDependencies: { fsevents: '~2.3.2' } } });
  t.deepEqual(completeLock(lock).unclear, ['fsevents']);
});
