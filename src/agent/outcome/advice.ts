// SPDX-License-Identifier: GPL-3.0-only
import type { Failure } from '../schema.ts';

/** What a person can change where an agent ended so. */
export const adviceFor: Partial<Record<Failure['code'], string>> = {
  steps: 'raise limits.maxSteps of the spec or the agent, or make the spec smaller',
  tokens: 'raise limits.maxTokens of the agent, or make the spec smaller',
  context:
    'name fewer or smaller files or a folder as the scope, or use a model with a larger context',
  timeout: 'raise limits.timeout of the agent, or use a faster engine',
  secret: 'take it out, and replace it where it is in use',
};
