// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import { sha256 } from '../../data/digest.ts';
import { UserError } from '../../data/user-error.ts';
import { decisionSchema } from '../../review/gate/gate-agent.ts';
import type { Traces } from '../../trace/open-traces.ts';
import { readIfThere } from '../../trace/sign/key-folder.ts';
import { proposalFolder } from '../gate/propose.ts';
import { doubtChain } from '../publish/doubt-chain.ts';
import { doubtReviews } from '../publish/doubt-reviews.ts';
import type { DecidedSpec, Night } from '../record/night-schemas.ts';
import { specUnit } from '../run/run-plan.ts';
import type { Changed } from './changed.ts';

/** Goes through each pull request that a gate decided on, from the spec to the patch and both reviews. */
export const checkGates = (
  folder: string,
  night: Night,
  traces: Pick<Traces, 'read'>,
): readonly Changed[] =>
  night.specs.flatMap((decided) => {
    if (decided.skip !== undefined) return [];
    try {
      return checkGate(folder, night, decided, traces);
    } catch (error) {
      // What cannot be read was told as a bundle.
      if (error instanceof UserError || error instanceof SyntaxError) return [];
      throw error;
    }
  });

const checkGate = (
  folder: string,
  night: Night,
  decided: DecidedSpec,
  traces: Pick<Traces, 'read'>,
): readonly Changed[] => {
  const { spec, flow } = decided;
  const { output } = night.flows[flow] ?? {};
  if (output === undefined) return [];
  const gate = traces.read({ spec: spec.id, unit: specUnit.id, node: output });
  const said = JSON.parse(gate?.files['output.json'] ?? 'null');
  const decision = decisionSchema.safeParse(said?.result).data;
  if (decision?.outcome !== 'pull-request') return [];
  const doubt =
    doubtReviews(traces, spec.id, decision) ?? doubtChain(traces, night, decided, decision);
  const record = join(proposalFolder(folder, spec.id), 'pull-request.json');
  const text = readIfThere(record);
  const what = `${spec.id}/pull-request/pull-request.json`;
  return [
    ...(doubt === undefined ? [] : [{ what: spec.id, how: doubt }]),
    ...(text !== undefined && sha256(text) !== decision.record
      ? [{ what, how: 'is not what the gate wrote' }]
      : []),
  ];
};
