// SPDX-License-Identifier: GPL-3.0-only
import { copyFile, lstat, mkdir, readdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CodedReason } from '../../data/findings/table.ts';
import { UserError } from '../../data/user-error.ts';
import { type ArtifactName, parseArtifact, partName } from '../../flow/compile/names.ts';
import { BundleFault } from '../../trace/bundle.ts';
import { verifyPack } from '../../trace/verify-pack.ts';
import { termsName } from '../record/frozen-terms.ts';
import { readNight } from '../record/night-folder.ts';
import type { Night } from '../record/night-schemas.ts';
import { shardsOf } from '../record/shard.ts';
import { type ArtifactContents, ArtifactFault, readContents } from './artifact-contents.ts';
import { readFigures } from './job-figures.ts';
import { figuresName, isLeftBy, outputsOf, packName, type WorkingJob } from './job-files.ts';

export type GatheredNight = {
  readonly folder: string;
  readonly night: Night;
  /** sha256 of the night's `contents.json`. */
  readonly digest: string;
  /** One line for each artifact that was not taken, with its name and the reason. */
  readonly refused: readonly string[];
  /** Why bundles of a node may be missing for a spec; nothing where its job did all it had to. */
  readonly absent: (spec: string, node: string) => CodedReason | undefined;
};

export type GatherOptions = {
  /** A folder per artifact, each named after it. */
  readonly from: string;
  /** The night's folder, which is filled. */
  readonly into: string | ((night: Night) => string);
  /** sha256 of the `contents.json` of the night that is meant. */
  readonly digest?: string | undefined;
  /** Only artifacts of this shard. */
  readonly shard?: number | undefined;
};

/**
 * Puts a night's folder together from artifacts, each shard's highest attempt. What was tampered
 * with, renamed or is not whole is left out whole and told: it costs the specs of its shard alone.
 * @throws UserError when the night itself did not arrive.
 */
export const gatherArtifacts = async (options: GatherOptions): Promise<GatheredNight> => {
  const listing = await artifactsIn(options.from);
  const refused = [...listing.strays];
  const decided = await findNight(options, listing.artifacts, refused);
  const night = await readNight(decided.folder);
  const folder = typeof options.into === 'string' ? options.into : options.into(night);
  await take(decided.folder, ['night.json', termsName], folder);
  const shards = shardsOf(night);
  const states = new Map<string, CodedReason | undefined>();
  for (const [key, attempts] of attemptsByPart(listing.artifacts, options.shard)) {
    states.set(key, await takeLatest(attempts, { ...decided, night, shards }, folder, refused));
  }
  return {
    folder,
    night,
    digest: decided.digest,
    refused,
    absent: (spec, node) => {
      const shard = shards.get(spec) ?? 0;
      const key = [partKey({ kind: 'node', node, shard }), partKey({ kind: 'flow', shard })].find(
        (one) => states.has(one),
      );
      return key === undefined
        ? {
            code: 'job.no-artifact',
            reason: `no artifact of ${node} arrived for shard ${shard}`,
          }
        : states.get(key);
    },
  };
};

type FoundArtifact = {
  readonly name: ArtifactName;
  readonly text: string;
  readonly folder: string;
};
/** A night with the shard of each spec. */
type DealtNight = { readonly night: Night; readonly shards: ReadonlyMap<string, number> };
type WorkArtifact = FoundArtifact & { readonly name: WorkingJob };

const artifactsIn = async (
  from: string,
): Promise<{
  readonly artifacts: readonly FoundArtifact[];
  readonly strays: readonly string[];
}> => {
  const artifacts: FoundArtifact[] = [];
  const strays: string[] = [];
  for (const text of (await readdir(from).catch((): string[] => [])).sort()) {
    const name = parseArtifact(text);
    const folder = join(from, text);
    const stat = await lstat(folder);
    if (name && stat.isDirectory()) artifacts.push({ name, text, folder });
    else strays.push(`${JSON.stringify(text.slice(0, 200))} is not an artifact of a night`);
  }
  return { artifacts, strays };
};

const findNight = async (
  { digest }: GatherOptions,
  artifacts: readonly FoundArtifact[],
  refused: string[],
): Promise<{ readonly folder: string; readonly digest: string }> => {
  const nights = artifacts
    .filter(({ name }) => name.kind === 'night')
    .sort((a, b) => b.name.attempt - a.name.attempt);
  for (const { text, folder } of nights) {
    const read = await valueOrFault(folder, () => readContents(folder, text));
    if (typeof read === 'string') refused.push(`${text} ${read}`);
    else if (digest === undefined || read.digest === digest) return { folder, digest: read.digest };
    else refused.push(`${text} is not the night that was decided`);
  }
  const why = refused.length > 0 ? `: ${refused.join('; ')}` : '';
  throw new UserError(`the night that was decided did not arrive${why}`);
};

