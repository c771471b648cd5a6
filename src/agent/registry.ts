// SPDX-License-Identifier: GPL-3.0-only
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf, sha256 } from '../data/digest.ts';
import { moduleFile, moduleName } from '../data/found-modules.ts';
import { isShippedAgent } from '../data/installation.ts';
import { readSource, type Source } from '../data/read-source.ts';
import { UserError } from '../data/user-error.ts';
import { sourceDigests } from '../engine/rules/source-digests.ts';
import type { RunCode } from './code-agent.ts';
import { importRun, type OpenRun } from './code-agent.ts';
import {
  type AgentManifest,
  type CodeManifest,
  type ModelManifest,
  modelAgentSchema,
} from './schema.ts';

/**
 * An agent's folder, read and validated: its manifest and what makes it act. `manifestDigest` is the
 * sha256 of its `agent.yaml`.
 */
export type Agent =
  | {
      readonly manifest: ModelManifest;
      readonly folder: string;
      readonly manifestDigest: string;
      readonly prompt: string;
      /** The prompt of an agent that can be asked to pick. */
      readonly decide?: string;
      /** sha256 over manifest and prompts: what an adapter was trained for. */
      readonly digest: string;
    }
  | {
      readonly manifest: CodeManifest;
      readonly folder: string;
      readonly manifestDigest: string;
      readonly run: RunCode;
      /** Over manifest and every source in the folder, those that `agent.ts` imports included. */
      readonly digest: string;
    };

export type ModelAgent = Extract<Agent, { readonly prompt: string }>;
export type CodeAgent = Extract<Agent, { readonly run: RunCode }>;

/** Whether a model plays this agent. */
export const isModelAgent = (agent: Agent): agent is ModelAgent => agent.manifest.kind === 'model';

/** Where an agent was found; opened only when a flow uses it. */
export type AgentEntry = {
  readonly manifest: AgentManifest;
  readonly folder: string;
  /** Its `agent.yaml`. */
  readonly source: Source;
};

/**
 * Finds every `<folder>/<agent>/agent.yaml` below the given folders; folders that do not exist are
 * passed over. `judged` is what was read of some before, by the sha256 of the file: where each of those
 * files is here, they are all there is to find, and no YAML is read.
 * @throws UserError on a broken manifest or a name that stands twice.
 */
export const discoverAgents = async (
  folders: readonly string[],
  judged?: ReadonlyMap<string, AgentManifest>,
): Promise<ReadonlyMap<string, AgentEntry>> => {
  const agents = new Map<string, AgentEntry>();
  const files = (await Promise.all(folders.map(manifestsIn))).flat();
  for (const entry of (judged && recognised(files, judged)) ?? (await parsed(files))) {
    const other = agents.get(entry.manifest.name);
    if (other) {
      throw new UserError(
        `the agent "${entry.manifest.name}" is in ${other.folder} too; rename one of them`,
        { place: { file: join(entry.folder, 'agent.yaml') } },
      );
    }
    agents.set(entry.manifest.name, entry);
  }
  return agents;
};

type ManifestFile = Omit<AgentEntry, 'manifest'>;

const manifestsIn = async (folder: string): Promise<readonly ManifestFile[]> => {
  const entries = await readdir(folder, { withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
      throw error;
    },
  );
  const subfolders = entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name))
    .sort();
  const files = await Promise.all(subfolders.map(readManifest));
  return files.filter((file) => file !== undefined);
};

const readManifest = async (folder: string): Promise<ManifestFile | undefined> => {
  if (!(await readdir(folder)).includes('agent.yaml')) return undefined;
  return { folder, source: await readSource(join(folder, 'agent.yaml')) };
};

/** The very files that were judged; nothing where one of them is missing or has changed. */
const recognised = (
  files: readonly ManifestFile[],
  judged: ReadonlyMap<string, AgentManifest>,
): readonly AgentEntry[] | undefined => {
  const entries = files.flatMap((file) => {
    const manifest = judged.get(sha256(file.source.text));
    return manifest ? [{ ...file, manifest }] : [];
  });
  const names = new Set(entries.map(({ manifest }) => manifest.name));
  return names.size === judged.size ? entries : undefined;
};

const parsed = async (files: readonly ManifestFile[]): Promise<readonly AgentEntry[]> => {
  // What reads YAML is loaded where there is some to read.
  const { parseManifest } = await import('./parse-manifest.ts');
  return files.map((file) => ({ ...file, manifest: parseManifest(file.source) }));
};

const refuseOwn: OpenRun = async (file) => {
  throw new Error(`nothing was given to run ${file} in`);
};

/** Reads the prompt or opens the code. @throws UserError when it is missing. */
export const openAgent = async (
  { manifest, folder, source }: AgentEntry,
  openOwn: OpenRun = refuseOwn,
): Promise<Agent> => {
  const manifestDigest = sha256(source.text);
  if (manifest.kind === 'model') {
    if (!isShippedAgent(folder)) await refuseInvalidSchemas(source);
    const prompt = await readPart(folder, 'prompt.md');
    const decide = manifest.decision && (await readPart(folder, 'decide.txt'));
    const parts = [manifestDigest, sha256(prompt), ...(decide ? [sha256(decide)] : [])];
    const digest = sha256(parts.join('\n'));
    return { manifest, folder, manifestDigest, prompt, ...(decide && { decide }), digest };
  }
  const name = moduleFile(new Set(await readdir(folder)), 'agent') ?? 'agent.ts';
  await readPart(folder, name);
  const file = join(folder, name);
  const run = await (isShippedAgent(folder) ? importRun : openOwn)(file);
  // The entry of the GitHub action is not part of the agent.
  const sources = [...(await sourceDigests(folder))].filter(
    ([path]) => moduleName(path) !== 'main',
  );
  const digest = digestOf({ manifest: manifestDigest, sources });
  return { manifest, folder, manifestDigest, run, digest };
};

/** The schemas of an agent judge what a model answers. @throws UserError with the place of a mistake. */
const refuseInvalidSchemas = async (source: Source): Promise<void> => {
  // Only processes that ask a model load what judges its answers.
  const { checkSchema, InvalidSchema } = await import('./json-validator.ts');
  const { parsePlaced } = await import('../data/read-document.ts');
  const { data, placeOf } = parsePlaced(source, modelAgentSchema);
  for (const key of ['out', 'input'] as const) {
    try {
      checkSchema(data[key] ?? {});
    } catch (cause) {
      if (!(cause instanceof InvalidSchema)) throw cause;
      const path = [key, ...cause.path];
      throw new UserError(
        `${path.join('.')}: is not a valid JSON Schema (draft 2020-12): ${cause.message}. Correct the schema.`,
        { place: placeOf(path), cause },
      );
    }
  }
};

const readPart = (folder: string, name: string): Promise<string> =>
  readFile(join(folder, name), 'utf8').catch((cause) => {
    throw new UserError(`is missing; an agent of this kind needs it`, {
      place: { file: join(folder, name) },
      cause,
    });
  });
