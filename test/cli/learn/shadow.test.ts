// SPDX-License-Identifier: GPL-3.0-only
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { shadowPlace, writeEval } from '../../../src/learn/eval/kept-eval.ts';
import { readNight } from '../../../src/night/record/night-folder.ts';
import { shadowLines } from '../../../src/night/record/shadow-records.ts';
import { stateAt } from '../../../src/night/record/state-folder.ts';
import { acquireLock } from '../../../src/trace/lock.ts';
import { openTraces } from '../../../src/trace/open-traces.ts';
import { partOf } from '../../morning/page/part-of.ts';
import { tinyConfig, tinySpec } from '../../night/support/tiny-house.ts';
import { writeFiles } from '../../workspace/with-repository.ts';
import { commitVersions, evaluated, labSpecs, makeLab } from './versions.ts';

/*
 * Real nights of a real model with real adapters: what it writes is noise, so neither version has a spec accepted, and
 * what is looked at is who worked what, and where that went.
 */

const name = 'tiny.worker@2';

const makeShadowed = async (t: ExecutionContext, texts: Readonly<Record<string, string>>) => {
  const lab = await makeLab(t, texts);
  const worker =
    '{ engine: llama, model: tiny, processes: 1, threads: 1, contextTokens: 8192, adapter: tiny.worker@champion }';
  writeFiles(lab.folder, { 'pantheon.yaml': tinyConfig('', `    tiny.worker: ${worker}\n`) });
  await commitVersions(lab, [1, 2], { champion: 1, candidate: { version: 2, shadow: 1 } });
  return lab;
};

type Lab = Awaited<ReturnType<typeof makeShadowed>>;

const nightOf = (lab: Lab, day: number) =>
  lab.pantheonIn('night', '--specs', lab.queue, '--date', `2026-11-${day}T02:00:00Z`, '--json');

const adapterIn = (folder: string, spec: string): unknown => {
  const traces = openTraces(folder);
  const work = traces.list(spec).find(({ node }) => node === 'work');
  const bundle = work && traces.read(work);
  return JSON.parse(bundle?.files['metrics.json'] ?? '{}').runtime?.adapter;
};

/** The folders of the trials that worked a night's shadow. */
const trialsOf = (lab: Lab, night: string): readonly string[] => {
  const place = join(shadowPlace(lab.state, name), night);
  return readdirSync(place)
    .filter((trial) => trial.startsWith('candidate-'))
    .flatMap((trial) => {
      const traces = join(place, trial, 'state', 'traces');
      return readdirSync(traces).map((night) => join(traces, night));
    });
};

test('a candidate works in the shadow what the champion worked, and nothing of it counts', async (t) => {
  t.timeout(600_000);
  const lab = await makeShadowed(t, { ada: 'a\n', bob: 'b\n', learned: 'c\n' });
  const { code, stderr, stdout } = await nightOf(lab, 20);
  t.is(code, 0, stderr);
  t.regex(stderr, /tiny\.worker@2 works 2 specs of the night again, in the shadow\./);
  t.is(JSON.parse(stdout).specs.length, 3);
  t.deepEqual(readdirSync(lab.state.traces), ['2026-11-20'], 'no night beside the night');
  const folder = join(lab.state.traces, '2026-11-20');
  const { specs } = await readNight(folder);
  t.true(specs.every(({ canary, route }) => canary === undefined && route === undefined));
  for (const id of ['ada', 'bob', 'learned']) t.is(adapterIn(folder, id), 'tiny.worker@1');
  const [trial = ''] = trialsOf(lab, '2026-11-20');
  t.is(adapterIn(trial, 'ada'), name);
  t.is(adapterIn(trial, 'learned'), undefined, 'it has learned from that one');
  t.true(existsSync(join(trial, 'signature.json')), 'signed as a night is');
  const worked = readFileSync(lab.state.outcomes, 'utf8').trim().split('\n');
  t.is(worked.length, 3, 'an outcome for each spec, of the champion');
  t.is(lab.run(['for-each-ref', '--format=%(refname:short)', 'refs/heads/pantheon/']), '');
  const line =
    'In the shadow, with nothing opened, tiny.worker@2 worked 2 of 2 specs that tiny.worker@1 worked: both accepted 0, only tiny.worker@2 0, only tiny.worker@1 0, neither 2.';
  t.true(stderr.includes(line), stderr);
  t.deepEqual(shadowLines(lab.state.root, '2026-11-20'), [line]);
  const page = readFileSync(join(folder, 'report.html'), 'utf8');
  t.true(JSON.stringify(partOf(page, 'report')).includes(line));
  const verified = await lab.pantheonIn('trace', 'verify', '2026-11-20');
  t.is(verified.code, 0, verified.stdout + verified.stderr);
  const told = await lab.pantheonIn('eval', name, '--shadows', '--json');
  t.is(told.code, 0, told.stderr);
  const result = JSON.parse(told.stdout);
  t.like(result, {
    candidate: { version: 2 },
    incumbent: { name: 'tiny.worker@1' },
    cases: [
      { id: 'ada', candidate: { accepted: false }, incumbent: { accepted: false } },
      { id: 'bob', candidate: { accepted: false }, incumbent: { accepted: false } },
    ],
  });
  for (const side of ['candidate', 'incumbent']) {
    t.true(result.cases[0][side].tokens.completion > 0, side);
  }
  // The next night adds what it works, and works nothing of before again.
  writeFiles(lab.queue, { 'cyd.yaml': tinySpec('bob/', 'flow: tiny\n') });
  const next = await nightOf(lab, 21);
  t.is(next.code, 0, next.stderr);
  t.regex(next.stderr, /tiny\.worker@2 worked 1 of 1 spec that tiny\.worker@1 worked/);
  const both = JSON.parse((await lab.pantheonIn('eval', name, '--shadows', '--json')).stdout);
  t.deepEqual(
    both.cases.map(({ id }: { readonly id: string }) => id),
    ['ada', 'bob', 'cyd'],
  );
  t.deepEqual(both.cases.slice(0, 2), result.cases);
  t.true(existsSync(trial), 'its evidence stays');
  t.is(adapterIn(trialsOf(lab, '2026-11-21')[0] ?? '', 'cyd'), name);
});

