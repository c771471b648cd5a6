// SPDX-License-Identifier: GPL-3.0-only
import { callTool, type Script } from '../script.ts';
import type { Choice, Question } from './decision.ts';

/** The tool that asks a model which candidate of a question is right. */
export const pickTool = 'pick';

/** Asks which candidate is right; `undefined` where none is. */
export type Pick = (question: Question) => Script<Choice | undefined>;

/** Asks by the tool, as a work does whose agent has it. @throws Declined where the model gives no answer. */
export const pickByTool: Pick = function* ({ name, about, candidates }) {
  const asked = candidates.map((one) => ({ ...one }));
  const { picked } = (yield* callTool(pickTool, {
    name,
    ...(about !== undefined && { about }),
    candidates: asked,
  })) as { readonly picked: string | null };
  return candidates.find((one) => one.name === picked);
};