type Part =
  | Omit<Extract<WorkingJob, { readonly kind: 'node' }>, 'attempt'>
  | Omit<Extract<WorkingJob, { readonly kind: 'flow' }>, 'attempt'>;

const partKey = (part: Part): string => partName(part, part.shard);

/** What a job was to work, for a sentence. */
const workOf = (part: Part): string => (part.kind === 'flow' ? 'the flow' : part.node);

/** By node and shard, the latest try first. */
const attemptsByPart = (
  artifacts: readonly FoundArtifact[],
  shard: number | undefined,
): ReadonlyMap<string, readonly WorkArtifact[]> => {
  const nodes = artifacts.filter(
    (artifact): artifact is WorkArtifact =>
      'shard' in artifact.name && (shard === undefined || artifact.name.shard === shard),
  );
  const latestFirst = nodes.toSorted((a, b) => b.name.attempt - a.name.attempt);
  return Map.groupBy(latestFirst, ({ name }) => partKey(name));
};

/** Says why bundles may be missing, if they may. */
const takeLatest = async (
  attempts: readonly WorkArtifact[],
  decided: DealtNight & { readonly digest: string },
  folder: string,
  refused: string[],
): Promise<CodedReason | undefined> => {
  for (const one of attempts) {
    const read = await valueOrFault(one.folder, () => readContents(one.folder, one.text));
    if (typeof read === 'string') return refuse(one, read, refused);
    const { contents } = read;
    // A night that was collected again has artifacts of its own.
    if (contents.night !== decided.digest) continue;
    const fault = await valueOrFault(one.folder, () => verifyFiles(one, contents, decided));
    if (typeof fault === 'string') return refuse(one, fault, refused);
    await take(
      one.folder,
      contents.files.map(({ path }) => path),
      folder,
    );
    return contents.complete
      ? undefined
      : {
          code: 'job.broke-off',
          reason: `the job of ${workOf(one.name)} for shard ${one.name.shard} broke off`,
        };
  }
  const { name } = attempts[0] as WorkArtifact;
  return {
    code: 'job.no-artifact',
    reason: `no artifact of ${workOf(name)} arrived for shard ${name.shard} that belongs to this night`,
  };
};

const refuse = ({ text }: FoundArtifact, why: string, refused: string[]): CodedReason => {
  refused.push(`${text} ${why}`);
  return { code: 'job.artifact-refused', reason: `the artifact ${text} was refused: it ${why}` };
};

/** Only bundles of its own node, or of any where it works the flow; of its own shard's specs, each as its manifest says. */
const verifyFiles = async (
  { name, folder }: WorkArtifact,
  { files }: ArtifactContents,
  { night, shards }: DealtNight,
): Promise<undefined> => {
  const outputOf = outputsOf(night);
  for (const { path } of files) {
    if (!isLeftBy(name, path, outputOf)) {
      throw new ArtifactFault(`holds ${path}, which the job of ${workOf(name)} does not leave`);
    }
    if (path === figuresName(name)) await readFigures(join(folder, path));
    const [spec, file] = path.split('/');
    if (spec === undefined || file === undefined) continue;
    if (shards.get(spec) !== name.shard) {
      throw new ArtifactFault(`holds ${path}, and ${spec} is not in shard ${name.shard}`);
    }
    if (file === `${packName(name)}.zip`) {
      verifyPack(join(folder, path), {
        ...{ night: night.id, spec },
        ...(name.kind === 'node' && { node: name.node }),
      });
    }
  }
};

/** A fault's reason as the rest of a sentence that begins with the artifact's name. */
const valueOrFault = async <Value>(
  folder: string,
  work: () => Promise<Value>,
): Promise<Value | string> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ArtifactFault) return error.message;
    if (error instanceof BundleFault) {
      return `contains something that is not a bundle of it: ${error.message.replaceAll(`${folder}/`, '')}`;
    }
    throw error;
  }
};

/** Copies files so that each appears whole. */
const take = async (from: string, paths: readonly string[], into: string): Promise<void> => {
  for (const path of paths) {
    const target = join(into, path);
    await mkdir(dirname(target), { recursive: true });
    await copyFile(join(from, path), `${target}.new`);
    await rename(`${target}.new`, target);
  }
};
