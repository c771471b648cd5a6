// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import { countNoun } from '../../data/count-noun.ts';
import { installationFolder } from '../../data/installation.ts';
import { UserError } from '../../data/user-error.ts';
import { loadFlow } from '../../flow/load-flow.ts';
import type { Flow } from '../../flow/schema.ts';
import type { TrialSpec } from '../../learn/eval/kept-eval.ts';
import { heldOutSpecs } from '../../learn/mine/held-out.ts';
import { loadSpecs } from '../../spec/load-specs.ts';
import type { Spec } from '../../spec/schema.ts';
import type { Repository } from '../../workspace/repository.ts';
import { flowChooser } from '../decide/choose-flow.ts';
import { committedChores } from '../open/open-setup.ts';
import type { CommittedFiles } from '../open/read-commit.ts';
import { readNight } from '../record/night-folder.ts';
import type { StateFolder } from '../record/state-folder.ts';

/** The flows of a commit that an agent has a node in. @throws UserError where there is none. */
export const flowsOf = async (commit: CommittedFiles, agent: string): Promise<readonly Flow[]> => {
  const flows: Flow[] = [];
  for (const name of await commit.flowNames()) flows.push(loadFlow(await commit.flowSource(name)));
  const those = flows.filter(({ nodes }) => nodes.some((node) => node.agent === agent));
  if (those.length > 0) return those;
  throw new UserError(`no flow has a node of "${agent}"; "pantheon eval" takes an agent of a flow`);
};

export type CaseOptions = {
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
