// SPDX-License-Identifier: GPL-3.0-only
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import type { SpecSummary, Summary } from '../../../src/morning/summary.ts';
import { contentsName, sealFolder } from '../../../src/night/jobs/artifact-contents.ts';
import { gatherArtifacts } from '../../../src/night/jobs/gather-artifacts.ts';
import { stateAt } from '../../../src/night/record/state-folder.ts';
import { startNight } from '../../../src/night/start-night.ts';
import type { BundleFiles } from '../../../src/trace/bundle.ts';
import { openTraces } from '../../../src/trace/open-traces.ts';
import { encodeDirectory, encodeEntry } from '../../../src/trace/zip-format.ts';
import { start } from '../../cli/with-cli.ts';
import { temporaryFolder } from '../../workspace/with-repository.ts';
import { wholeFile } from '../support/whole-file.ts';
import { passExams } from '../support/with-night.ts';
import { date, type Jobs, workJobs } from './with-jobs.ts';

const lasting = wholeFile();

const prepared: { jobs?: Jobs } = {};
const jobs = (): Jobs => prepared.jobs as Jobs;

test.before(async (t) => {
  t.timeout(300_000);
  prepared.jobs = await workJobs(lasting);
});

/** The artifacts, to do harm to. */
const copyArtifacts = (t: { readonly teardown: (clean: () => void) => void }): string => {
  const folder = join(temporaryFolder(t), 'artifacts');
  cpSync(jobs().artifacts, folder, { recursive: true });
  return folder;
};

const told = ({ specs }: Pick<Summary, 'specs'>) =>
  specs.map(({ id, outcome, reason, branch, commit, units, unitDetails }) => ({
    id,
    outcome,
    reason,
    branch,
    commit,
    units,
    unitDetails,
  }));

/** Publishes as a job of its own does, into a state folder of its own. */
const publish = async (
  t: { readonly teardown: (clean: () => void) => void },
  artifacts: string,
  ...more: readonly string[]
): Promise<{ readonly summary: Summary; readonly spec: (id: string) => SpecSummary }> => {
  const { place, digest } = jobs();
  const environment = { PANTHEON_STATE: join(temporaryFolder(t), 'state') };
  const args = ['publish', '--artifacts', artifacts, '--digest', digest, '--json', ...more];
  const { code, stdout, stderr } = await start(args, place.folder, environment);
  if (code !== 0) throw new Error(stderr);
  const summary: Summary = JSON.parse(stdout);
  return {
    summary,
    spec: (id) => summary.specs.find((spec) => spec.id === id) as SpecSummary,
  };
};

test('jobs of their own end a night as one process does', async (t) => {
  const { place, artifacts } = jobs();
  const state = stateAt(join(temporaryFolder(t), 'state'));
  await passExams(place.folder, state, ['tiny']);
  const { summary: whole } = await startNight({
    repository: place.folder,
    state,
    startedAt: date,
    example: true,
    resume: false,
    watch: { node: () => {}, spec: () => {} },
    say: () => {},
    signal: new AbortController().signal,
  });
  const { summary } = await publish(t, artifacts);
  t.deepEqual(told(summary), told(whole));
  t.deepEqual(summary.counts, { pullRequests: 2, redBins: 1, skipped: 1 });
  t.deepEqual(summary.reviewers, whole.reviewers);
});

test('trace show reads a night from its artifacts', async (t) => {
  const { place, artifacts } = jobs();
  const show = (...args: readonly string[]) =>
    place.pantheon('trace', 'show', '--artifacts', artifacts, ...args);
  const [night = ''] = (await show()).stdout.split('\n');
  t.regex((await show(`${night}/one`)).stdout, /^\S+\/one\/_spec\/merge$/m);
  const shown = await show(`${night}/one/_spec/merge`);
  t.deepEqual([shown.code, shown.stderr], [0, '']);
  t.regex(shown.stdout, /^one\/_spec\/merge {2}ok$/m);
  const harmed = copyArtifacts(t);
  writeFileSync(join(harmed, 'node.merge.shard-0.attempt-1', 'more'), '');
  const told = await place.pantheon('trace', 'show', '--artifacts', harmed, `${night}/one`);
  t.false(told.stdout.includes('merge'));
  t.regex(told.stderr, /^Not taken: node\.merge\.shard-0\.attempt-1/m);
});

