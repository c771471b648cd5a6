// SPDX-License-Identifier: GPL-3.0-only
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../../src/data/digest.ts';
import { renderRegistry, withAgent } from '../../../src/engine/models/registry.ts';
import { cachedTinyModel } from '../../tiny-model/tiny-model.ts';
import { type Files, temporaryFolder } from '../../workspace/with-repository.ts';
import { tinyConfig, tinyHouse, tinySpec } from './tiny-house.ts';
import { wholeFile } from './whole-file.ts';

/*
 * A tiny house whose worker is a real model with real adapters, which the registry has: what it writes is noise. The
 * models folder is that of this process.
 */

const tiny = cachedTinyModel();
const models = temporaryFolder(wholeFile());
process.env.PANTHEON_MODELS = models;
for (const number of [1, 2, 3])
  copyFileSync(tiny.adapter, join(models, `tiny.worker@${number}.gguf`));
export const digest = sha256(readFileSync(tiny.adapter));

export const version = (number: number) => ({
  version: number,
  base: { name: 'tiny', digest },
  adapter: digest,
  dataset: digest,
  date: '2026-11-30',
});
export const registryOf = (more: object): string =>
  renderRegistry(
    withAgent({ version: 1, agents: {} }, 'tiny.worker', {
      ...more,
      versions: [version(1), version(2), version(3)],
    }),
  );

export const ids = ['ada', 'bob', 'cyd', 'dan', 'eve', 'fay'];

const bound = (adapter: string): string =>
  tinyConfig(
    '',
    `    tiny.worker: { engine: llama, model: ${tiny.gguf}, processes: 1, threads: 1, contextTokens: 8192, adapter: ${adapter} }\n`,
  );

export const files = (adapter: string, registry: string): Files => ({
  'pantheon.yaml': bound(adapter),
  'registry.yaml': registry,
  'agents/worker/agent.yaml': `${tinyHouse['agents/worker/agent.yaml']}limits: { maxSteps: 1, maxTokens: 24 }\n`,
  ...Object.assign(
    {},
    ...ids.map((id) => ({ [`specs/${id}.yaml`]: tinySpec(`${id}/`), [`${id}/a.txt`]: `${id}\n` })),
  ),
});

/** These ask for a chore beside what no chore is for; of them the candidate works the last one. */
export const asking = ['cyd', 'dan', 'eve'];

export const routed = {
  champion: 1,
  candidate: { version: 3, share: 0.5 },
  routes: { champion: 1, table: [{ chores: ['absent'], version: 2 }] },
};

/** The specs that ask for a chore, as files. */
export const askingSpecs: Files = Object.fromEntries(
  asking.map((id) => [
    `specs/${id}.yaml`,
    `${tinySpec(`${id}/`)}  - "\`zzz\` no longer appears"\n`,
  ]),
);
