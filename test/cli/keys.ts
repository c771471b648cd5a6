// SPDX-License-Identifier: GPL-3.0-only
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { confinedTest } from '../boundary/with-bubblewrap.ts';
import { tinySpec } from '../night/support/tiny-house.ts';
import { temporaryFolder } from '../workspace/with-repository.ts';
import { makePlace, start } from './with-cli.ts';

const files = { 'specs/one.yaml': tinySpec('box/'), 'box/a.txt': 'a\n' };

/** The program with keys of its own. */
const makeKeys = async (t: Parameters<typeof makePlace>[0]) => {
  const place = await makePlace(t, files);
  const keys = join(temporaryFolder(t), 'keys');
  const environment = { PANTHEON_KEYS: keys, PANTHEON_STATE: join(place.state.root, '..') };
  const pantheon = (...args: readonly string[]) => start(args, place.folder, environment);
  return { ...place, keys, pantheon };
};

test('keys are made, listed, rotated and exported', async (t) => {
  const { pantheon, keys, folder } = await makeKeys(t);
  t.regex(
    (await pantheon('keys', 'list')).stdout,
    /^There is no key in .*; the first night makes one/,
  );
  const made = await pantheon('keys', 'new');
  t.regex(made.stdout, /^[0-9a-f]{64} signs for this runner/);
  const again = await pantheon('keys', 'new');
  t.deepEqual([again.code, again.stdout], [2, '']);
  t.regex(again.stderr, /has a key already; "pantheon keys rotate"/);
  t.is((await pantheon('keys', 'export')).code, 0);
  t.is((await pantheon('keys', 'rotate')).code, 0);
  const listed = JSON.parse((await pantheon('keys', 'list', '--json')).stdout);
  t.is(listed.folder, keys);
  t.is(listed.keys.length, 2);
  t.regex((await pantheon('keys', 'list')).stdout, /retired \S+\n[0-9a-f]{64} {2}\S+ signs\n$/);
  await pantheon('keys', 'export');
  const exported = JSON.parse(readFileSync(join(folder, 'pantheon-keys.json'), 'utf8'));
  t.deepEqual(exported.keys, listed.keys, 'each once, the retired one as such');
  t.is(
    (await pantheon('keys', 'export', '--out', '-')).stdout,
    JSON.stringify(exported, null, 2).concat('\n'),
  );
  t.is(readdirSync(keys).filter((name) => name.endsWith('.pem')).length, 1);
  writeFileSync(join(folder, 'pantheon-keys.json'), '[]');
  t.is((await pantheon('keys', 'export')).code, 2);
});

confinedTest(
  'a night is verified by what the repository has committed, and seals go with the state',
  async (t) => {
    const { pantheon, run, keys, state, folder } = await makeKeys(t);
    // The exams of this state were sealed with another key.
    const refused = await pantheon('night', '--date', '2026-11-21T02:00:00Z');
    t.is(refused.code, 2);
    t.regex(refused.stderr, /seal\.json: is signed by \w+, which is not a key of this runner/);
    t.regex((await pantheon('keys', 'seal')).stdout, /is sealed as it is\.$/m);
    const night = await pantheon('night', '--date', '2026-11-21T02:00:00Z');
    t.is(night.code, 0, night.stderr);
    const good = await pantheon('trace', 'verify', '2026-11-21');
    t.deepEqual([good.code, good.stderr], [0, '']);
    t.regex(good.stdout, /^2026-11-21: as [0-9a-f]{64} signed it, with \d+ bundles\.\n$/);

    await pantheon('keys', 'export');
    run(['add', 'pantheon-keys.json']);
    run(['commit', '-q', '-m', 'Keys']);
    rmSync(keys, { recursive: true });
    t.is((await pantheon('trace', 'verify', '2026-11-21')).code, 0, 'by the committed ones');
    t.false(existsSync(keys), 'to verify makes no key');
    writeFileSync(join(folder, 'none.json'), '{"version":1,"keys":[]}');
    const other = await pantheon('trace', 'verify', '2026-11-21', '--keys', 'none.json', '--json');
    t.is(other.code, 1);
    const { ok, changed } = JSON.parse(other.stdout);
    t.deepEqual([ok, changed[0].what], [false, 'signature.json']);

    writeFileSync(join(state.traces, '2026-11-21/report.md'), 'All is well.\n');
    const bad = await pantheon('trace', 'verify', '2026-11-21');
    t.is(bad.code, 1);
    t.is(bad.stdout, '2026-11-21: changed.\n  report.md is not as it was signed\n');
    for (const args of [
      ['2026-11-22'],
      ['2026-11-21/one'],
      ['2026-11-21', '--keys', 'nowhere.json'],
    ]) {
      t.is((await pantheon('trace', 'verify', ...args)).code, 2, args.join(' '));
    }
    run(['rm', '-q', 'pantheon-keys.json']);
    run(['commit', '-q', '-m', 'No keys']);
    t.regex(
      (await pantheon('trace', 'verify', '2026-11-21')).stderr,
      /there are no keys to verify with/,
    );
  },
);