test('a dry run says the same and keeps nothing', async (t) => {
  const { place, artifacts, digest } = jobs();
  const PANTHEON_STATE = join(temporaryFolder(t), 'state');
  const night = join(temporaryFolder(t), 'night');
  const { code, stdout } = await start(
    [
      'publish',
      '--artifacts',
      artifacts,
      '--digest',
      digest,
      '--night',
      night,
      '--dry-run',
      '--json',
    ],
    place.folder,
    { PANTHEON_STATE },
  );
  t.is(code, 0);
  t.like(JSON.parse(stdout), { dryRun: true, counts: { pullRequests: 2 } });
  const [state = ''] = readdirSync(PANTHEON_STATE);
  t.deepEqual(readdirSync(join(PANTHEON_STATE, state)), ['lock']);
});

const workOf = (artifacts: string, shard = 0): string =>
  join(artifacts, `node.work.shard-${shard}.attempt-1`);

/** Lists what lies in a folder anew, as somebody would who also changed something. */
const reseal = (folder: string, more: Readonly<Record<string, unknown>> = {}): Promise<string> => {
  const { artifact, night, complete } = JSON.parse(
    readFileSync(join(folder, contentsName), 'utf8'),
  );
  rmSync(join(folder, contentsName));
  return sealFolder(folder, { artifact, night, complete, ...more });
};

/** Leaves a pack of one bundle in place of a job's own for the spec `one`, sealed as a job does. */
const forge = async (
  folder: string,
  { unit, node }: { readonly unit: string; readonly node: string },
  files: BundleFiles,
  night = '2026-11-01',
): Promise<void> => {
  const name = `${node}.shard-0`;
  const address = { spec: 'one', unit, node };
  rmSync(join(folder, 'one', `${name}.zip`));
  const traces = openTraces(folder, { pack: name });
  traces.write(address, files, { night, agent: 'x@1.0.0', inputs: [] });
  traces.pack('one');
  await reseal(folder);
};

const flip = (file: string, from: string, to: string): void => {
  const bytes = readFileSync(file, 'latin1');
  writeFileSync(file, bytes.replace(from, to), 'latin1');
};

type Harm = (artifacts: string) => Promise<unknown> | unknown;

const refusing = test.macro({
  exec: async (t, harm: Harm, expected: RegExp) => {
    const artifacts = copyArtifacts(t);
    await harm(artifacts);
    const into = join(temporaryFolder(t), 'night');
    const arrived = await gatherArtifacts({ from: artifacts, into, digest: jobs().digest });
    t.regex(arrived.refused.join('\n'), expected);
    t.regex(arrived.absent('one', 'work') ?? '', /work/);
    // Nobody else's.
    t.is(arrived.absent('second', 'work'), undefined);
    t.is(arrived.absent('one', 'plan'), undefined);
    t.false(readdirSync(join(into, 'one')).includes('work.shard-0.zip'));
    t.true(readdirSync(join(into, 'second')).includes('work.shard-1.zip'));
  },
  title: (name) => `${name} is refused by name, and costs its own specs only`,
});

const pack = 'one/work.shard-0.zip';

