// SPDX-License-Identifier: GPL-3.0-only
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { sha256 } from '../../../src/data/digest.ts';
import { emptyLock } from '../../../src/engine/models/models-lock.ts';
import {
  type AgentVersions,
  emptyRegistry,
  renderRegistry,
  withAgent,
} from '../../../src/engine/models/registry.ts';
import { findVersion } from '../../../src/learn/eval/find-version.ts';
import { evalPlace, resultFile, writeEval } from '../../../src/learn/eval/kept-eval.ts';
import { registeredVersion } from '../../../src/learn/promote/registry-change.ts';
import { workHere } from '../../../src/night/child/work-here.ts';
import { readCommit } from '../../../src/night/open/read-commit.ts';
import { flowsOf } from '../../../src/night/trial/eval-cases.ts';
import {
  type EvalPlan,
  emptyResult,
  evaluateAgent,
  evaluatorOf,
} from '../../../src/night/trial/evaluate-agent.ts';
import { loadSpecs } from '../../../src/spec/load-specs.ts';
import { openBaseTree } from '../../../src/workspace/base-tree.ts';
import { tinyConfig, tinyHouse, tinySpec } from '../../night/support/tiny-house.ts';
import { cachedTinyModel } from '../../tiny-model/tiny-model.ts';
import { type Files, temporaryFolder, writeFiles } from '../../workspace/with-repository.ts';
import { type Ended, makePlace, type Place, start } from '../with-cli.ts';

/*
 * A repository of the tiny house, whose worker a model of noise plays, and real adapters for it. Who refuses
 * what says "hard" is a worker of rules.
 */

const tiny = cachedTinyModel();

/** A worker that refuses what says a word. */
function rulesRefusing(word: string): string {
  const before = "if (order === 'refuse')";
  const after = `if (body.includes('${word}') || order === 'refuse')`;
  return String(tinyHouse['agents/worker/rules/default.js']).replace(before, after);
}

/** What says "hard" is refused by the lazy one, and what says "easy" by the proud one. */
const lazyRules = rulesRefusing('hard');

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
  readonly environment: Readonly<Record<string, string>>;
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
    'agents/worker/rules/proud.js': rulesRefusing('easy'),
    ...Object.fromEntries(Object.entries(texts).map(([id, text]) => [`${id}/a.txt`, text])),
    ...more,
  });
  const queue = temporaryFolder(t);
  writeFiles(queue, Object.fromEntries(Object.keys(texts).map((id) => [`${id}.yaml`, spec(id)])));
  const environment = {
    ...{ PANTHEON_STATE: dirname(place.state.root), PANTHEON_MODELS: models, PANTHEON_NIGHT: '' },
  };
  return {
    ...place,
    models,
    queue,
    environment,
    pantheonIn: (...args) => start(args, place.folder, environment),
  };
};

/** Where the result is kept, and of which specs it is. */
type Evaluated = {
  readonly placeOf?: typeof evalPlace;
  readonly only?: (spec: string) => boolean;
};

/**
 * Evaluates version 2 in real nights, in which rules stand in for its weights, and the lazy ones for what it is
 * compared with: what is noise proves nothing.
 */
export const evaluated = async (
  t: ExecutionContext,
  lab: VersionLab & { readonly queue: string },
  rules: string,
  incumbent: EvalPlan['incumbent'],
  { placeOf = evalPlace, only = () => true }: Evaluated = {},
) => {
  const head = lab.run(['rev-parse', 'HEAD']).trim();
  const base = await openBaseTree(lab.folder, head);
  const commit = await readCommit(base);
  const models = { folders: [lab.models], lock: emptyLock };
  const { candidate } = await findVersion('tiny.worker', 2, models);
  const specs = (await loadSpecs(lab.queue)).specs.filter(({ id }) => only(id));
  const plan: EvalPlan = {
    ...{ agent: 'tiny.worker', profile: 'tiny', heldOut: null, head, candidate, incumbent },
    place: placeOf(lab.state, 'tiny.worker@2'),
    repository: lab.folder,
    registry: 'version: 1\nagents: {}\n',
    config: commit.config,
    flows: await flowsOf(commit, 'tiny.worker'),
    startedAt: '2026-11-20T12:00:00Z',
    sides: {
      candidate: { runtime: { engine: 'rules', rules } },
      incumbent: { runtime: { engine: 'rules', rules: 'lazy' } },
    },
    specs: specs.map((spec) => ({ kind: 'held-out', spec, on: { commit: head } })),
    state: lab.state,
    example: true,
    work: workHere,
    say: () => {},
    signal: new AbortController().signal,
  };
  const begun = emptyResult(plan, await evaluatorOf(plan));
  const result = await evaluateAgent(plan, begun, () => {});
  await base.close();
  writeEval(plan.place, { result, specs: plan.specs });
  t.true(existsSync(resultFile(plan.place)));
  return { result, specs: plan.specs };
};

/** Commits a registry with these versions of the worker, as their files are. */
export const commitVersions = async (
  lab: VersionLab,
  numbers: readonly number[],
  aliases: Omit<AgentVersions, 'versions'>,
): Promise<void> => {
  const models = { folders: [lab.models], lock: emptyLock };
  const versions = await Promise.all(
    numbers.map(async (number) =>
      registeredVersion((await findVersion('tiny.worker', number, models)).candidate, '2026-11-30'),
    ),
  );
  const registry = withAgent(emptyRegistry, 'tiny.worker', { ...aliases, versions });
  writeFiles(lab.folder, { 'registry.yaml': renderRegistry(registry) });
  lab.run(['add', '-A']);
  lab.run(['commit', '-q', '-m', 'Change the registry']);
};
