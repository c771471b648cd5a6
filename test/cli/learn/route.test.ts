// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { parseRegistry, renderRegistry, withAgent } from '../../../src/engine/models/registry.ts';
import { shadowPlace } from '../../../src/learn/eval/kept-eval.ts';
import { tinySpec } from '../../night/support/tiny-house.ts';
import { writeFiles } from '../../workspace/with-repository.ts';
import { commitVersions, evaluated, labSpecs, makeLab } from './versions.ts';

type Lab = Awaited<ReturnType<typeof makeLab>>;

const bar = ['--least-specs', '3', '--least-pairs', '12'];

/** The first version is the champion; the hard specs ask for a chore, and the others for none that is there. */
const makeRouted = async (t: ExecutionContext, hard: number, easy: number): Promise<Lab> => {
  const lab = await makeLab(t, labSpecs(hard, easy));
  for (let at = 0; at < hard; at += 1) {
    const text = tinySpec(`s${at}/`);
    writeFiles(lab.queue, {
      [`s${at}.yaml`]: `flow: tiny\n${text}  - "\`zzz\` no longer appears"\n`,
    });
  }
  await commitVersions(lab, [1], { champion: 1 });
  return lab;
};

const registryOf = (lab: Lab) =>
  parseRegistry({
    name: 'registry.yaml',
    text: readFileSync(join(lab.folder, 'registry.yaml'), 'utf8'),
  }).agents['tiny.worker'];

test('a version that is better at one chore is routed to for that, by a pull request', async (t) => {
  t.timeout(300_000);
  const lab = await makeRouted(t, 7, 6);
  const nothing = await lab.pantheonIn('route', 'tiny.worker', ...bar);
  t.is(nothing.code, 1, nothing.stderr);
  t.regex(nothing.stdout, /^No night and no evaluation has specs that a version of tiny\.worker/);
  const champion = registryOf(lab)?.versions[0]?.adapter;
  const incumbent = {
    name: 'tiny.worker@1',
    ...(champion !== undefined && { adapter: champion }),
  };
  // Some of it was evaluated on purpose, and the rest seen by nights in the shadow.
  const inShadow = new Set(['s5', 's6', 's11', 's12']);
  const kept = await evaluated(t, lab, 'proud', incumbent, { only: (id) => !inShadow.has(id) });
  t.is(kept.result.cases.filter(({ candidate }) => candidate?.accepted).length, 5);
  await evaluated(t, lab, 'proud', incumbent, {
    only: (id) => inShadow.has(id),
    placeOf: shadowPlace,
  });
  const dry = await lab.pantheonIn('route', 'tiny.worker', ...bar, '--dry-run');
  t.is(dry.code, 0, dry.stdout + dry.stderr);
  t.regex(dry.stdout, /^no chore: the champion; @1 6 of 6 \(\d+ %\), @2 0 of 6/m);
  t.regex(dry.stdout, /^absent: tiny\.worker@2; @1 0 of 7 \(\d+ %\), @2 7 of 7/m);
  t.regex(dry.stdout, /^The routes: PROMOTE \[promote\.better\]$/m);
  t.regex(dry.stdout, /best in hindsight 13, routed 13, the champion alone 6$/m);
  t.regex(dry.stdout, /regret of the champion alone: 7 of 13, 53\.8 % \(\d/);
  t.regex(dry.stdout, /^Nothing was proposed\.$/m);
  t.is(registryOf(lab)?.routes, undefined);
  const few = await lab.pantheonIn('route', 'tiny.worker');
  t.is(few.code, 1);
  t.regex(few.stdout, /^The routes: EXTEND \[promote\.few-pairs\]$/m);
  const { code, stdout, stderr } = await lab.pantheonIn('route', 'tiny.worker', ...bar, '--json');
  t.is(code, 0, stderr);
  const said = JSON.parse(stdout);
  t.like(said, { champion: 1, judged: { verdict: 'PROMOTE' }, regret: { best: 13, routed: 13 } });
  t.is(registryOf(lab)?.routes, undefined, 'nothing before it is merged');
  t.is((await lab.pantheonIn('accept', said.branch, '--merge')).code, 0);
  t.deepEqual(registryOf(lab)?.routes, {
    champion: 1,
    table: [{ chores: ['absent'], version: 2 }],
  });
  t.like(registryOf(lab)?.versions[1], { version: 2, adapter: kept.result.candidate.adapter });
  const again = await lab.pantheonIn('route', 'tiny.worker', ...bar);
  t.is(again.code, 2);
  t.regex(again.stderr, /registry\.yaml has these routes already/);
  // Who is promoted has no routes beside it: they are of one champion.
  await evaluated(t, lab, 'default', kept.result.incumbent);
  const promoted = await lab.pantheonIn('promote', 'tiny.worker@2', '--least-pairs', '8', '--json');
  t.is(promoted.code, 0, promoted.stderr);
  t.is((await lab.pantheonIn('accept', JSON.parse(promoted.stdout).branch, '--merge')).code, 0);
  t.like(registryOf(lab), { champion: 2, before: [1] });
  t.is(registryOf(lab)?.routes, undefined);
});

test('what is not as it was evaluated routes nothing', async (t) => {
  t.timeout(300_000);
  const lab = await makeRouted(t, 7, 6);
  const champion = registryOf(lab)?.versions[0]?.adapter ?? '';
  await evaluated(t, lab, 'proud', { name: 'tiny.worker@1', adapter: champion });
  writeFileSync(join(lab.models, 'tiny.worker@2', 'README.md'), 'another\n');
  const changed = await lab.pantheonIn('route', 'tiny.worker', ...bar);
  t.is(changed.code, 1);
  t.regex(changed.stderr, /evaluation of tiny\.worker@2 is left out: its files have changed since/);
  t.regex(changed.stdout, /^No night and no evaluation has specs/);
  rmSync(join(lab.models, 'tiny.worker@2', 'README.md'));
  writeFiles(lab.folder, { 'agents/reviewer/prompt.md': 'Say another thing.\n' });
  lab.run(['commit', '-qam', 'Change']);
  const judged = await lab.pantheonIn('route', 'tiny.worker', ...bar);
  t.is(judged.code, 1);
  t.regex(judged.stderr, /evaluation of tiny\.worker@2 is left out: other agents, .* judge today/);
  const registry = withAgent({ version: 1, agents: {} }, 'tiny.worker', {
    versions: registryOf(lab)?.versions ?? [],
  });
  writeFiles(lab.folder, { 'registry.yaml': renderRegistry(registry) });
  lab.run(['commit', '-qam', 'Demote']);
  const none = await lab.pantheonIn('route', 'tiny.worker', ...bar);
  t.is(none.code, 2);
  t.regex(none.stderr, /registry\.yaml has no champion of tiny\.worker.* pantheon promote/);
});
