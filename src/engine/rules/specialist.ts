// SPDX-License-Identifier: GPL-3.0-only
import type { Chores } from '../../chore/chores.ts';
import type { Message } from '../contract/engine.ts';

/**
 * Rules standing in for a model: a pure function from the conversation to the text of the next
 * answer. It sees exactly what a model would see, and knows the chores there are. What it waits for stops with
 * `signal`.
 */
export type Specialist = (
  messages: readonly Message[],
  chores: Chores,
  signal?: AbortSignal,
) => string | Promise<string>;
