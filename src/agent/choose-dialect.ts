// SPDX-License-Identifier: GPL-3.0-only
import { configMistake } from '../config/config-mistake.ts';
import type { Runtime } from '../config/schema.ts';
import type { DecisionDialect, Dialect } from './dialect.ts';
import { decisionIn } from './dialects/decision.ts';
import { envelope } from './dialects/envelope.ts';
import { qwen } from './dialects/qwen.ts';

const dialects = { envelope, qwen };

type Spoken = Pick<Runtime, 'engine' | 'dialect' | 'view' | 'confidence'>;

/**
 * The dialect a runtime names; `envelope` where it names none. `setting` is where it is bound, for
 * messages. @throws UserError when rules, which speak envelope only, are bound to another.
 */
export const dialectOf = (
  { engine, dialect = 'envelope', view, confidence }: Spoken,
  setting: string,
): Dialect | DecisionDialect => {
  if (engine === 'rules' && dialect !== 'envelope') {
    throw configMistake(
      `${setting}.dialect: rules speak "envelope" only; remove the key or bind another engine`,
    );
  }
  if (dialect === 'decision') return decisionIn(view, confidence);
  const key = view !== undefined ? 'view' : confidence !== undefined ? 'confidence' : undefined;
  if (key !== undefined) {
    throw configMistake(
      `${setting}.${key}: only the dialect "decision" has one; take "${key}" out`,
    );
  }
  return dialects[dialect];
};
