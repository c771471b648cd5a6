// SPDX-License-Identifier: GPL-3.0-only
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { UserError } from '../../data/user-error.ts';
import { type ArtifactName, parseArtifact } from '../../flow/compile/names.ts';
import type { GithubClient } from '../../forge/github/client.ts';
import {
  fetchArtifact,
  listArtifacts,
  type RunArtifact,
} from '../../forge/github/fetch/artifacts.ts';
import type { PublicKey } from '../../trace/sign/public-keys.ts';
import { nightFolderIn, readNight } from '../record/night-folder.ts';
import { type VerifiedNight, verifyNight } from '../verify/verify-night.ts';
import { ArtifactFault, readContents } from './artifact-contents.ts';
import { gatherArtifacts } from './gather-artifacts.ts';
import { signedOnPublish } from './job-files.ts';
import { unpackArtifact } from './unpack-artifact.ts';

export type FetchNightOptions = {
  readonly client: GithubClient;
  /** The folder of the nights. */
  readonly traces: string;
  /** The night's name; the last one that was published without. */
  readonly night?: string | undefined;
  readonly keys: readonly PublicKey[];
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal;
};

type NightArtifact = RunArtifact & { readonly parsed: ArtifactName };

/** Of a whole night: artifacts, files in one of them, and bytes of it, packed or not. */
const most = { artifacts: 4000, entries: 100_000, bytes: 4 * 1024 ** 3 } as const;

/** Runs that are looked into for a night of a name. */
const mostRuns = 20;

/**
 * Brings a night that jobs on GitHub worked: fetches its artifacts, unpacks them, puts its folder together as publish
 * did, and verifies what publish signed. Only then it appears among the nights, whole.
 * @throws UserError where there is no such night, or it is not as it was signed; then nothing is left.
 */
