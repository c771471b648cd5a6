// SPDX-License-Identifier: GPL-3.0-only
import { configMistake } from '../config/config-mistake.ts';
import type { Runtime } from '../config/schema.ts';
import type { DecisionDialect, Dialect } from './dialect.ts';
import { decision } from './dialects/decision.ts';
import { envelope } from './dialects/envelope.ts';
import { qwen } from './dialects/qwen.ts';

const dialects = { envelope, qwen, decision };

/**
 * The dialect a runtime names; `envelope` where it names none. `setting` is where it is bound, for
 * messages. @throws UserError when rules, which speak envelope only, are bound to another.
 */
export const dialectOf = (
  { engine, dialect = 'envelope' }: Pick<Runtime, 'engine' | 'dialect'>,
  setting: string,
): Dialect | DecisionDialect => {
  if (engine === 'rules' && dialect !== 'envelope') {
    throw configMistake(
      `${setting}.dialect: rules speak "envelope" only; remove the key or bind another engine`,
    );
  }
  return dialects[dialect];
};
