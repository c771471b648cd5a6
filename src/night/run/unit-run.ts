// SPDX-License-Identifier: GPL-3.0-only
import type { Unit } from '../../agent/schema.ts';
import type { Spec } from '../../spec/schema.ts';
import type { RunnableFlow } from '../open/open-flow.ts';
import type { Session } from './session.ts';
import type { NodeEnd } from './step.ts';

/** What one unit's nodes share on their way through the flow. */
export type UnitRun = {
  readonly session: Session;
  readonly flow: RunnableFlow;
  readonly spec: Spec;
  readonly unit: Unit;
  /** The entry's end, with an output narrowed to this unit. */
  readonly plan: Extract<NodeEnd, { readonly status: 'ok' }>;
  readonly priority: number;
};
