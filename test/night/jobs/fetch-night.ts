// SPDX-License-Identifier: GPL-3.0-only
import { cpSync, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { sha256 } from '../../../src/data/digest.ts';
import { openClient } from '../../../src/forge/github/client.ts';
import { readGithubRepository } from '../../../src/forge/github/repository.ts';
import { type FetchNightOptions, fetchNight } from '../../../src/night/jobs/fetch-night.ts';
import { unpackArtifact } from '../../../src/night/jobs/unpack-artifact.ts';
import { verifyNight } from '../../../src/night/verify/verify-night.ts';
import { openTraces } from '../../../src/trace/open-traces.ts';
import { keyFolder, openSigner, readKeys } from '../../../src/trace/sign/key-folder.ts';
import {
  type SimulatedGithub,
  startSimulatedGithub,
  testToken,
} from '../../simulated-github/server.ts';
import type { Artifact } from '../../simulated-github/state.ts';
import { temporaryFolder } from '../../workspace/with-repository.ts';
import { wholeFile } from '../support/whole-file.ts';
import { copyOf, publishAlone, reseal } from './with-artifacts.ts';
import { usualJobs } from './with-jobs.ts';
import { zipOf, zipOfFolder } from './zip-of.ts';

const shared = wholeFile();
const night = '2026-11-01';

/** What the jobs of a night left, publish's own among them. */
const left = (async () => {
  const jobs = await usualJobs();
  const artifacts = copyOf(shared, jobs.artifacts);
  const out = join(temporaryFolder(shared), 'out');
  const { state } = await publishAlone(shared, jobs, artifacts, { out });
  cpSync(out, join(artifacts, 'morning.attempt-1'), { recursive: true });
  return { artifacts, traces: state.traces };
})();
left.catch(() => {});

const keys = () => readKeys(keyFolder());

/** A GitHub with a run that left these folders; an older run left a night of another name. */
const githubWith = async (
  t: ExecutionContext,
  artifacts: string,
  change: (artifact: Artifact) => Artifact = (one) => one,
): Promise<SimulatedGithub> => {
  const github = await startSimulatedGithub();
  t.teardown(() => github.close());
  const made = readdirSync(artifacts).map((name, index): Artifact => {
    const zip = zipOfFolder(join(artifacts, name));
    return { ...{ id: index + 1, name, run: 7, zip }, createdAt: '2026-11-01T05:00:00Z' };
  });
  const older = made
    .filter(({ name }) => /^(?:night|morning)/.test(name))
    .map((one) => ({
      ...one,
      ...{ id: one.id + 100, run: 5, createdAt: '2026-10-31T05:00:00Z' },
      zip: zipOf([['contents.json', '{}']]),
    }));
  const stray = {
    id: 900,
    name: 'coverage',
    run: 9,
    zip: zipOf([]),
    createdAt: '2026-11-02T05:00:00Z',
  };
  github.state.artifacts.push(...older, ...made.map(change), stray);
  return github;
};

const fetchFrom = async (
  github: SimulatedGithub,
  traces: string,
  more: Partial<FetchNightOptions> = {},
) => {
  const environment = {
    GITHUB_API_URL: github.url,
    GITHUB_REPOSITORY: 'octo/vault',
    GITHUB_TOKEN: testToken,
  };
  const client = openClient(readGithubRepository(environment, undefined));
  return fetchNight({ client, traces, keys: keys(), say: () => {}, ...more });
};

test('a night is brought, verified, and stands as it does where it was published', async (t) => {
  const { artifacts, traces: published } = await left;
  const github = await githubWith(t, artifacts);
  for (const wanted of [undefined, night]) {
    const traces = join(temporaryFolder(t), 'traces');
    const fetched = await fetchFrom(github, traces, { night: wanted });
    t.like(fetched, { night, changed: [] });
    t.deepEqual(readdirSync(traces), [night], 'nothing else is left');
    const [here, there] = [traces, published].map((folder) => openTraces(join(folder, night)));
    t.deepEqual(here?.specs(), there?.specs());
    t.deepEqual((await verifyNight(join(traces, night), keys())).changed, []);
    await t.throwsAsync(fetchFrom(github, traces, { night: wanted }), {
      message: /is here already/,
    });
  }
  t.deepEqual(github.state.violations, []);
});

const refused = test.macro(
  async (
    t,
    change: (artifacts: string) => unknown,
    message: RegExp,
    zipped: (artifact: Artifact) => Artifact = (one) => one,
    more: () => Partial<FetchNightOptions> = () => ({}),
  ) => {
    const artifacts = copyOf(t, (await left).artifacts);
    await change(artifacts);
    const github = await githubWith(t, artifacts, zipped);
    const traces = join(temporaryFolder(t), 'traces');
    await t.throwsAsync(fetchFrom(github, traces, more()), { message });
    t.deepEqual(existsSync(traces) ? readdirSync(traces) : [], [], 'nothing is left');
    t.deepEqual(github.state.violations, []);
  },
);

const morning = (artifacts: string) => join(artifacts, 'morning.attempt-1');

test(
  'refused: a report that was changed and listed anew',
  refused,
  async (artifacts: string) => {
    writeFileSync(join(morning(artifacts), 'report.md'), 'All is well.\n');
    await reseal(morning(artifacts));
  },
  /not as it was signed: report\.md is not as it was signed/,
);
test(
  'refused: a file that is not as its artifact lists it',
  refused,
  (artifacts: string) => writeFileSync(join(morning(artifacts), 'report.md'), 'All is well.\n'),
  /^morning\.attempt-1 report\.md was altered.*Nothing was kept$/,
);
test(
  'refused: a night without its signature',
  refused,
  async (artifacts: string) => {
    rmSync(join(morning(artifacts), 'signature.json'));
    await reseal(morning(artifacts));
  },
  /signature\.json is missing/,
);
test(
  'refused: bundles of a shard that are missing',
  refused,
  async (artifacts: string) => {
    rmSync(join(artifacts, 'node.work.shard-1.attempt-1'), { recursive: true });
  },
  /not as it was signed: .*work/,
);
test(
  'refused: a key that does not count',
  refused,
  () => {},
  /keys that count/,
  undefined,
  () => {
    const folder = temporaryFolder(shared);
    openSigner(folder);
    return { keys: readKeys(folder) };
  },
);
test(
  'refused: a night that is not there',
  refused,
  () => {},
  /has the night "2026-11-02"/,
  undefined,
  () => ({
    night: '2026-11-02',
  }),
);

for (const [what, entries, lie, message] of [
  ['too many files', ['a', 'b', 'c', 'd'], {}, /holds too many files/],
  ['more bytes than may be', ['a'], { size: 1001 }, /too large once it is unpacked/],
] as const) {
  test(`an artifact of ${what} is refused`, async (t) => {
    const folder = temporaryFolder(t);
    const file = join(folder, 'a.zip');
    const zip = zipOf(
      entries.map((name) => [name, 'x']),
      lie,
    );
    writeFileSync(file, zip);
    const limits = { entries: 3, bytes: 1000 };
    await t.throwsAsync(unpackArtifact(file, join(folder, 'out'), limits), { message });
  });
}

const asMorning =
  (zip: Buffer) =>
  (one: Artifact): Artifact =>
    one.name === 'morning.attempt-1' ? { ...one, zip } : one;

for (const [what, zip, message] of [
  [
    'a name that climbs',
    zipOf([['../../evil', 'x']]),
    /morning\.attempt-1 .*(?:not a name|not a zip)/,
  ],
  [
    'a name from the root',
    zipOf([['/tmp/evil', 'x']]),
    /morning\.attempt-1 .*(?:not a name|not a zip)/,
  ],
  ['a link', zipOf([['link', '/etc/passwd', 0o120777]]), /"link", which is not a plain file/],
  [
    'a name twice',
    zipOf([
      ['a', '1'],
      ['a', '2'],
    ]),
    /EEXIST/,
  ],
  [
    'more than it says',
    zipOf([['a', 'x'.repeat(10_000)]], { size: 10 }),
    /not a zip that a job leaves/,
  ],
  ['no zip at all', Buffer.from('<html>'), /not a zip that a job leaves/],
] as const) {
  test(`refused: ${what}`, refused, () => {}, message, asMorning(zip));
}

test(
  'refused: what has not the sha256 that GitHub lists',
  refused,
  () => {},
  /its sha256 differs/,
  (one: Artifact) => ({
    ...one,
    digest: `sha256:${sha256('another')}`,
  }),
);
