// SPDX-License-Identifier: GPL-3.0-only

import { dialectOf } from '../../agent/choose-dialect.ts';
import { type AgentEntry, isModelAgent, type ModelAgent, openAgent } from '../../agent/registry.ts';
import { shippedChores } from '../../chore/chores.ts';
import type { Runtime } from '../../config/schema.ts';
import { canonicalJson } from '../../data/digest.ts';
import { makeOnce } from '../../data/make-once.ts';
import { UserError } from '../../data/user-error.ts';
import type { Check } from '../../engine/contract/engine.ts';
import { checkRegistered } from '../../engine/models/registered-adapter.ts';
import { openEngine } from '../../engine/open.ts';
import { checkOfFault, type Preflight, preflight, speedIn } from '../../engine/preflight.ts';
import { type Hands, openHands } from '../../night/hand/hands.ts';
import { type ContextShortage, contextShortage } from '../../night/open/context-shortage.ts';
import { loadTools } from '../../tool/load-tools.ts';
import { type Bound, boundIn } from './bound.ts';
import { type Installed, nextStep, type Shared } from './next-step.ts';
import { type Dependence, dependentReviewers, type Reviewing } from './reviewers.ts';
import type { DoctorSources } from './sources.ts';

export type CheckState = Check['state'];

/** One engine and model as a profile binds it, and what was found of it. */
export type RuntimeReport = {
  /** Where it is bound, within the profile: `default`, `review.peer[1]`. */
  readonly settings: readonly string[];
  readonly agents: readonly string[];
  readonly engine: Runtime['engine'];
  readonly model?: string;
  /** Its name, and of a version of registry.yaml why it would work: `tiny.worker@2, the champion`. */
  readonly adapter?: string;
  readonly state: CheckState;
  readonly checks: readonly Check[];
  readonly next?: string;
};

export type ProfileReport = {
  readonly name: string;
  readonly chosen: boolean;
  readonly state: CheckState;
  readonly runtimes: readonly RuntimeReport[];
  /** Where two reviewers count as one, so that no pull request could open. */
  readonly dependent?: Dependence;
  /** The one next step, where the profile does not work. */
  readonly next?: string;
};

/** Looks at every engine of the named profiles, one after the other: a model may fill the memory. */
export const profileReports = async (
  sources: DoctorSources,
  names: readonly string[],
  chosen: string,
  options: { readonly installed: Installed; readonly signal: AbortSignal },
): Promise<readonly ProfileReport[]> => {
  const hands = openHands({
    chores: [],
    tools: sources.toolFolders,
    sandbox: sources.config.sandbox,
  });
  try {
    return await reportAll(sources, names, chosen, { ...options, hands });
  } finally {
    await hands.close();
  }
};

type Looking = {
  readonly installed: Installed;
  readonly signal: AbortSignal;
  readonly hands: Hands;
};

const reportAll = async (
  sources: DoctorSources,
  names: readonly string[],
  chosen: string,
  { installed, signal, hands }: Looking,
): Promise<readonly ProfileReport[]> => {
  const asked = new Map<string, Promise<Check>>();
  const reports: ProfileReport[] = [];
  for (const name of names) {
    const bound = boundIn(sources, name);
    if (bound instanceof UserError) {
      const check = checkOfFault(bound, `profiles.${name}`);
      const next = check.fix ?? 'correct pantheon.yaml';
      const broken = { settings: [], agents: [], engine: 'rules', state: 'fail' } as const;
      const runtimes = [{ ...broken, checks: [check] }];
      reports.push({ name, chosen: name === chosen, state: 'fail', runtimes, next });
      continue;
    }
    const runtimes: RuntimeReport[] = [];
    const reviewing: Reviewing[] = [];
    for (const each of bound) {
      signal.throwIfAborted();
      const { checks, probe } = await look(each, sources, asked, { signal, hands });
      if (probe) reviewing.push({ flows: each.reviews, identity: probe.identity });
      runtimes.push(reportOf(each, checks, name, sharedBy(bound, each), installed));
    }
    const dependent = dependentReviewers(reviewing);
    const state = dependent ? 'fail' : worstState(runtimes.map((runtime) => runtime.state));
    const next =
      runtimes.find((runtime) => runtime.state === 'fail')?.next ??
      (dependent &&
        `bind profiles.${name}.review.peer to two that differ, such as [{ engine: rules, rules: by-acceptance }, {}]`);
    reports.push({
      name,
      chosen: name === chosen,
      state,
      runtimes,
      ...(dependent && { dependent }),
      ...(next !== undefined && { next }),
    });
  }
  return reports;
};

