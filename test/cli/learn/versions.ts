// SPDX-License-Identifier: GPL-3.0-only
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { sha256 } from '../../../src/data/digest.ts';
import { tinyConfig, tinyHouse, tinySpec } from '../../night/support/tiny-house.ts';
import { cachedTinyModel } from '../../tiny-model/tiny-model.ts';
import { type Files, temporaryFolder, writeFiles } from '../../workspace/with-repository.ts';
import { type Ended, makePlace, type Place, start } from '../with-cli.ts';

/*
 * A repository of the tiny house, whose worker a model of noise plays, and real adapters for it. Who refuses
 * what says "hard" is a worker of rules.
 */

const tiny = cachedTinyModel();

/** What says "hard" is refused by the lazy one. */
export const lazyRules = String(tinyHouse['agents/worker/rules/default.js']).replace(
  "if (order === 'refuse')",
  "if (body.includes('hard') || order === 'refuse')",
);

export const dataset = 'd'.repeat(64);

/** What `pantheon train` leaves of the tiny worker. */
export const trainingOf = (version: number, more: object = {}) => ({
  name: `tiny.worker@${version}`,
  agent: 'tiny.worker',
  base: { name: 'tiny', digest: sha256(readFileSync(tiny.gguf)) },
  recipe: { method: 'lora', rank: 8, epochs: 1 },
  dataset,
  specs: ['learned'],
  ...more,
});

export type VersionLab = Place & {
  readonly models: string;
  readonly pantheonIn: (...args: readonly string[]) => Promise<Ended>;
};

const spec = (id: string): string => tinySpec(`${id}/`, 'flow: tiny\n');

/** Held-out specs and their files: the first of them are hard. */
export const labSpecs = (hard: number, easy: number): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Array.from({ length: hard + easy }, (_, at) => [
      `s${at}`,
      at < hard ? `hard ${at}\n` : `easy ${at}\n`,
    ]),
  );

/** A repository, its models folder with so many versions, and a folder of specs beside it. */
export const makeLab = async (
  t: ExecutionContext,
  texts: Readonly<Record<string, string>>,
  more: Files = {},
): Promise<VersionLab & { readonly queue: string }> => {
  const models = temporaryFolder(t);
  symlinkSync(tiny.gguf, join(models, 'tiny.gguf'));
  for (const version of [1, 2]) {
    const folder = join(models, `tiny.worker@${version}`);
    mkdirSync(folder);
    writeFileSync(join(folder, 'adapter.gguf'), readFileSync(tiny.adapter));
    writeFileSync(join(folder, 'training.json'), JSON.stringify(trainingOf(version)));
  }
  const place = await makePlace(t, {
    'pantheon.yaml': tinyConfig(
      '',
      '    tiny.worker: { engine: llama, model: tiny, processes: 1, threads: 1, contextTokens: 8192 }\n',
    ),
    'agents/worker/agent.yaml': `${tinyHouse['agents/worker/agent.yaml']}limits: { maxSteps: 2, maxFailures: 1, maxOutputTokens: 48 }\n`,
    'agents/worker/rules/lazy.js': lazyRules,
    ...Object.fromEntries(Object.entries(texts).map(([id, text]) => [`${id}/a.txt`, text])),
    ...more,
  });
  const queue = temporaryFolder(t);
  writeFiles(queue, Object.fromEntries(Object.keys(texts).map((id) => [`${id}.yaml`, spec(id)])));
  const environment = { PANTHEON_STATE: dirname(place.state.root), PANTHEON_MODELS: models };
  return {
    ...place,
    models,
    queue,
    pantheonIn: (...args) => start(args, place.folder, { ...environment, PANTHEON_NIGHT: '' }),
  };
};