test('a shadow that cannot be worked costs the night nothing', async (t) => {
  t.timeout(600_000);
  const lab = await makeShadowed(t, { ada: 'a\n' });
  // Another repository's night is at work: the shadow leaves the machine to it.
  const { lock } = stateAt(join(dirname(lab.state.root), 'another'));
  const release = await acquireLock(lock, 'night');
  const busy = await nightOf(lab, 19);
  release();
  t.is(busy.code, 0, busy.stderr);
  t.regex(
    shadowLines(lab.state.root, '2026-11-19').join(),
    /tiny\.worker@2 worked 0 of 1 spec .* did not come to its end: another night began: process \d+ /,
  );
  writeFileSync(join(lab.models, name, 'README.md'), 'another\n');
  writeFiles(lab.queue, { 'bob.yaml': tinySpec('ada/', 'flow: tiny\n') });
  const { code, stderr, stdout } = await nightOf(lab, 20);
  t.is(code, 0, stderr);
  t.is(JSON.parse(stdout).specs.length, 2, stdout);
  const [line = ''] = shadowLines(lab.state.root, '2026-11-20');
  t.regex(
    line,
    /tiny\.worker@2 worked 0 of 1 spec .* It did not come to its end: its files have sha256 \w{64}, and registry\.yaml has \w{64}\.$/,
  );
  t.true(stderr.includes(line));
  const none = await lab.pantheonIn('eval', name, '--shadows');
  t.is(none.code, 1);
  t.regex(none.stdout, /^ada says nothing yet: it was not worked$/m);
  const never = await lab.pantheonIn('eval', 'tiny.worker@1', '--shadows');
  t.is(never.code, 1);
  t.is(never.stdout, 'No night has had it work in the shadow.\n');
});

test('what nights saw in the shadow counts where a version is judged, if judged by the same', async (t) => {
  t.timeout(600_000);
  const lab = await makeLab(t, labSpecs(8, 0));
  await commitVersions(lab, [1], { champion: 1 });
  const registry = readFileSync(join(lab.folder, 'registry.yaml'), 'utf8');
  const incumbent = {
    name: 'tiny.worker@1',
    adapter: /adapter: (\w{64})/.exec(registry)?.[1] ?? '',
  };
  const isEvaluated = (id: string) => id < 's3';
  await evaluated(t, lab, 'default', incumbent, { only: isEvaluated });
  const promote = () =>
    lab.pantheonIn('promote', name, '--least-pairs', '8', '--dry-run', '--json');
  t.like(JSON.parse((await promote()).stdout), { verdict: 'EXTEND', code: 'promote.few-pairs' });
  const shadow = { only: (id: string) => !isEvaluated(id), placeOf: shadowPlace };
  const kept = await evaluated(t, lab, 'default', incumbent, shadow);
  const both = await promote();
  t.is(both.code, 0, both.stderr);
  t.regex(both.stderr, /5 specs that nights had tiny\.worker@2 work in the shadow count too\./);
  t.like(JSON.parse(both.stdout), {
    ...{ verdict: 'PROMOTE', code: 'promote.better' },
    pairs: { both: 0, candidate: 8, incumbent: 0, neither: 0 },
  });
  const judged = { ...kept.result, evaluator: 'f'.repeat(64) };
  writeEval(shadowPlace(lab.state, name), { ...kept, result: judged });
  const other = await promote();
  t.like(JSON.parse(other.stdout), { code: 'promote.few-pairs', pairs: { candidate: 3 } });
  t.regex(other.stderr, /in the shadow is left out: .* judges\./);
});
