// SPDX-License-Identifier: GPL-3.0-only
import { configMistake } from '../../config/config-mistake.ts';
import type { UserError } from '../../data/user-error.ts';
import {
  type Alias,
  adapterName,
  aliases,
  type ChosenAdapters,
  type RegisteredAdapter,
} from './adapter-name.ts';
import { type ModelAsk, resolveModel } from './model-files.ts';
import { type AgentVersion, type AgentVersions, type Registry, versionsOf } from './registry.ts';
import { registryName } from './registry-names.ts';

/**
 * What an adapter's name stands for by the registry; `undefined` where it names no agent of it, and is the
 * name of a file or at a server.
 * @throws UserError where it is an alias or a version that the registry does not have.
 */
export const chooseAdapters = (
  name: string,
  registry: Registry,
  setting: string,
): ChosenAdapters | undefined => {
  const [, agent, reference] = /^([^/]+)@([^@/]+)$/.exec(name) ?? [];
  if (agent === undefined || reference === undefined) return undefined;
  const alias = aliases.find((each) => each === reference);
  const versions = versionsOf(registry, agent);
  if (!versions) {
    if (alias === undefined) return undefined;
    throw wrong(
      setting,
      `"${name}" stands for a version in ${registryName}, and that has none of ${agent}. Promote one with "pantheon promote ${agent}@N", merge that and name it then`,
    );
  }
  const version = alias === undefined ? Number(reference) : aliasOf(versions, alias);
  const listed = versions.versions.find((each) => each.version === version);
  if (!listed) {
    const there = versions.versions.map((each) => each.version).join(', ');
    throw wrong(
      setting,
      alias === undefined
        ? `"${name}" is not in ${registryName}; of ${agent} it has the versions ${there}. Name one of them, or ${agent}@champion`
        : `"${name}" stands for nothing: ${registryName} names no ${alias} of ${agent}, of which it has the versions ${there}. Promote one with "pantheon promote ${agent}@N${alias === 'candidate' ? ' --as candidate' : ''}", or name one of them`,
    );
  }
  const adapter = registered(agent, listed, alias);
  return alias === 'champion' ? { adapter, ...standIns(agent, versions) } : { adapter };
};

/** Who works some of the specs in the place of the champion. */
const standIns = (
  agent: string,
  { champion, candidate, routes, versions }: AgentVersions,
): Omit<ChosenAdapters, 'adapter'> => {
  const other = (version: number, alias?: Alias): RegisteredAdapter => {
    const listed = versions.find((each) => each.version === version);
    // The schema refuses what is not listed.
    if (!listed) throw new Error(`${agent}@${version} is not listed`);
    return registered(agent, listed, alias);
  };
  const share = candidate?.version === champion ? undefined : candidate?.share;
  const table = (routes?.table ?? []).filter(({ version }) => version !== champion);
  return {
    ...(candidate &&
      share !== undefined && {
        canary: { adapter: other(candidate.version, 'candidate'), share },
      }),
    ...(table.length > 0 && {
      routes: table.map(({ chores, version }) => ({ chores, adapter: other(version) })),
    }),
  };
};

const aliasOf = (
  { champion, candidate }: NonNullable<ReturnType<typeof versionsOf>>,
  alias: Alias,
): number | undefined => (alias === 'champion' ? champion : candidate?.version);

const registered = (
  agent: string,
  { version, adapter }: AgentVersion,
  alias: Alias | undefined,
): RegisteredAdapter => ({
  agent,
  ...(alias !== undefined && { alias }),
  version,
  digest: adapter,
});

/**
 * Reads all bytes of an adapter and compares them with the registry.
 * @throws UserError when it is missing, or is not what the registry has.
 */
export const checkRegistered = async (adapter: RegisteredAdapter, ask: ModelAsk): Promise<void> => {
  const name = adapterName(adapter);
  const { digest, path } = await resolveModel(name, ask, 'adapter');
  if (digest === adapter.digest) return;
  throw wrong(
    `${ask.setting}.adapter`,
    `"${name}" at ${path} is not what ${registryName} has: expected sha256 ${adapter.digest}, found ${digest}. Put the adapter back that was promoted, or go back to the one before with "pantheon rollback ${adapter.agent}"`,
  );
};

const wrong = (setting: string, message: string): UserError =>
  configMistake(`${setting}: ${message}`);
