// SPDX-License-Identifier: GPL-3.0-only
import PQueue from 'p-queue';
import type { DecidedSpec } from '../record/night-schemas.ts';
import { underWay } from '../run/lane-widths.ts';
import { settleAll } from '../run/run-unit.ts';
import type { Session } from '../run/session.ts';
import { runSpec, type SpecEnd } from './run-spec.ts';

type SpecsRun = {
  readonly signal: AbortSignal;
  readonly fewest?: Parameters<typeof underWay>[1];
  /** Told when a spec has gone through its flow. */
  readonly left: (decided: DecidedSpec, end: SpecEnd) => void;
};

/**
 * Takes specs that are not skipped through their whole flows, as many at once as keep every lane full.
 * @throws the signal's reason when interrupted.
 */
export const runSpecs = async (
  session: Session,
  specs: readonly DecidedSpec[],
  { signal, left, fewest }: SpecsRun,
): Promise<void> => {
  const atOnce = underWay(session.flows.values(), fewest);
  const [waiting, units] = [atOnce.specs, atOnce.units].map(
    (concurrency) => new PQueue({ concurrency }),
  ) as [PQueue, PQueue];
  const run = async (decided: DecidedSpec): Promise<void> => {
    signal.throwIfAborted();
    left(decided, await runSpec(session, decided, { units }));
  };
  try {
    await settleAll(
      specs
        .filter(({ skip }) => skip === undefined)
        .map((decided) => waiting.add(() => run(decided), { priority: decided.spec.priority })),
    );
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
};
