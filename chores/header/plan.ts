// SPDX-License-Identifier: GPL-3.0-only
import type { Plan } from '../../src/chore/plan.ts';
import { isDirective } from '../../src/code/directive.ts';

/** A comment that is asked for must switch nothing off: checks would pass that have not looked. */
export const plan: Plan<{ readonly text?: string }> = ({ text }, { spec: { rules } }) =>
  [text, rules.header].some((words) => typeof words === 'string' && isDirective(words))
    ? {
        message: 'the words of the header would tell a tool what to pass over',
        advice: 'leave them out; a person has to write such a comment',
      }
    : undefined;