const look = async (
  { runtime, version, folder, settings: [setting = ''], agents }: Bound,
  { models, agents: rooms, toolFolders }: DoctorSources,
  asked: Map<string, Promise<Check>>,
  { signal, hands }: Pick<Looking, 'signal' | 'hands'>,
): Promise<Preflight> => {
  try {
    const dialect = dialectOf(runtime, setting);
    if (version) await checkRegistered(version, { setting, models });
    const [chores, { openRules }] = [shippedChores, hands];
    const engine = await openEngine(runtime, { folder, setting, models, chores, openRules });
    try {
      const { seed: _, temperature: _t, slots: _s, ...endpoint } = runtime;
      const once = (of: string, check: () => Promise<Check>) =>
        makeOnce(asked, `${of} ${canonicalJson(endpoint)}`, check);
      const looked = await preflight(engine, runtime, { setting, signal, once });
      const { probe } = looked;
      if (!probe) return looked;
      const speed = speedIn(looked.checks);
      const used = agents.flatMap((name) => rooms.get(name) ?? []);
      const shortage = await worstShortage(used, async (agent) => {
        const tools = await loadTools(
          agent.manifest.tools,
          toolFolders,
          hands.openTool(agent.folder),
        );
        return contextShortage({ engine, probe, speed }, agent, tools, setting, dialect, runtime);
      });
      return shortage === undefined
        ? looked
        : { ...looked, checks: inPlace(looked.checks, shortage) };
    } finally {
      await engine.close();
    }
  } catch (error) {
    signal.throwIfAborted();
    return { checks: [checkOfFault(error, setting)] };
  }
};

/** A night refuses an agent that does not fit into the context; what would do for all is advised. */
const worstShortage = async (
  entries: readonly AgentEntry[],
  shortageOf: (agent: ModelAgent) => Promise<ContextShortage | undefined>,
): Promise<Check | undefined> => {
  const agents = (await Promise.all(entries.map((entry) => openAgent(entry)))).filter(isModelAgent);
  const shortages = (await Promise.all(agents.map(shortageOf))).filter((one) => one !== undefined);
  const [worst] = shortages.toSorted(
    (a, b) =>
      Number(b.check.state === 'fail') - Number(a.check.state === 'fail') || b.need - a.need,
  );
  return worst?.check;
};

const inPlace = (checks: readonly Check[], replacement: Check): readonly Check[] =>
  checks.some(({ name }) => name === replacement.name)
    ? checks.map((check) =>
        check.name === replacement.name && check.state !== 'fail' ? replacement : check,
      )
    : [...checks, replacement];

/** What the runtimes of one server ask of it together. */
const sharedBy = (bound: readonly Bound[], { runtime }: Bound): Shared => {
  const peers = bound
    .map((other) => other.runtime)
    .filter(
      ({ engine, socket, url }) =>
        engine === runtime.engine && socket === runtime.socket && url === runtime.url,
    );
  const contexts = peers.flatMap(({ contextTokens }) => contextTokens ?? []);
  return {
    adapters: [...new Set(peers.flatMap(({ adapter }) => adapter ?? []))],
    ...(contexts.length > 0 && { contextTokens: Math.max(...contexts) }),
  };
};

const reportOf = (
  { runtime, why, settings, agents }: Bound,
  checks: readonly Check[],
  profile: string,
  shared: Shared,
  installed: Installed,
): RuntimeReport => {
  const state = worstState(checks.map((check) => check.state));
  const first = checks.find((check) => check.state === state && state !== 'ok');
  const next = first && nextStep(first, runtime, shared, installed);
  const { engine, model, adapter } = runtime;
  return {
    settings: settings.map((setting) => setting.replace(`profiles.${profile}.`, '')),
    agents,
    engine,
    ...(model !== undefined && { model }),
    ...(adapter !== undefined && { adapter: [adapter, ...why].join(', ') }),
    state,
    checks,
    ...(next !== undefined && { next }),
  };
};

/** The state of a whole from those of its parts. */
export const worstState = (states: readonly CheckState[]): CheckState =>
  (['fail', 'warn'] as const).find((state) => states.includes(state)) ?? 'ok';