export const fetchNight = async (options: FetchNightOptions): Promise<VerifiedNight> => {
  const { traces, night: wanted } = options;
  if (wanted !== undefined) refuseSecond(nightFolderIn(traces)({ id: wanted }));
  await mkdir(traces, { recursive: true });
  // Beside the nights, so that it can be renamed; no night has such a name.
  const scratch = await mkdtemp(join(traces, '.fetch-'));
  try {
    const artifacts = await chosenRun(options, scratch);
    const from = await unpackAll(options, artifacts, scratch);
    const staged = await putTogether(from, lastMorning(artifacts), scratch);
    const verified = await verifyNight(staged, options.keys);
    const [first, ...more] = verified.changed;
    if (first) {
      throw new UserError(
        `the night ${verified.night} is not as it was signed: ${first.what} ${first.how}${more.length > 0 ? `, and ${more.length} more` : ''}. Nothing was kept`,
      );
    }
    const folder = nightFolderIn(traces)({ id: basename(staged) });
    refuseSecond(folder);
    await rename(staged, folder);
    return verified;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
};

const refuseSecond = (folder: string): void => {
  if (!existsSync(folder)) return;
  throw new UserError(
    `the night ${basename(folder)} is here already. Move it away to fetch it again`,
  );
};

/** The artifacts of the run that is meant: the last one that published, or the one of that night. */
const chosenRun = async (
  { client, night: wanted, say, signal }: FetchNightOptions,
  scratch: string,
): Promise<readonly NightArtifact[]> => {
  const listed = (await listArtifacts(client)).flatMap(asNightArtifact);
  const runs = [...Map.groupBy(listed, ({ run }) => run).values()]
    .filter((all) => all.some(({ parsed }) => parsed.kind === 'morning'))
    .sort((a, b) => compare(newest(b), newest(a)))
    .filter((all) => wanted === undefined || isNear(newest(all), wanted));
  for (const all of runs.slice(0, mostRuns)) {
    const [{ run } = { run: 0 }] = all;
    if (wanted === undefined || (await nightOf(client, all, scratch, signal)) === wanted) {
      say(`Run ${run} has the night.`);
      return (await listArtifacts(client, run)).flatMap(asNightArtifact);
    }
  }
  throw new UserError(
    wanted === undefined
      ? 'no run of this repository has published a night whose artifacts are still there'
      : `no run of this repository has the night "${wanted}", or its artifacts have expired`,
  );
};

const asNightArtifact = (artifact: RunArtifact): readonly NightArtifact[] => {
  const parsed = parseArtifact(artifact.name);
  return parsed ? [{ ...artifact, parsed }] : [];
};

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const newest = (all: readonly RunArtifact[]): string =>
  all
    .map(({ createdAt }) => createdAt)
    .sort(compare)
    .at(-1) ?? '';

/** Whether something was left within two days of a night's date; a name without one may be of any. */
const isNear = (createdAt: string, night: string): boolean => {
  const date = Date.parse(night.slice(0, 10));
  return Number.isNaN(date) || Math.abs(Date.parse(createdAt) - date) < 3 * 86_400_000;
};

/** The name of a run's night, by its smallest artifact. */
const nightOf = async (
  client: GithubClient,
  all: readonly NightArtifact[],
  scratch: string,
  signal: AbortSignal | undefined,
): Promise<string | undefined> => {
  const artifact = all.find(({ parsed }) => parsed.kind === 'night');
  if (!artifact) return undefined;
  const folder = join(scratch, `look-${artifact.id}`);
  try {
    await fetchOne(client, artifact, folder, { ...most, signal });
    return (await readNight(folder)).id;
  } catch (error) {
    if (error instanceof ArtifactFault || error instanceof UserError) return undefined;
    throw error;
  }
};

const fetchOne = async (
  client: GithubClient,
  artifact: NightArtifact,
  folder: string,
  limits: {
    readonly entries: number;
    readonly bytes: number;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<number> => {
  const file = `${folder}.zip`;
  const { signal, bytes } = limits;
  await fetchArtifact(client, artifact, { file, mostBytes: bytes, ...(signal && { signal }) });
  const unpacked = await unpackArtifact(file, folder, limits);
  await rm(file);
  return unpacked;
};

/** A folder for each artifact, each named after it. */
const unpackAll = async (
  { client, say, signal }: FetchNightOptions,
  artifacts: readonly NightArtifact[],
  scratch: string,
): Promise<string> => {
  if (artifacts.length > most.artifacts) throw new UserError('the run has too many artifacts');
  if (new Set(artifacts.map(({ name }) => name)).size < artifacts.length) {
    throw new UserError('the run has two artifacts of one name');
  }
  const from = join(scratch, 'artifacts');
  await mkdir(from);
  let left: number = most.bytes;
  for (const [index, artifact] of artifacts.entries()) {
    const folder = join(from, artifact.name);
    try {
      left -= await fetchOne(client, artifact, folder, { ...most, bytes: left, signal });
    } catch (error) {
      if (!(error instanceof ArtifactFault)) throw error;
      throw new UserError(`${artifact.name} ${error.message}. Nothing was kept`, { cause: error });
    }
    say(`${index + 1} of ${artifacts.length}: ${artifact.name}`);
  }
  return from;
};

/** The name of what the latest try of publish left. */
const lastMorning = (artifacts: readonly NightArtifact[]): string => {
  const mornings = artifacts.filter(({ parsed }) => parsed.kind === 'morning');
  const latest = mornings.toSorted((a, b) => a.parsed.attempt - b.parsed.attempt).at(-1);
  if (!latest) throw new UserError('the run has not published its night');
  return latest.name;
};

/** The night's folder as publish had it. */
const putTogether = async (from: string, morning: string, scratch: string): Promise<string> => {
  const into = nightFolderIn(join(scratch, 'night'));
  const { folder, digest, refused } = await gatherArtifacts({ from, into });
  const [first] = refused;
  if (first !== undefined) throw new UserError(`${first}. Nothing was kept`);
  try {
    const { contents } = await readContents(join(from, morning), morning);
    if (contents.night !== digest) throw new ArtifactFault('is of another night');
    // The page is signed by nobody: it can be written again.
    for (const name of ['summary.json', 'report.md', ...signedOnPublish]) {
      if (contents.files.some(({ path }) => path === name)) {
        await copyFile(join(from, morning, name), join(folder, name));
      }
    }
  } catch (error) {
    if (!(error instanceof ArtifactFault)) throw error;
    throw new UserError(`${morning} ${error.message}. Nothing was kept`, { cause: error });
  }
  return folder;
};
