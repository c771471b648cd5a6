// SPDX-License-Identifier: GPL-3.0-only
import type { ExecutionContext } from 'ava';
import type { Diagnosis } from '../../../src/cli/doctor/diagnosis.ts';
import type { ProfileReport } from '../../../src/cli/doctor/profiles.ts';
import { makeRepository } from '../../workspace/with-repository.ts';

const reviewers =
  'review.peer: [{ engine: rules, rules: by-acceptance }, { engine: rules, rules: by-redoing }]';

/** A repository whose profile `own` is this, beside `embedded`. */
export const repositoryWith = (t: ExecutionContext, own: string, chosen = 'own'): string => {
  const profiles = `profiles:\n  embedded: { default: { engine: rules }, ${reviewers} }\n  own: ${own}\n`;
  return makeRepository(t, { 'pantheon.yaml': `profile: ${chosen}\n${profiles}` }).folder;
};

/** What is said of the profile `own`. */
export const own = ({ profiles }: Diagnosis): ProfileReport => {
  const found = profiles.find(({ name }) => name === 'own');
  if (!found) throw new Error('no report of the profile');
  return found;
};

/** A profile whose default is a vLLM server there. */
export const served = (socket: string, more = '') =>
  `{ default: { engine: vllm, socket: ${socket}, model: tiny${more} }, review.peer: [{ engine: rules, rules: by-acceptance }, {}] }`;