test(
  'an altered pack',
  refusing,
  (artifacts: string) => flip(join(workOf(artifacts), pack), 'done', 'DONE'),
  /node\.work\.shard-0\.attempt-1 one\/work\.shard-0\.zip was altered/,
);
test(
  'an altered pack that is listed anew',
  refusing,
  async (artifacts: string) => {
    flip(join(workOf(artifacts), pack), 'done', 'DONE');
    await reseal(workOf(artifacts));
  },
  /node\.work\.shard-0\.attempt-1 contains something that is not a bundle of it: one\/work\.shard-0\.zip.*(?:altered|checksum)/,
);
test(
  'a pack that leaves its folder',
  refusing,
  async (artifacts: string) => {
    const [header, data] = encodeEntry('../../evil/x/manifest.json', Buffer.from('{}'));
    const name = '../../evil/x/manifest.json';
    const entry = { name, deflated: false, crc: header.readUInt32LE(14), packedSize: 2, size: 2 };
    const end = header.length + data.length;
    const directory = encodeDirectory([{ ...entry, offset: 0, dataOffset: header.length, end }]);
    writeFileSync(join(workOf(artifacts), pack), Buffer.concat([header, data, ...directory]));
    await reseal(workOf(artifacts));
  },
  /node\.work\.shard-0\.attempt-1 contains something that is not a bundle of it: .*\.\.\/\.\.\/evil/,
);
test(
  'a link',
  refusing,
  (artifacts: string) => {
    rmSync(join(workOf(artifacts), pack));
    symlinkSync('/etc/hostname', join(workOf(artifacts), pack));
  },
  /node\.work\.shard-0\.attempt-1 one\/work\.shard-0\.zip is not a plain file/,
);
test(
  'a file more',
  refusing,
  (artifacts: string) => writeFileSync(join(workOf(artifacts), 'one/more.zip'), 'x'),
  /node\.work\.shard-0\.attempt-1 holds one\/more\.zip, which its job did not leave/,
);
test(
  'a file less',
  refusing,
  (artifacts: string) => rmSync(join(workOf(artifacts), pack)),
  /node\.work\.shard-0\.attempt-1 one\/work\.shard-0\.zip is missing/,
);
test(
  'a renamed artifact',
  refusing,
  (artifacts: string) => {
    rmSync(workOf(artifacts), { recursive: true });
    cpSync(join(artifacts, 'node.test.shard-0.attempt-1'), workOf(artifacts), { recursive: true });
  },
  /node\.work\.shard-0\.attempt-1 was left as "node\.test\.shard-0\.attempt-1"/,
);
test(
  'a pull request that no gate made',
  refusing,
  async (artifacts: string) => {
    mkdirSync(join(workOf(artifacts), 'one/pull-request'));
    writeFileSync(join(workOf(artifacts), 'one/pull-request/commit.bundle'), 'x');
    await reseal(workOf(artifacts));
  },
  /holds one\/pull-request\/commit\.bundle, which the job of work does not leave/,
);
test(
  "another shard's spec",
  refusing,
  async (artifacts: string) => {
    mkdirSync(join(workOf(artifacts), 'second'));
    cpSync(join(workOf(artifacts), pack), join(workOf(artifacts), 'second/work.shard-0.zip'));
    await reseal(workOf(artifacts));
  },
  /holds second\/work\.shard-0\.zip, and second is not in shard 0/,
);
test(
  "another node's bundles",
  refusing,
  async (artifacts: string) => {
    cpSync(
      join(artifacts, 'node.test.shard-0.attempt-1/one/test.shard-0.zip'),
      join(workOf(artifacts), pack),
    );
    await reseal(workOf(artifacts));
  },
  /contains a bundle of test, not only of work/,
);
test(
  'bundles of another night',
  refusing,
  (artifacts: string) =>
    forge(workOf(artifacts), { unit: 'box-a-txt', node: 'work' }, { 'output.json': '{}' }, 'other'),
  /contains a bundle of night other, not of 2026-11-01/,
);
test(
  'a broken later attempt',
  refusing,
  (artifacts: string) => {
    const later = workOf(artifacts).replace('attempt-1', 'attempt-10');
    cpSync(workOf(artifacts), later, { recursive: true });
    cpSync(workOf(artifacts), workOf(artifacts).replace('attempt-1', 'attempt-9'), {
      recursive: true,
    });
  },
  /node\.work\.shard-0\.attempt-10 was left as "node\.work\.shard-0\.attempt-1"/,
);
test(
  'a name of no artifact',
  refusing,
  (artifacts: string) => renameSync(workOf(artifacts), join(artifacts, 'node.work.shard-00')),
  /"node\.work\.shard-00" is not an artifact of a night/,
);

test(
  'what its engines did, in a form that no job writes,',
  refusing,
  async (artifacts: string) => {
    writeFileSync(join(workOf(artifacts), 'engines-node.work.shard-0.attempt-1.json'), '[{}]');
    await reseal(workOf(artifacts));
  },
  /holds engines-node\.work\.shard-0\.attempt-1\.json, which is not what a job writes/,
);

