// SPDX-License-Identifier: GPL-3.0-only
import type { Plan } from '../../src/chore/plan.ts';
import { isDirective } from '../../src/code/directive.ts';

type Args = { readonly text?: string; readonly licence?: string };

/** A header must say something, and switch nothing off: checks would pass that have not looked. */
export const plan: Plan<Args> = ({ text, licence }, { spec: { rules } }) => {
  const said = [text, rules.header].filter((words) => typeof words === 'string');
  if (said.some(isDirective)) {
    return {
      message: 'the words of the header would tell a tool what to pass over',
      advice: 'leave them out; a person has to write such a comment',
    };
  }
  if (licence !== undefined || said.length > 0) return undefined;
  return {
    message: 'no sentence names the licence of the header',
    advice: 'name one, as in "All files have an MIT header", or write the words under rules.header',
  };
};
