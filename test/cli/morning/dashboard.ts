// SPDX-License-Identifier: GPL-3.0-only
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { makeGithub } from '../../forge/github/with-github.ts';
import { unitBundles, writeNightFolder } from '../../morning/page/sample-night.ts';
import { redBinSummary, specSummary } from '../../morning/summaries.ts';
import { makeRepository, temporaryFolder } from '../../workspace/with-repository.ts';
import { start } from '../with-cli.ts';

const ago = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();

/** A state folder with nights, by how many days ago they began; one is cut and one was never published. */
const stateWith = (t: ExecutionContext, begun: Readonly<Record<string, string>>): string => {
  const traces = join(temporaryFolder(t), 'traces');
  for (const [night, startedAt] of Object.entries(begun)) {
    const folder = join(traces, night);
    mkdirSync(folder, { recursive: true });
    const specs = [
      [specSummary('one'), unitBundles('u')],
      [redBinSummary('two'), unitBundles('u')],
      [specSummary('three', { outcome: 'skipped', code: 'queue.depends' }), {}],
      [specSummary('four', { outcome: 'skipped', code: 'queue.merged' }), {}],
    ] as const;
    writeNightFolder(folder, specs, { night, startedAt });
  }
  const today = ago(0).slice(0, 10);
  for (const [name, file] of [
    [`${today}-8`, 'summary.json'],
    [`${today}-9`, 'night.json'],
    ['2020-01-01', 'summary.json'],
  ] as const) {
    mkdirSync(join(traces, name));
    writeFileSync(join(traces, name, file), '{"version":0}');
  }
  const decision = {
    ...{ at: ago(0), branch: 'pantheon/one', spec: 'one', specDigest: 'd', night: 'fresh' },
    ...{ commit: 'c', digest: 'e' },
  };
  const lines = ['reject', 'accept'].map((said) => JSON.stringify({ ...decision, decision: said }));
  writeFileSync(join(traces, '..', 'decisions.jsonl'), `${lines.join('\n')}\n`);
  return traces;
};

const dashboard = (traces: string, ...args: readonly string[]) =>
  start(['dashboard', '--traces', traces, ...args], traces, {});

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();

test('pages of many nights, which lead to each other; the same nights give the same bytes', async (t) => {
  const traces = stateWith(t, { old: ago(40), fresh: ago(2), last: ago(1) });
  const { stdout, stderr, code } = await dashboard(traces);
  const out = join(traces, '..', 'dashboard');
  t.is(code, 0, stderr);
  t.is(stdout, `${join(out, 'index.html')}\n`);
  const files = ['dashboard.json', 'index.html', 'nights', 'nights/fresh.html', 'nights/last.html'];
  t.deepEqual(filesIn(out), files);
  const bytes = (folder: string) =>
    ['dashboard.json', 'index.html', 'nights/last.html'].map((name) =>
      readFileSync(join(folder, name), 'utf8'),
    );
  const again = join(traces, '..', 'again');
  await dashboard(traces, '--out', again);
  t.deepEqual(bytes(again), bytes(out));
  t.regex(bytes(out)[1] ?? '', /default-src 'none'; script-src 'sha256-/);
});

test('--json counts by night, and says of each that cannot be read why', async (t) => {
  const traces = stateWith(t, { fresh: ago(2) });
  const { stdout } = await dashboard(traces, '--json');
  const { nights, unreadable } = JSON.parse(stdout);
  t.is(unreadable, 2);
  const { night, opened, accepted, rejected, red, pending } = nights[2];
  t.deepEqual(
    { night, opened, accepted, rejected, red, pending },
    { night: 'fresh', opened: 1, accepted: 1, rejected: 0, red: 1, pending: 1 },
  );
  t.regex(nights[0].fault, /is not the summary of a night that was published/);
  t.regex(nights[1].fault, /is missing: that night was not published/);
  t.false(existsSync(join(traces, '..', 'dashboard')));
});

test('a folder with other things in it is left as it is', async (t) => {
  const traces = stateWith(t, { fresh: ago(2) });
  const out = temporaryFolder(t);
  writeFileSync(join(out, 'index.html'), 'mine');
  const { code, stderr } = await dashboard(traces, '--out', out);
  t.is(code, 2);
  t.regex(stderr, /has other things in it\. Name an empty or a new folder with --out/);
  t.deepEqual(filesIn(out), ['index.html']);
});

test('where there is no such night, says what to do', async (t) => {
  const none = await dashboard(temporaryFolder(t));
  t.is(none.code, 2);
  t.regex(none.stderr, /no night has been worked yet in .*Run "pantheon night"/);
  const traces = stateWith(t, { fresh: ago(2) });
  t.regex((await dashboard(traces, '--since', '2999-01-01')).stderr, /Give an earlier --since/);
});

test('--issue makes the issue, then edits it, and exits with 1 where a person closed it', async (t) => {
  const made = await makeGithub(t);
  const config = 'forge: github\ngithub: { dashboard: true }\n';
  writeFileSync(join(made.repository, 'pantheon.yaml'), config);
  made.run(['add', 'pantheon.yaml']);
  made.run(['commit', '--quiet', '--message', 'Set up']);
  const environment = { ...made.environment, PANTHEON_STATE: join(made.home, 'states') };
  const asked = (...args: readonly string[]) =>
    start(['dashboard', '--issue', ...args], made.repository, environment);
  t.is((await asked()).stdout, '#1: made, 0 new ticks\n');
  t.deepEqual(JSON.parse((await asked('--json')).stdout), {
    ...{ state: 'unchanged', issue: 1, ticks: [] },
  });
  const [issue] = made.github.state.issues;
  if (issue) issue.state = 'closed';
  const { code, stderr } = await asked();
  t.is(code, 1);
  t.regex(stderr, /#1 is closed and was left alone/);
  made.clean();
});

test('--issue says how a repository comes to have one', async (t) => {
  const { folder } = makeRepository(t, { 'pantheon.yaml': 'forge: local\n' });
  const { code, stderr } = await start(['dashboard', '--issue'], folder, {});
  t.is(code, 2);
  t.regex(stderr, /keeps no dashboard issue\. Set "github: \{ dashboard: true \}"/);
});
