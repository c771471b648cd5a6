// SPDX-License-Identifier: GPL-3.0-only
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { readDatasets } from '../../../src/learn/mine/mined-datasets.ts';
import { stateFolder } from '../../../src/night/record/state-folder.ts';
import { openedSpec } from '../../learn/mine/sample-nights.ts';
import { writeNightFolder } from '../../morning/page/sample-night.ts';
import { makeRepository, temporaryFolder } from '../../workspace/with-repository.ts';
import { start } from '../with-cli.ts';

const nights = (t: ExecutionContext, begun: Readonly<Record<string, string>>) => {
  const { folder } = makeRepository(t, { 'a.md': '# A\n' });
  const [traces, state] = [temporaryFolder(t), temporaryFolder(t)];
  for (const [night, startedAt] of Object.entries(begun)) {
    mkdirSync(join(traces, night));
    const specs = [openedSpec(`tidy-${night}`, { u: { path: `${night}.md` } })];
    writeNightFolder(join(traces, night), specs, { night, startedAt });
  }
  const out = join(state, 'rows');
  const run = (...args: readonly string[]) =>
    start(['mine', '--traces', traces, ...args], folder, { PANTHEON_STATE: state });
  return { traces, folder, root: state, out, run };
};

const two = { '2026-11-20': '2026-11-20T01:00:00Z', '2026-11-21': '2026-11-21T01:00:00Z' };

test('rows and their card, whose head names every file', async (t) => {
  const { out, run } = nights(t, two);
  const { code, stdout } = await run('--out', out);
  t.is(code, 0);
  t.regex(stdout, /^2 steps of 2 nights became rows; \d groups? for training, \d held out\.\n/);
  t.regex(stdout, /Left out: 4, because a review of a patch about which no person decided\./);
  const card = readFileSync(join(out, 'README.md'), 'utf8');
  const rows = readdirSync(out).filter((name) => name.endsWith('.jsonl'));
  t.true(rows.length > 0 && rows.every((name) => card.includes(`    path: ${name}\n`)));
  t.regex(card, /\npantheon mine --out rows --since 2026-11-20 --held-out 0\.1\n/);
});

test('nights of the state folder are remembered with what was mined of them, others are not', async (t) => {
  const { traces, folder, root, out, run } = nights(t, two);
  const state = stateFolder(join(folder, '.git'), { PANTHEON_STATE: root });
  await run('--out', out);
  t.deepEqual(readDatasets(state.datasets), []);
  cpSync(traces, state.traces, { recursive: true });
  const { code, stderr } = await run('--traces', state.traces, '--out', `${out}-2`);
  t.is(code, 0, stderr);
  t.like(readDatasets(state.datasets), [
    { folder: `${out}-2`, nights: Object.keys(two), bundles: { count: 2 } },
  ]);
});

test('only nights since one, as JSON, and a dry run writes nothing', async (t) => {
  const { out, run } = nights(t, two);
  const { stdout } = await run('--dry-run', '--json', '--since', '2026-11-21', '--out', out);
  t.like(JSON.parse(stdout), { nights: 1, bundles: { count: 1 } });
  t.throws(() => readdirSync(out), { code: 'ENOENT' });
});

test('no rows are exit code 1, mistakes are 2 and say what to do', async (t) => {
  const { out, run, traces } = nights(t, two);
  t.is((await run('--dry-run', '--agent', 'nobody')).code, 1);
  mkdirSync(out);
  writeFileSync(join(out, 'old.jsonl'), '');
  for (const [args, told] of [
    [[], /nothing says where the rows go\. Add --out DIR/],
    [['--out', out], /rows is not empty\. Name another folder/],
    [['--out', `${out}2`, '--held-out', '2'], /"2" is not a share\. Write one from 0/],
    [['--dry-run', '--licence', 'a\nb'], /is not an id\. Write one such as gpl-3\.0/],
    [['--dry-run', '--since', 'soon'], /"soon" is not a time/],
    [['--dry-run', '--since', '2027-01-01'], /no night began since 2027-01-01/],
    [['--dry-run', '--traces', out], /no night has ended yet in /],
  ] as const) {
    const { code, stderr } = await run(...args);
    t.is(code, 2);
    t.regex(stderr, told);
  }
  t.true(readdirSync(traces).length === 2);
});
