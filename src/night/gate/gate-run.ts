// SPDX-License-Identifier: GPL-3.0-only
import type { Unit } from '../../agent/schema.ts';
import type { RunnableFlow } from '../open/open-flow.ts';
import type { Collected } from '../record/night-record.ts';
import type { Session } from '../run/session.ts';
import type { NodeEnd } from '../run/step.ts';

/** A planned spec whose units have all been through the flow. */
export type GateRun = {
  readonly session: Session;
  readonly flow: RunnableFlow;
  readonly collected: Collected;
  readonly units: readonly Unit[];
  readonly plan: Extract<NodeEnd, { readonly status: 'ok' }>;
};
