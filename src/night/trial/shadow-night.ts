// SPDX-License-Identifier: GPL-3.0-only
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { countNoun } from '../../data/count-noun.ts';
import { messageOf } from '../../data/message-of.ts';
import { adapterName } from '../../engine/models/adapter-name.ts';
import type { AgentVersion, AgentVersions } from '../../engine/models/registry.ts';
import { registryName } from '../../engine/models/registry-names.ts';
import { findVersion } from '../../learn/eval/find-version.ts';
import { trialRegistry } from '../../learn/eval/incumbent.ts';
import { type KeptEval, readEval, shadowPlace, writeEval } from '../../learn/eval/kept-eval.ts';
import { countPairs, type EvalResult, type SideOutcome } from '../../learn/eval/result.ts';
import { extendJournal } from '../../trace/journal.ts';
import { acquireLock } from '../../trace/lock.ts';
import { openBaseTree } from '../../workspace/base-tree.ts';
import { type CommittedFiles, readCommit } from '../open/read-commit.ts';
import { isCanary } from '../open/stand-ins.ts';
import { pageName, readNodes, writePage } from '../publish/morning-page.ts';
import { readNight } from '../record/night-folder.ts';
import type { Night } from '../record/night-schemas.ts';
import {
  type ShadowRecord,
  shadowLine,
  shadowRecordSchema,
  shadowsFile,
} from '../record/shadow-records.ts';
import { endedIn } from '../spec-outcomes.ts';
import type { NightEnd } from '../start-night.ts';
import { flowsOf } from './eval-cases.ts';
import { type EvalPlan, emptyResult, evaluateAgent, evaluatorOf } from './evaluate-agent.ts';
import { isSameComparison, withWorked } from './go-on.ts';
import { untilAnotherNight } from './until-another-night.ts';

type ShadowRun = Pick<EvalPlan, 'work' | 'say' | 'signal' | 'state' | 'repository'> & {
  /** The time that all shadows of the night may take [ms]. */
  readonly mostMs: number;
};

/**
 * After a night: candidates with a `shadow` work specs that the champion worked once more, each in a repository and a
 * state folder of its own, and what came of it is kept beside the nights, for the page, `eval`, `promote` and `route`.
 * It ends when its time is over or another night begins. What goes wrong is told and recorded: the night has ended.
 * @throws the signal's reason when interrupted.
 */
export const shadowNight = async (end: NightEnd, run: ShadowRun): Promise<void> => {
  const night = await readNight(end.folder);
  const agents = championsIn(night);
  if (agents.length === 0) return;
  const base = await openBaseTree(run.repository, night.base.commit);
  try {
    const commit = await readCommit(base);
    const registry = await commit.registry();
    const shadowed = agents.filter((agent) => registry.agents[agent]?.candidate?.shadow);
    if (shadowed.length === 0) return;
    await untilAnotherNight(run, async (signal) => {
      for (const agent of shadowed) {
        const versions = registry.agents[agent] as AgentVersions;
        await shadowAgent({ agent, versions, night, commit, end }, { ...run, signal });
      }
    });
    await writePage(join(end.folder, pageName), end.folder, end.summary);
    run.signal.throwIfAborted();
  } catch (error) {
    run.signal.throwIfAborted();
    run.say(`The shadows of the night were not worked: ${messageOf(error)}`);
  } finally {
    await base.close();
  }
};

/** The agents that work and whose champion the night asked for. */
const championsIn = ({ adapters = {}, flows, agents }: Night): readonly string[] => [
  ...new Set(
    Object.entries(adapters).flatMap(([key, { agent, alias }]) => {
      const [flow = '', node = ''] = key.split('/');
      const player = flows[flow]?.nodes.find(({ id }) => id === node)?.agent;
      const isWorker = player === agent && agents[agent]?.manifest.role === 'work';
      return isWorker && alias === 'champion' ? [agent] : [];
    }),
  ),
];

type Shadowed = {
  readonly agent: string;
  readonly versions: AgentVersions;
  readonly night: Night;
  readonly commit: CommittedFiles;
  readonly end: NightEnd;
};

/** Works the shadow of one agent's candidate, and records how it went. */
const shadowAgent = async (shadowed: Shadowed, run: ShadowRun): Promise<void> => {
  const { agent, night, versions } = shadowed;
  const [champion, candidate] = [versions.champion, versions.candidate?.version].map((version) =>
    versions.versions.find((one) => one.version === version),
  );
  if (!champion || !candidate || champion === candidate) return;
  const [name, other] = [candidate, champion].map(({ version }) => adapterName({ agent, version }));
  let cases: EvalResult['cases'] = [];
  let specs: readonly string[] = [];
  let fault: string | undefined;
  try {
    await workShadow(shadowed, { champion, candidate }, run, (ids, result) => {
      specs = ids;
      cases = result?.cases ?? cases;
    });
  } catch (error) {
    fault = messageOf(error);
  }
  if (specs.length === 0 && fault === undefined) return;
  const tonight = cases.filter(({ id, base }) => specs.includes(id) && base === night.base.commit);
  const record: ShadowRecord = {
    ...{ night: night.id, candidate: name ?? '', champion: other ?? '' },
    specs: specs.length,
    pairs: countPairs(tonight),
    ...(fault !== undefined && { fault: fault.replace(/\.$/, '') }),
  };
  extendJournal(shadowsFile(run.state.root), shadowRecordSchema, [record]);
  run.say(shadowLine(record));
};

