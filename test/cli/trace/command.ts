// SPDX-License-Identifier: GPL-3.0-only
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { openTraces } from '../../../src/trace/open-traces.ts';
import { confinedTest } from '../../boundary/with-bubblewrap.ts';
import { everyMoment } from '../../night/support/resumed.ts';
import { tinySpec } from '../../night/support/tiny-house.ts';
import { wholeFile } from '../../night/support/whole-file.ts';
import { houseIn } from '../../night/support/with-night.ts';
import { readSpans } from '../../trace/otlp.ts';
import { temporaryFolder } from '../../workspace/with-repository.ts';
import { makePlace, type Place } from '../with-cli.ts';

const night = '2026-11-01';

const shared = wholeFile();

/** A place after a night, which the tests only read: one unit approved, one given up. */
const worked = (async (): Promise<Place & { readonly unit: string }> => {
  const place = await makePlace(shared, {
    'specs/one.yaml': tinySpec('box/'),
    'specs/two.yaml': tinySpec('nowhere/*.txt'),
    'box/a.txt': 'a\n',
    'box/b.txt': 'b fail no idea\n',
  });
  const { spec } = await houseIn(shared, { ...place, head: '' }).night({ state: place.state });
  const unit = spec('one').unitDetails.find(({ paths }) => paths[0] === 'box/a.txt')?.id ?? '';
  return { ...place, unit };
})();

test('trace show lists what there is, and shows one bundle as a person reads it', async (t) => {
  const { pantheon, unit } = await worked;
  const all = (await pantheon('trace', 'show', night)).stdout.trim().split('\n');
  // A hidden patch may have gone along.
  t.is(all.filter((address) => !address.includes('/_exam-')).length, 8);
  t.true(all.includes(`${night}/one/_spec/merge`));
  const addresses = (await pantheon('trace', 'show', `${night}/one/${unit}/`)).stdout
    .trim()
    .split('\n');
  t.deepEqual(
    addresses.map((address) => address.split('/').at(-1)),
    ['reviewA', 'reviewB', 'test', 'work'],
  );
  const shown = await pantheon('trace', 'show', `${night}/one/${unit}/work`);
  t.is(shown.code, 0, shown.stderr);
  t.regex(shown.stdout, /write_file/);
  t.regex(shown.stdout, /^ *\+done$/m);
  const json = JSON.parse(
    (await pantheon('trace', 'show', `${night}/one/${unit}/work`, '--json')).stdout,
  );
  t.deepEqual(json.address, { spec: 'one', unit, node: 'work' });
  t.true(json.files['diff.patch'].includes('+done'));
});

test('trace show extracts a bundle’s files', async (t) => {
  const { pantheon, unit } = await worked;
  const into = join(temporaryFolder(t), 'out');
  const { code, stderr } = await pantheon(
    ...['trace', 'show', `${night}/one/${unit}/work`, '--extract', into],
  );
  t.is(code, 0, stderr);
  const files = readdirSync(into, { recursive: true, encoding: 'utf8' }).join(' ');
  for (const name of [
    'input.json',
    'prompt.txt',
    'tool_calls.jsonl',
    'output.json',
    'diff.patch',
    'manifest.json',
  ]) {
    t.true(files.includes(name), name);
  }
});

const wrong: Readonly<Record<string, readonly [address: string, message: RegExp]>> = {
  'a night that is none': [
    '2026-12-24/one',
    /there is no night "2026-12-24"; there are 2026-11-01/,
  ],
  'a spec that is none': [`${night}/three`, /2026-11-01\/three has no bundle/],
  'a node that left none': [
    `${night}/one/_spec/work`,
    /left no bundle; see pantheon trace show 2026-11-01/,
  ],
  'a way out further down': [
    `${night}/one/../../x`,
    /is not the address of a bundle\. Write SPEC\/UNIT\/NODE/,
  ],
};

test('an address that leads nowhere is told in one line with what there is', async (t) => {
  const { pantheon } = await worked;
  for (const [what, [address, message]] of Object.entries(wrong)) {
    const { code, stderr } = await pantheon('trace', 'show', address);
    t.is(code, 2, what);
    t.regex(stderr, message, what);
    t.is(stderr.trim().split('\n').length, 1);
  }
  t.is((await pantheon('replay', `${night}/three`)).code, 2);
});

test('replay says whether the output is the same', async (t) => {
  const { pantheon, unit, state } = await worked;
  const before = readFileSync(join(state.traces, night, 'journal.jsonl'), 'utf8');
  for (const node of [`one/${unit}/work`, `one/_spec/merge`]) {
    const { code, stdout, stderr } = await pantheon('replay', `${night}/${node}`);
    t.is(code, 0, stderr);
    t.is(stdout, `${night}/${node}: the same output again.\n`);
  }
  const json = await pantheon('replay', `${night}/one/_spec/plan`, '--json');
  t.deepEqual(JSON.parse(json.stdout), { same: true, differences: [], changed: [] });
  t.is(readFileSync(join(state.traces, night, 'journal.jsonl'), 'utf8'), before);
});

