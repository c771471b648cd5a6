// SPDX-License-Identifier: GPL-3.0-only
import { dirname, join } from 'node:path';
import { countNoun } from '../../data/count-noun.ts';
import { installationFolder } from '../../data/installation.ts';
import { UserError } from '../../data/user-error.ts';
import { adapterName } from '../../engine/models/adapter-name.ts';
import { type ModelStore, resolveModel } from '../../engine/models/model-files.ts';
import {
  type Registry,
  renderRegistry,
  versionsOf,
  withAgent,
} from '../../engine/models/registry.ts';
import { loadFlow } from '../../flow/load-flow.ts';
import type { Flow } from '../../flow/schema.ts';
import type { EvalCandidate } from '../../learn/eval/result.ts';
import { readTrainedVersion, type TrainedVersion } from '../../learn/eval/trained-version.ts';
import { heldOutSpecs } from '../../learn/mine/held-out.ts';
import { flowChooser } from '../../night/decide/choose-flow.ts';
import type { EvalPlan, TrialSpec } from '../../night/evaluate-agent.ts';
import { committedChores } from '../../night/open/open-setup.ts';
import type { CommittedFiles } from '../../night/open/read-commit.ts';
import { readNight } from '../../night/record/night-folder.ts';
import type { StateFolder } from '../../night/record/state-folder.ts';
import { loadSpecs } from '../../spec/load-specs.ts';
import type { Spec } from '../../spec/schema.ts';
import type { BaseTree } from '../../workspace/base-tree.ts';
import type { Repository } from '../../workspace/repository.ts';

/** An adapter in the models folder, with what is told of it. */
export type FoundVersion = { readonly candidate: EvalCandidate; readonly facts: TrainedVersion };

/**
 * Reads a trained version and holds it to what it says: its rank, and the base where that is here.
 * @throws UserError where it is missing or was made for something else.
 */
export const findVersion = async (
  agent: string,
  version: number,
  models: ModelStore,
): Promise<FoundVersion> => {
  const name = adapterName({ agent, version });
  const { path, digest, form } = await resolveModel(name, { setting: name, models }, 'adapter');
  const folder = form === 'gguf' ? dirname(path) : path;
  const facts = readTrainedVersion(folder, name);
  const base = await resolveModel(facts.base.name, { setting: name, models }).catch(
    () => undefined,
  );
  if (base && base.digest !== facts.base.digest) {
    throw new UserError(
      `${name} was trained on ${facts.base.name} with sha256 ${facts.base.digest}, and the one at ${base.path} has ${base.digest}. Fetch that base again, or train on this one`,
    );
  }
  const { dataset, recipe } = facts;
  const candidate = { version, adapter: digest, base: facts.base, rank: recipe.rank, dataset };
  return { candidate, facts };
};

/** The registry of a trial: the committed one, which the candidate is a version of. */
export const trialRegistry = (
  registry: Registry,
  agent: string,
  { version, adapter, base, rank, dataset }: EvalCandidate,
): string => {
  const before = versionsOf(registry, agent);
  const date = '1970-01-01';
  const own = { version, base, adapter, dataset, date, ...(rank !== undefined && { rank }) };
  const others = (before?.versions ?? []).filter((one) => one.version !== version);
  const { candidate: _, routes: _r, ...aliases } = before ?? {};
  return renderRegistry(withAgent(registry, agent, { ...aliases, versions: [...others, own] }));
};

/** What a version is compared with. */
export const readAgainst = (
  asked: string | undefined,
  registry: Registry,
  agent: string,
): { readonly incumbent: EvalPlan['incumbent']; readonly side: EvalPlan['sides']['incumbent'] } => {
  const versions = versionsOf(registry, agent);
  const champion = versions?.versions.find(({ version }) => version === versions.champion);
  const against = asked ?? (champion ? 'champion' : 'none');
  if (against === 'rules') {
    return { incumbent: { name: 'rules' }, side: { runtime: { engine: 'rules' } } };
  }
  if (against === 'none') {
    return { incumbent: { name: 'no adapter' }, side: { adapter: undefined } };
  }
  if (against !== 'champion') {
    throw new UserError(`--against: "${against}" is not one of champion, none, rules`);
  }
  if (!champion) {
    throw new UserError(
      `--against: registry.yaml has no champion of ${agent}. Compare with --against none, or rules`,
    );
  }
  const name = adapterName({ agent, version: champion.version });
  return { incumbent: { name, adapter: champion.adapter }, side: { adapter: name } };
};

