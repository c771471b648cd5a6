// SPDX-License-Identifier: GPL-3.0-only
import type { DecidedSpec } from '../record/night-schemas.ts';
import type { SpecOutcome } from '../record/outcomes.ts';

/** Why a spec that is not skipped is worked, for a person. */
export const whyWorked = (
  { spec, digest, fingerprint, only, tickedBy }: DecidedSpec,
  outcomes: readonly SpecOutcome[],
  retry: string | undefined,
): string => {
  if (retry === spec.id) return '--retry asks for it';
  if (tickedBy !== undefined) return `${tickedBy} asked for it on the dashboard issue`;
  const own = outcomes.filter((outcome) => outcome.spec === spec.id);
  const last = own.findLast((outcome) => outcome.digest === digest);
  if (!last) return own.length === 0 ? 'new' : 'its text changed';
  if (only) return 'its pull request is merged, and some of its units were left red';
  if (last.fingerprint !== fingerprint) {
    return `a file, an agent, a rule or a setting changed since it ended in ${last.night}`;
  }
  return last.transient
    ? `the cause of its end in ${last.night} may have passed: ${last.reason}`
    : `its pull request of ${last.night} is not there any more`;
};
