// SPDX-License-Identifier: GPL-3.0-only
import type { Json } from '../../data/digest.ts';
import type { Spec } from '../../spec/schema.ts';
import type { Chores } from '../chores.ts';
import { loadCandidates } from '../modules.ts';
import { readAskedOf } from '../read-asked.ts';
import type { OpenDecision } from './decision.ts';

/** What of a unit's `input.json` a decision is made of. */
export type DecidedInput = {
  readonly spec: Pick<Spec, 'title' | 'acceptance' | 'rules'> & Partial<Pick<Spec, 'scope'>>;
  readonly path?: string | undefined;
  readonly body?: string | undefined;
  readonly rules?: Spec['rules'] | undefined;
  readonly with?: Readonly<Record<string, Json>> | undefined;
};

/** What a unit leaves an agent to decide; `refused` says why it is out of reach of picking. */
export const unitDecision = async (
  { spec, path, body, rules = spec.rules, with: more }: DecidedInput,
  agent: string,
  chores: Chores,
): Promise<OpenDecision | { readonly refused: string }> => {
  if (path === undefined || body === undefined) {
    return { refused: 'the unit is not one document of text' };
  }
  const asked = readAskedOf(agent, { ...spec, rules }, chores);
  if ('refused' in asked) return asked;
  const candidates = await loadCandidates(asked, chores);
  return candidates
    ? candidates({ path, text: body, rules, with: more }, asked)
    : { refused: 'no chore that is asked for offers something to pick from' };
};