confinedTest(
  'one node at a time, each in a process of its own, gives what a night gives',
  async (t) => {
    const { alone, pantheon, state } = await worked;
    // The same night, decided and not worked.
    const traces = temporaryFolder(t);
    const decided = join(traces, night);
    mkdirSync(decided);
    cpSync(join(state.traces, night, 'night.json'), join(decided, 'night.json'));
    const counts: Record<string, unknown> = {};
    for (const node of ['plan', 'work', 'test', 'reviewA', 'reviewB', 'merge']) {
      const run = everyMoment || node === 'work' ? alone : pantheon;
      const { code, stdout, stderr } = await run('node', node, '--night', decided, '--json');
      t.is(code, 0, stderr);
      counts[node] = JSON.parse(stdout);
    }
    t.deepEqual(counts, {
      plan: { ok: 1, failed: 1, skipped: 0 },
      work: { ok: 1, failed: 1, skipped: 0 },
      test: { ok: 1, failed: 0, skipped: 1 },
      reviewA: { ok: 1, failed: 0, skipped: 1 },
      reviewB: { ok: 1, failed: 0, skipped: 1 },
      merge: { ok: 1, failed: 0, skipped: 0 },
    });
    const decisionIn = (folder: string) =>
      openTraces(folder).read({ spec: 'one', unit: '_spec', node: 'merge' })?.files['output.json'];
    t.true(decisionIn(decided)?.includes('"commit"'));
    t.is(decisionIn(decided), decisionIn(join(state.traces, night)));
    t.true(existsSync(join(decided, 'one/pull-request/commit.bundle')));
    const none = await pantheon('node', 'lunch', '--night', decided);
    t.is(none.code, 2);
    t.regex(none.stderr, /no flow of night 2026-11-01 has a node "lunch"; there are plan, work/);
  },
);

test('trace export writes spans of rules too, a line for each unit, into a new file', async (t) => {
  const { pantheon } = await worked;
  const file = join(temporaryFolder(t), 'spans.jsonl');
  const args = ['trace', 'export', night, '--format', 'otlp', '--out', file];
  const { code, stdout, stderr } = await pantheon(...args, '--json');
  t.is(code, 0, stderr);
  const text = readFileSync(file, 'utf8');
  t.deepEqual(JSON.parse(stdout), {
    ...{ file, format: 'otlp', lines: text.trimEnd().split('\n').length },
  });
  const roots = readSpans(text).filter(({ parentSpanId }) => parentSpanId === undefined);
  t.deepEqual(
    roots.map(({ values }) => [values['pantheon.spec'], values['error.type']]),
    [
      ['one', undefined],
      ['two', 'plan.no-file'],
    ],
  );
  t.is(roots[0]?.values['pantheon.outcome'], 'pull-request');
  t.like(await pantheon(...args), { code: 2 }, 'what is there is not written over');
});

test('trace export says which lines of a pull request were written', async (t) => {
  const { pantheon, run } = await worked;
  const exported = await pantheon('trace', 'export', `${night}/one`, '--format', 'agent-trace');
  t.is(exported.code, 0, exported.stderr);
  const [record, ...more] = exported.stdout.trimEnd().split('\n');
  t.deepEqual(more, []);
  const { vcs, files } = JSON.parse(record ?? '');
  t.deepEqual(files, [
    { path: 'box/a.txt', conversations: [{ ranges: [{ start_line: 2, end_line: 2 }] }] },
  ]);
  t.is(run(['show', `${vcs.revision}:box/a.txt`]).split('\n')[1], 'done');
  const none = await pantheon('trace', 'export', `${night}/two`, '--format', 'agent-trace');
  t.deepEqual([none.code, none.stdout], [0, '']);
  t.regex(none.stderr, /has nothing for agent-trace/);
});

for (const [what, args, reason] of [
  ['another format', [night, '--format', 'csv'], /"csv" is not a format.*otlp, atif, agent-trace/],
  ['a unit', [`${night}/one/u`, '--format', 'atif'], /neither a night nor a spec of it/],
  ['a spec that is not there', [`${night}/six`, '--format', 'atif'], /neither a night nor a spec/],
] as const) {
  test(`trace export refuses ${what}`, async (t) => {
    const { pantheon } = await worked;
    const { code, stderr } = await pantheon('trace', 'export', ...args);
    t.is(code, 2);
    t.regex(stderr, reason);
  });
}

test('trace prune wants to be told what is kept, and says why it keeps a night', async (t) => {
  const { pantheon } = await worked;
  for (const args of [[], ['--keep', '1d', '--keep-nights', '3'], ['--keep', 'soon']]) {
    const { code, stderr } = await pantheon('trace', 'prune', ...args);
    t.is(code, 2);
    t.regex(stderr, /either --keep 30d, or --keep-nights 20|--keep: "soon" is not a time/);
  }
  const { stdout } = await pantheon('trace', 'prune', '--keep', '1d', '--json');
  t.like(JSON.parse(stdout), {
    dryRun: false,
    nights: [{ night, kept: 'it is the last night', specs: 2 }],
    bytes: 0,
  });
  const said = await pantheon('trace', 'prune', '--keep-nights', '1', '--dry-run');
  t.regex(said.stdout, /^2026-11-01: kept, 0\.\d MB of 2 specs: it is the last night\.\n/);
  t.regex(said.stdout, /\n0 nights would be pruned, 0\.0 MB; 1 kept\.\n$/);
});
