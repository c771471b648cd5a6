// SPDX-License-Identifier: GPL-3.0-only
import type { ExecutionContext } from 'ava';
import type { Diagnosis } from '../../../src/cli/doctor/diagnosis.ts';
import type { ProfileReport } from '../../../src/cli/doctor/profiles.ts';
import { makeRepository } from '../../workspace/with-repository.ts';

const reviewers =
  'review.peer: [{ engine: rules, rules: by-acceptance }, { engine: rules, rules: by-redoing }]';

/** A repository whose profile `own` is this, beside `embedded`. */
export const repositoryWith = (t: ExecutionContext, profile: string, chosen = 'own'): string => {
  const profiles = `profiles:\n  embedded: { default: { engine: rules }, ${reviewers} }\n  own: ${profile}\n`;
  return makeRepository(t, { 'pantheon.yaml': `profile: ${chosen}\n${profiles}` }).folder;
};

/** What is said of the profile `own`. */
export const ownProfile = ({ profiles }: Diagnosis): ProfileReport => {
  const report = profiles.find(({ name }) => name === 'own');
  if (!report) throw new Error('no report of the profile');
  return report;
};

/** A profile whose default is a vLLM server there. */
export const served = (socket: string, more = '') =>
  `{ default: { engine: vllm, socket: ${socket}, model: tiny${more} }, review.peer: [{ engine: rules, rules: by-acceptance }, {}] }`;
