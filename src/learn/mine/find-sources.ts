// SPDX-License-Identifier: GPL-3.0-only
import type { Summary } from '../../morning/summary.ts';
import type { Truth } from '../../review/schema.ts';
import { type BundleAddress, BundleFault } from '../../trace/bundle.ts';
import type { Traces } from '../../trace/open-traces.ts';
import { type Candidate, candidateOf, namesOf, type RowSource } from './candidate.ts';
import type { DecidedUnits, UnitResolution } from './decided-units.ts';
import { isGreen, type NodeSays, nodeSays } from './judge-unit.ts';
import type { LeftOutReason } from './left-out.ts';
import type { Links } from './split.ts';

/** A night that was published: its summary, and its bundles. */
export type MinedNight = {
  readonly folder: string;
  readonly summary: Summary;
  readonly traces: Traces;
};

export type FindOptions = {
  readonly links: Links;
  readonly decided: DecidedUnits;
  readonly stageOf: (acceptance: readonly string[]) => number;
  readonly leaveOut: (reason: LeftOutReason, amount?: number) => void;
  /** Digests of the conversations so far, of all nights. */
  readonly seen: Set<string>;
};

/** What rows can be made of in a night, one bundle in memory at a time. Ties specs to the files that green units change. */
export function* findSources(night: MinedNight, options: FindOptions): Generator<RowSource> {
  const { summary, traces } = night;
  const opened = new Set(
    summary.specs
      .filter(({ outcome }) => outcome === 'pull-request')
      .flatMap(({ id, unitDetails }) =>
        unitDetails.filter(({ state }) => state === 'approved').map((unit) => `${id}/${unit.id}`),
      ),
  );
  for (const spec of traces.specs()) {
    const addresses = tried(() => traces.list(spec), options) ?? [];
    for (const unit of unitsOf(addresses)) {
      for (const source of sourcesOf(night, unit, opened, options)) {
        if (options.seen.has(source.digest)) options.leaveOut('duplicate');
        else yield source;
        options.seen.add(source.digest);
      }
    }
  }
}

/** The addresses of each unit; they come sorted by unit. */
function* unitsOf(addresses: readonly BundleAddress[]): Generator<readonly BundleAddress[]> {
  let unit: BundleAddress[] = [];
  for (const address of addresses) {
    if (unit.length > 0 && unit[0]?.unit !== address.unit) {
      yield unit;
      unit = [];
    }
    unit.push(address);
  }
  if (unit.length > 0) yield unit;
}

type JudgedNode = { readonly says: NodeSays; readonly source: Candidate | undefined };

function* sourcesOf(
  night: MinedNight,
  addresses: readonly BundleAddress[],
  opened: ReadonlySet<string>,
  options: FindOptions,
): Generator<RowSource> {
  const { leaveOut, decided, links, stageOf } = options;
  const nodes: JudgedNode[] = [];
  const names = new Set<string>();
  let broken = 0;
  for (const address of addresses) {
    const bundle = tried(() => night.traces.read(address), options);
    if (!bundle) {
      broken += 1;
      continue;
    }
    nodes.push({ says: nodeSays(bundle), source: candidateOf(bundle, night.folder, stageOf) });
    for (const name of namesOf(bundle)) names.add(name);
  }
  const [{ spec = '', unit = '' } = {}] = addresses;
  const models = nodes.filter(({ source }) => source !== undefined);
  if (models.length === 0) return;
  const isExam = nodes.some(({ says }) => says.truth !== undefined);
  const isPublished =
    isExam ||
    (broken === 0 && opened.has(`${spec}/${unit}`) && isGreen(nodes.map(({ says }) => says)));
  if (!isPublished) {
    leaveOut('red', models.length);
    return;
  }
  const decision = decided.get(`${night.summary.night}/${spec}/${unit}`);
  const tied = [`spec ${spec}`, ...[...names].sort()];
  if (!isExam) links.tie(tied);
  for (const { says, source } of models) {
    if (!source) continue;
    const { review, truth, isFine } = says;
    const label = truth ?? labelOf(decision);
    const outcome = isExam ? 'exam' : (decision ?? 'undecided');
    const shared = { ...source, names: isExam ? tied : tied.slice(0, 1), outcome } as const;
    if (isExam && (!review || !truth || !isFine)) leaveOut('red');
    else if (review && !label) leaveOut('unlabelled');
    else if (review && label) yield { ...shared, review: { label, verdict: review.verdict } };
    else if (decision === 'rejected') leaveOut('rejected');
    else yield shared;
  }
}

const labelOf = (decision: UnitResolution | undefined): Truth | undefined =>
  decision && (decision === 'rejected' ? 'bad' : 'good');

/** @throws whatever is not a fault of a bundle. */
const tried = <Value>(read: () => Value, { leaveOut }: FindOptions): Value | undefined => {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof BundleFault)) throw error;
    leaveOut('unreadable');
    return undefined;
  }
};