test('artifacts of a night that was collected again are left out', async (t) => {
  const artifacts = copyArtifacts(t);
  await reseal(workOf(artifacts), { night: 'f'.repeat(64) });
  const into = join(temporaryFolder(t), 'night');
  const arrived = await gatherArtifacts({ from: artifacts, into, digest: jobs().digest });
  t.deepEqual(arrived.refused, []);
  t.regex(arrived.absent('one', 'work') ?? '', /no artifact of work .* that belongs to this night/);
});

test('the night itself must be the one that was decided', async (t) => {
  const artifacts = copyArtifacts(t);
  const into = join(temporaryFolder(t), 'night');
  await t.throwsAsync(gatherArtifacts({ from: artifacts, into, digest: 'f'.repeat(64) }), {
    message: /did not arrive: night\.attempt-1 is not the night that was decided/,
  });
  flip(join(artifacts, 'night.attempt-1/night.json'), 'tiny', 'tint');
  await t.throwsAsync(gatherArtifacts({ from: artifacts, into, digest: jobs().digest }), {
    message: /night\.attempt-1 night\.json was altered/,
  });
});

test('a shard that is missing turns its own specs red, to be tried another night', async (t) => {
  const artifacts = copyArtifacts(t);
  for (const node of ['plan', 'work', 'test', 'reviewA', 'reviewB', 'merge']) {
    rmSync(join(artifacts, `node.${node}.shard-1.attempt-1`), { recursive: true });
  }
  const { spec } = await publish(t, artifacts);
  t.is(spec('second').outcome, 'red-bin');
  t.is(spec('second').reason, 'no artifact of plan arrived for shard 1');
  t.is(spec('one').outcome, 'pull-request');
});

test('the gate refuses what reviewers did not say themselves', async (t) => {
  const artifacts = copyArtifacts(t);
  rmSync(join(artifacts, 'node.reviewB.shard-1.attempt-1'), { recursive: true });
  const { spec } = await publish(t, artifacts);
  t.is(spec('second').outcome, 'red-bin');
  t.regex(spec('second').reason, /publish: the bundle of reviewB does not approve the patch of /);
  t.is(spec('one').outcome, 'pull-request');
});

for (const [node, files] of [
  ['merge', { 'output.json': 'no JSON' }],
  ['merge', { 'error.json': '[]' }],
  ['merge', { 'output.json': '{"status":"ok","result":{"outcome":"pull-request"}}' }],
  ['plan', { 'output.json': '{}' }],
] as const) {
  test(`a bundle of ${node} with ${JSON.stringify(files)} costs its own specs only`, async (t) => {
    const artifacts = copyArtifacts(t);
    await forge(join(artifacts, `node.${node}.shard-0.attempt-1`), { unit: '_spec', node }, files);
    const { spec } = await publish(t, artifacts);
    t.is(spec('one').outcome, 'red-bin');
    t.is(spec('one').reason, `the bundle of ${node} is none it leaves`);
    t.is(spec('second').outcome, 'pull-request');
  });
}

test('a gate without an artifact names it as the reason', async (t) => {
  const { place, digest } = jobs();
  const artifacts = copyArtifacts(t);
  flip(join(workOf(artifacts), pack), 'done', 'DONE');
  rmSync(join(artifacts, 'node.merge.shard-0.attempt-1'), { recursive: true });
  const scratch = temporaryFolder(t);
  const out = join(scratch, 'out');
  const args = ['node', 'merge', '--shard', '0/2', '--night', join(scratch, 'night')];
  const more = ['--artifacts', artifacts, '--digest', digest, '--out', out, '--json'];
  const { code, stderr } = await place.pantheon(...args, ...more);
  t.is(code, 0, stderr);
  t.regex(stderr, /node\.work\.shard-0\.attempt-1 one\/work\.shard-0\.zip was altered/);
  cpSync(out, join(artifacts, 'node.merge.shard-0.attempt-1'), { recursive: true });
  const { spec } = await publish(t, artifacts);
  t.is(spec('one').outcome, 'red-bin');
  t.regex(spec('one').reason, /work: the artifact node\.work\.shard-0\.attempt-1 was refused/);
  t.is(spec('second').outcome, 'pull-request');
});
