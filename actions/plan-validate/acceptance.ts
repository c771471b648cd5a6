// SPDX-License-Identifier: GPL-3.0-only

import { openChores } from '../../src/chore/chores.ts';
import { readIntents } from '../../src/chore/intent.ts';
import type { Spec } from '../../src/spec/schema.ts';
import type { Objection } from './objection.ts';

/**
 * A sentence can be checked when it is one Pantheon knows, or names something that can be looked
 * at: a quoted name, a path, a number. A spec with `checks` has its own means.
 */
export const checkAcceptance = (spec: Spec): Objection | undefined => {
  if (spec.checks.length > 0) return undefined;
  const vague = spec.acceptance.find((sentence) => !isCheckable(sentence));
  if (vague === undefined) return undefined;
  return {
    message: `the acceptance sentence "${vague}" cannot be checked`,
    advice: `name the file or name that it is about, or add a command under "checks"; docs/specs.md lists the sentences that are understood${such(vague)}`,
  };
};

const such = (sentence: string): string => {
  const phrasing = openChores().nearest(sentence);
  return phrasing === undefined ? '' : `, for example: ${phrasing}`;
};

const anchor = /`[^`]+`|"[^"]+"|\S+\/\S+|\*\.\w+|\b\w+\.[a-z]{1,4}\b|\b\d+\b/;

const isCheckable = (sentence: string): boolean =>
  readIntents(sentence) !== undefined || anchor.test(sentence);
