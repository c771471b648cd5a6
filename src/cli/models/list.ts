// SPDX-License-Identifier: GPL-3.0-only
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { configName } from '../../config/config-mistake.ts';
import { loadConfig } from '../../config/load-config.ts';
import { printable } from '../../data/printable.ts';
import { readSource } from '../../data/read-source.ts';
import {
  type ListedModel,
  takeInventory,
  type Verified,
  verifyModel,
} from '../../day/models/inventory.ts';
import { readLockFile } from '../../day/models/lock-file.ts';
import { requireDay } from '../../day/require-day.ts';
import { adapterName } from '../../engine/models/adapter-name.ts';
import { modelFolders, modelsFolder } from '../../engine/models/model-files.ts';
import { lockName, plainModelName } from '../../engine/models/models-lock.ts';
import {
  emptyRegistry,
  maxRegistryBytes,
  parseRegistry,
  type Registry,
} from '../../engine/models/registry.ts';
import { registryName } from '../../engine/models/registry-names.ts';
import { versionRoles } from '../../engine/models/version-roles.ts';
import { promotionSigner } from '../../learn/promote/promotion-signer.ts';
import { resolveCheckout } from '../../workspace/repository.ts';
import { bytesText } from '../shared/bytes.ts';
import { daySigns } from '../shared/day-signs.ts';
import { untilInterrupted } from '../shared/interrupt.ts';
import { keysThatCount } from '../shared/keys-that-count.ts';

export type RepoArguments = { readonly repo: string; readonly json?: true };

/** A value as JSON on standard output. */
export const printJson = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
};

/** Models of the checkout: its files count, committed or not. */
const inventoryOf = async (repo: string) => {
  const checkout = await resolveCheckout(repo);
  const path = join(checkout, configName);
  return {
    modelsFolder: modelsFolder(),
    folders: modelFolders(),
    lock: await readLockFile(checkout),
    registry: await registryOf(checkout),
    config: loadConfig(existsSync(path) ? await readSource(path) : undefined),
  };
};

const registryOf = async (checkout: string): Promise<Registry> => {
  const path = join(checkout, registryName);
  if (!existsSync(path)) return emptyRegistry;
  return parseRegistry(await readSource(path, registryName, maxRegistryBytes));
};

/** `pantheon models list` */
export const listCommand = async (args: RepoArguments): Promise<void> => {
  const options = await inventoryOf(args.repo);
  const models = await takeInventory(options);
  const none = `No models in ${options.modelsFolder}, in ${lockName} or in pantheon.yaml.`;
  if (args.json) printJson({ models });
  else process.stdout.write(`${models.map(modelText).join('\n') || none}\n`);
};

const holders: Readonly<Record<NonNullable<ListedModel['heldBy']>, string>> = {
  registry: `held by ${registryName}`,
  installation: 'ships with Pantheon',
};

const modelText = (model: ListedModel): string => {
  const { name, path, bytes, digest, pinned, heldBy, served, usedBy } = model;
  const missing = served ? 'on a server' : 'not here';
  const size = bytes === undefined ? missing : bytesText(bytes);
  const pin = pinned ? 'pinned' : heldBy === undefined ? 'not pinned' : holders[heldBy];
  return [
    `${printable(name)}  ${size}, ${pin}${digest === undefined ? '' : `, sha256 ${digest}`}`,
    ...(path === undefined ? [] : [`  ${path}`]),
    ...(usedBy.length === 0
      ? []
      : [`  used by ${usedBy.map((user) => printable(user)).join(', ')}`]),
  ].join('\n');
};

/** Whether keys that count signed the promotions in `registry.yaml`. @throws UserError where there are no keys. */
const verifyPromotions = async (
  { agents }: Registry,
  repo: string,
): Promise<readonly Verified[]> => {
  const promoted = Object.entries(agents).flatMap(([agent, { versions }]) =>
    versions.flatMap((version) => (version.evidence ? [{ agent, version }] : [])),
  );
  if (promoted.length === 0) return [];
  const keys = await keysThatCount({ repo });
  return promoted.map(({ agent, version }): Verified => {
    const signer = promotionSigner(agent, version, keys);
    return {
      name: `${registryName}: ${adapterName({ agent, version: version.version })}`,
      state: signer ? 'ok' : 'differs',
      detail: signer
        ? `its promotion is as ${signer.keyid} signed it`
        : 'no key that counts signed its promotion as it stands. Promote it again, or add the key with "pantheon keys export"',
    };
  });
};

/** `pantheon models verify [name]`: exit code 1 when something differs or is missing. */
export const verifyCommand = async (
  name: string | undefined,
  args: RepoArguments,
): Promise<void> => {
  requireDay('pantheon models verify', await daySigns());
  const options = await inventoryOf(args.repo);
  const roles = versionRoles(options.registry);
  const names =
    name === undefined
      ? (await takeInventory(options))
          .filter(
            ({ path, pinned, ...one }) =>
              path !== undefined || pinned || roles.get(one.name)?.serves,
          )
          .map((model) => model.name)
      : [plainModelName(name)];
  await untilInterrupted('Interrupted; nothing was changed.', async (signal) => {
    const results: Verified[] = [];
    for (const each of names) {
      const result = await verifyModel(each, options, signal);
      results.push(result);
      if (!args.json) process.stdout.write(`${verifiedText(result)}\n`);
    }
    for (const result of name === undefined
      ? await verifyPromotions(options.registry, args.repo)
      : []) {
      results.push(result);
      if (!args.json) process.stdout.write(`${verifiedText(result)}\n`);
    }
    if (args.json) printJson(results);
    else if (results.length === 0) process.stdout.write('There is no model to verify.\n');
    const bad = results.some(({ state }) => state === 'differs' || state === 'missing');
    process.exitCode = bad ? 1 : 0;
  });
};

const verifiedText = ({ name, state, detail, digest }: Verified): string =>
  `${printable(`${name}: ${state}: ${detail}`)}${digest === undefined ? '' : ` (sha256 ${digest})`}`;
