// SPDX-License-Identifier: GPL-3.0-only
import { limitsFor } from '../../agent/outcome/limits.ts';
import type { ExpectedTime } from '../../morning/expected-time.ts';
import type { BoundModelAgent } from '../open/bound-agent.ts';
import type { BoundFlow } from '../open/open-flow.ts';
import { flowRuntimes, type MeasuredSeconds } from '../record/measured-seconds.ts';
import type { Night } from '../record/night-schemas.ts';

/** A spec that is worked tonight, and at most what there is of it. */
type SpecSize = {
  readonly digest: string;
  readonly flow: string;
  readonly files: number;
  readonly bytes: number;
};

/** English takes four bytes a token. */
const bytesPerToken = 4;

/** No answer of an agent is shorter [tokens]. */
const shortAnswer = 32;

/** A flow's agents that ask a model, and whether its units are files. */
type ByModel = { readonly agents: readonly BoundModelAgent[]; readonly byFile: boolean };

/**
 * How long a night takes in which a model works: by what its specs took before, where all of their flows were worked
 * by just these runtimes, else by the speed of the engines. At least: each agent asked once a unit, all
 * slots busy. At most: as often and as long as its limits allow, one request after the other. `undefined` where
 * no model works, or nothing is measured. Exams are left out.
 */
export const estimateNight = (
  specs: readonly SpecSize[],
  flows: ReadonlyMap<string, Pick<BoundFlow, 'agents'>>,
  runtimes: Night['runtimes'],
  measured: MeasuredSeconds | undefined,
): ExpectedTime | undefined => {
  const byModel = new Map([...flows].map(([name, flow]) => [name, byModelIn(flow)]));
  const jobs = specs.flatMap((spec) => {
    const flow = byModel.get(spec.flow);
    if (!flow || flow.agents.length === 0) return [];
    return [{ spec, agents: flow.agents, units: flow.byFile ? Math.max(1, spec.files) : 1 }];
  });
  if (jobs.length === 0) return undefined;
  const agents = jobs.flatMap((job) => job.agents);
  const slots = Math.max(1, ...agents.map(({ runtime }) => runtime.probe.slots));
  const before = jobs.map(({ spec: { flow, digest }, units }) =>
    measured?.by?.[flow] === flowRuntimes(flow, runtimes)
      ? (measured.specs[digest] ?? units * (measured.flows[flow] ?? 0))
      : 0,
  );
  if (before.every((seconds) => seconds > 0)) {
    return { least: sum(before) / slots, most: sum(before), basis: 'nights' };
  }
  const times = jobs.flatMap(({ spec, units, ...job }) =>
    job.agents.map((agent) => timesOf(agent, units, spec.bytes)),
  );
  const most = sum(times.map((time) => time.most));
  if (most === 0) return undefined;
  return { least: sum(times.map((time) => time.least)) / slots, most, basis: 'speed' };
};

const byModelIn = ({ agents }: Pick<BoundFlow, 'agents'>): ByModel => ({
  agents: [...agents.values()].flatMap((bound) =>
    'runtime' in bound &&
    bound.runtime.fault === undefined &&
    bound.runtime.probe.identity.engine !== 'rules'
      ? [bound]
      : [],
  ),
  byFile: [...agents.values()].some(({ agent }) => agent.manifest.unit === 'file'),
});

/** Of an agent for all units of a spec [s]; 0 where it answers too fast to be measured. */
const timesOf = (
  { agent: { manifest }, runtime: { pace, settings } }: BoundModelAgent,
  units: number,
  bytes: number,
): { readonly least: number; readonly most: number } => {
  if (!pace) return { least: 0, most: 0 };
  const { maxSteps, timeout } = limitsFor(manifest.limits, settings.limits);
  const reading = (units * pace.prompt + bytes / bytesPerToken) / pace.reads;
  const writing = (tokens: number): number => (units * tokens) / pace.writes;
  return {
    least: reading + writing(Math.min(shortAnswer, pace.answer)),
    most: Math.min(reading + writing(maxSteps * pace.answer), (units * timeout) / 1000),
  };
};

const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0);

/** An estimate as a person is told it, before the first node. */
export const estimateLine = ({ least, most, basis }: ExpectedTime, specs: number): string => {
  const [from, to] = [least, most].map((seconds) => durationText(seconds));
  const time = from === to ? `about ${to}` : `between ${from} and ${to}`;
  const why =
    basis === 'nights'
      ? 'as the last nights took, with all slots busy or one request after the other'
      : 'by the speed of the engines, each agent asked once a unit or as much as its limits allow';
  return `${specs === 1 ? 'One spec is' : `${specs} specs are`} expected to take ${time}: an estimate ${why}. An exam of reviewers that is due comes on top.`;
};

/** A time in the unit that suits it, rounded up. */
const durationText = (seconds: number): string => {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 90 * 60
    ? `${Math.ceil(seconds / 60)} minutes`
    : `${Math.ceil(seconds / 360) / 10} hours`;
};
