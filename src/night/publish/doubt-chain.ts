// SPDX-License-Identifier: GPL-3.0-only
import { outputSchema } from '../../agent/schema.ts';
import { digestOf } from '../../data/digest.ts';
import { flowOrder, rootInput } from '../../flow/graph.ts';
import type { Flow } from '../../flow/schema.ts';
import type { Decision } from '../../review/gate/gate-agent.ts';
import { type Bundle, type BundleAddress, formatAddress } from '../../trace/bundle.ts';
import type { Traces } from '../../trace/open-traces.ts';
import { patchDigest } from '../../workspace/patch-digest.ts';
import type { DecidedSpec, Night } from '../record/night-schemas.ts';
import { specUnit } from '../run/run-plan.ts';

type Reader = Pick<Traces, 'read'>;

/** Ends a walk along the chain with what speaks against it. */
class Doubt extends Error {}

const bundleAt = (traces: Reader, address: BundleAddress): Bundle => {
  const bundle = traces.read(address);
  if (!bundle) throw new Doubt(`${formatAddress(address)} left no bundle`);
  return bundle;
};

const keyOf = ({ unit, node }: Pick<BundleAddress, 'unit' | 'node'>): string => `${unit}/${node}`;

/** The identities of the bundles that one was made from, by `unit/node`. */
const citedBy = ({ facts }: Bundle): ReadonlyMap<string, string> =>
  new Map(facts.inputs.map((input) => [keyOf(input), input.digest]));

const checkCited = (by: Bundle, input: Bundle): void => {
  if (citedBy(by).get(keyOf(input.address)) === input.identity) return;
  throw new Doubt(
    `${formatAddress(by.address)} was made from another bundle of ${formatAddress(input.address)}`,
  );
};

/** A bundle and all that it was made from by the flow, each held to how the next one cites it. */
const chainOf = (traces: Reader, flow: Flow, end: Bundle): ReadonlyMap<string, Bundle> => {
  const chain = new Map<string, Bundle>([[end.address.node, end]]);
  const nodes = new Map(flow.nodes.map((node) => [node.id, node]));
  const waiting = [end];
  for (let bundle = waiting.pop(); bundle !== undefined; bundle = waiting.pop()) {
    const { spec, unit, node } = bundle.address;
    for (const id of nodes.get(node)?.inputs ?? []) {
      if (id === rootInput) continue;
      const place = { spec, unit: id === flow.entry ? specUnit.id : unit, node: id };
      const input = chain.get(id) ?? bundleAt(traces, place);
      checkCited(bundle, input);
      if (!chain.has(id)) waiting.push(input);
      chain.set(id, input);
    }
  }
  return chain;
};

const patchOf = ({ files }: Bundle): string => {
  const output = outputSchema.safeParse(JSON.parse(files['output.json'] ?? 'null'));
  return patchDigest(output.data?.changes ?? []);
};

const checkUnit = (
  traces: Reader,
  { flows, agents }: Pick<Night, 'flows' | 'agents'>,
  { spec, digest, flow: name }: DecidedSpec,
  gate: Bundle,
  { id, reviews = [], patchDigest: approved }: Decision['units'][number],
): void => {
  const flow = flows[name] as Flow;
  const workers = flowOrder(flow).filter(({ agent }) => agents[agent]?.manifest.role === 'work');
  for (const { reviewer } of reviews) {
    const review = bundleAt(traces, { spec: spec.id, unit: id, node: reviewer });
    const chain = chainOf(traces, flow, review);
    for (const bundle of chain.values()) checkCited(gate, bundle);
    const work = chain.get(workers.findLast(({ id }) => chain.has(id))?.id ?? '');
    if (!work || patchOf(work) !== approved) {
      throw new Doubt(`${reviewer} was not shown the patch of ${id} that is opened`);
    }
    const asked = JSON.parse(chain.get(flow.entry)?.files['input.json'] ?? 'null');
    if (digestOf(asked?.spec ?? null) !== digest) {
      throw new Doubt(`the plan of ${id} was not made from ${spec.id} as it was decided`);
    }
  }
};

/**
 * Whether the bundles behind a decision were made from each other, from the spec to each approved patch and to
 * both of its reviews, and the gate read exactly them. Returns what speaks against it.
 */
export const doubtChain = (
  traces: Reader,
  night: Pick<Night, 'flows' | 'agents'>,
  decided: DecidedSpec,
  { units }: Pick<Decision, 'units'>,
): string | undefined => {
  try {
    const { output } = night.flows[decided.flow] as Flow;
    const gate = bundleAt(traces, { spec: decided.spec.id, unit: specUnit.id, node: output });
    for (const unit of units) {
      if (unit.state === 'approved') checkUnit(traces, night, decided, gate, unit);
    }
  } catch (error) {
    if (error instanceof Doubt) return error.message;
    throw error;
  }
  return undefined;
};
