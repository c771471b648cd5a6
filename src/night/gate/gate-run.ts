// SPDX-License-Identifier: GPL-3.0-only
import type { Unit } from '../../agent/schema.ts';
import type { Collected } from '../record/night-record.ts';
import type { Session, Stage } from '../run/session.ts';
import type { NodeEnd } from '../run/step.ts';

/** A planned spec whose units have all been through the flow. */
export type GateRun = {
  readonly session: Session;
  readonly stage: Stage;
  readonly collected: Collected;
  readonly units: readonly Unit[];
  readonly plan: Extract<NodeEnd, { readonly status: 'ok' }>;
};