const workShadow = async (
  { agent, night, commit, end, versions }: Shadowed,
  { champion, candidate }: Readonly<Record<'champion' | 'candidate', AgentVersion>>,
  { repository, state, work, say, signal }: ShadowRun,
  tell: (ids: readonly string[], result?: EvalResult) => void,
): Promise<void> => {
  const { version } = candidate;
  const name = adapterName({ agent, version });
  const flows = await flowsOf(commit, agent);
  const outcomes = new Map(
    endedIn(end.summary, readNodes(end.folder).nodes, agent).map(({ id, outcome }) => [
      id,
      outcome,
    ]),
  );
  const drawn = drawnSpecs(night, flows, versions.candidate?.shadow ?? 0, outcomes);
  tell(drawn.map(({ spec }) => spec.id));
  if (drawn.length === 0) return;
  const { candidate: there, facts } = await findVersion(agent, version, await commit.models());
  if (there.adapter !== candidate.adapter) {
    throw new Error(
      `its files have sha256 ${there.adapter}, and ${registryName} has ${candidate.adapter}`,
    );
  }
  const learned = new Set(facts.specs);
  const specs = drawn.filter(({ spec }) => !learned.has(spec.id));
  const ids = specs.map(({ spec }) => spec.id);
  tell(ids);
  if (specs.length === 0) return;
  const kept = shadowPlace(state, name);
  const place = join(kept, night.id);
  mkdirSync(place, { recursive: true });
  const tonight: EvalPlan = {
    ...{ agent, flows, specs, place, state, repository, work, say, signal, heldOut: null },
    candidate: there,
    incumbent: {
      name: adapterName({ agent, version: champion.version }),
      adapter: champion.adapter,
    },
    head: night.base.commit,
    registry: trialRegistry(await commit.registry(), agent, there),
    config: commit.config,
    profile: night.profile,
    startedAt: night.startedAt,
    sides: { candidate: { adapter: name }, incumbent: { adapter: undefined } },
    example: night.example,
  };
  const release = await acquireLock(`${kept}.lock`, `the shadow of ${name}`);
  try {
    say(`${name} works ${countNoun(specs.length, 'spec')} of the night again, in the shadow.`);
    const { plan, begun } = await begin(tonight, readEval(kept), outcomes);
    const keep = (result: EvalResult): void => {
      writeEval(kept, { result, specs: plan.specs });
      tell(ids, result);
    };
    keep(begun);
    await evaluateAgent(plan, begun, keep);
  } finally {
    release();
  }
};

/** The share of a night's specs that its champion worked to an end that says something of it. */
const drawnSpecs = (
  night: Night,
  flows: EvalPlan['flows'],
  share: number,
  outcomes: ReadonlyMap<string, SideOutcome>,
): EvalPlan['specs'] => {
  const names = new Set(flows.map(({ name }) => name));
  return night.specs
    .filter(({ skip, only, canary, route }) => !skip && !only && !canary && !route)
    .filter(({ spec, flow }) => names.has(flow) && outcomes.get(spec.id)?.broken === undefined)
    .filter(({ spec }) => outcomes.has(spec.id))
    .filter(({ spec }) => isCanary(`shadow ${night.id}`, spec.id, share))
    .map(({ spec, flow }) => ({
      kind: 'held-out',
      spec: { ...spec, flow, dependsOn: [] },
      on: { commit: night.base.commit },
    }));
};

/** Goes on with what nights before had compared by the same judges; the champion's side is as the night left it. */
const begin = async (
  tonight: EvalPlan,
  kept: KeptEval | undefined,
  outcomes: ReadonlyMap<string, SideOutcome>,
): Promise<{ readonly plan: EvalPlan; readonly begun: EvalResult }> => {
  const isSame = kept !== undefined && (await isSameComparison(kept, tonight));
  const ids = new Set(tonight.specs.map(({ spec }) => spec.id));
  // Of a spec that several nights worked the last one counts.
  const before = isSame ? kept.specs.filter(({ spec }) => !ids.has(spec.id)) : [];
  const plan = { ...tonight, specs: [...before, ...tonight.specs] };
  const fresh = emptyResult(plan, await evaluatorOf(plan));
  const { cases, ...result } = isSame ? withWorked(fresh, kept.result) : fresh;
  const begun = {
    ...result,
    cases: cases.map((one) =>
      ids.has(one.id) ? { ...one, incumbent: outcomes.get(one.id) } : one,
    ),
  };
  return { plan, begun };
};