/** The flows of a commit that an agent has a node in. @throws UserError where there is none. */
export const flowsOf = async (commit: CommittedFiles, agent: string): Promise<readonly Flow[]> => {
  const flows: Flow[] = [];
  for (const name of await commit.flowNames()) flows.push(loadFlow(await commit.flowSource(name)));
  const those = flows.filter(({ nodes }) => nodes.some((node) => node.agent === agent));
  if (those.length > 0) return those;
  throw new UserError(`no flow has a node of "${agent}"; "pantheon eval" takes an agent of a flow`);
};

type CaseOptions = {
  readonly agent: string;
  readonly base: BaseTree;
  readonly repository: Repository;
  readonly state: StateFolder;
  /** Published nights, as folders. */
  readonly nights: readonly string[];
  readonly heldOut: number;
  readonly specs: string | undefined;
  readonly guards: string | undefined;
  /** Specs that the candidate has learned from; nothing where nobody says. */
  readonly learned: readonly string[] | undefined;
  readonly say: (line: string) => void;
};

/** The held-out specs of nights or of a folder, and the guard cases; those whose flow has the agent. */
export const findCases = async (
  commit: CommittedFiles,
  flows: readonly Flow[],
  options: CaseOptions,
): Promise<readonly TrialSpec[]> => {
  const { repository, state, say, learned } = options;
  const names = new Set(flows.map(({ name }) => name));
  const chores = await (await committedChores(commit, state.code))();
  const chooser = flowChooser(chores, await commit.flowNames(), commit.config.flow);
  const ours = (spec: Spec): boolean => names.has(chooser(spec));
  const head = { commit: repository.head };
  const fromFolder = async (folder: string): Promise<readonly Spec[]> =>
    (await loadSpecs(folder)).specs.filter(ours);
  const heldOut: readonly TrialSpec[] =
    options.specs === undefined
      ? await fromNights(options, ours)
      : (await fromFolder(options.specs)).map((spec) => ({ kind: 'held-out', spec, on: head }));
  const seen = new Set(learned);
  const unseen = heldOut.filter(({ spec }) => !seen.has(spec.id));
  if (unseen.length < heldOut.length) {
    say(
      `${countNoun(heldOut.length - unseen.length, 'spec')} left out: the adapter has learned from them.`,
    );
  }
  if (learned === undefined) {
    say(
      'training.json does not say which specs were learned from; only the split keeps them apart.',
    );
  }
  const vault = { folder: join(installationFolder, 'examples', 'vault') };
  const shipped = await fromFolder(join(installationFolder, 'examples', 'specs'));
  const own = options.guards === undefined ? [] : await fromFolder(options.guards);
  const guard =
    (on: TrialSpec['on'], mark: string) =>
    (spec: Spec): TrialSpec => ({
      kind: 'guard',
      spec: { ...spec, id: `${mark}-${spec.id}`.slice(0, 80), dependsOn: [] },
      on,
    });
  return [...unseen, ...shipped.map(guard(vault, 'example')), ...own.map(guard(head, 'guard'))];
};

/** Of a spec that several nights worked the last one counts: its text then, on the commit of then. */
const fromNights = async (
  { nights, heldOut }: CaseOptions,
  ours: (spec: Spec) => boolean,
): Promise<readonly TrialSpec[]> => {
  const kept = await heldOutSpecs(nights, heldOut);
  const last = new Map<string, TrialSpec>();
  for (const folder of nights) {
    const night = await readNight(folder);
    const ids = new Set(kept.flatMap(({ night: id, spec }) => (id === night.id ? spec : [])));
    for (const { spec, skip } of night.specs) {
      if (skip !== undefined || !ids.has(spec.id) || !ours(spec)) continue;
      const { dependsOn: _, ...alone } = spec;
      last.set(spec.id, {
        kind: 'held-out',
        spec: { ...alone, dependsOn: [] },
        on: { commit: night.base.commit },
      });
    }
  }
  return [...last.values()].sort((a, b) => (a.spec.id < b.spec.id ? -1 : 1));
};

/** Where the trials of a version are, and their result. */
export const evalPlace = ({ root }: StateFolder, name: string): string => join(root, 'evals', name);
