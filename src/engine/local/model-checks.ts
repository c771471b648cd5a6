// SPDX-License-Identifier: GPL-3.0-only
import type { Check } from '../contract/engine.ts';
import type { TemplateName, TemplateUse } from './chat-templates.ts';

/** What to know of the context, beside what the model was trained on [tokens]. */
export const trainedContextCheck = (
  contextTokens: number,
  trainedTokens: number | undefined,
  setting: string,
): Check => {
  const name = 'context';
  if (trainedTokens === undefined) {
    const detail = `${contextTokens} tokens; the model's files do not say what it was trained on`;
    return { name, state: 'ok', detail };
  }
  if (contextTokens <= trainedTokens) {
    const detail = `${contextTokens} tokens of the ${trainedTokens} that the model was trained on`;
    return { name, state: 'ok', detail };
  }
  return {
    name,
    state: 'warn',
    detail: `${contextTokens} tokens; the model was trained on ${trainedTokens}`,
    fix: `lower ${setting}.contextTokens to ${trainedTokens}`,
  };
};

/** Which template prompts are written by, and which the settings name. */
export const usedTemplateCheck = (
  used: TemplateUse,
  declared: TemplateName | undefined,
  setting: string,
): Check => {
  const name = 'template';
  if (used !== 'model') {
    const detail = `the model has none; prompts are written as ${setting}.template says: ${used}`;
    return { name, state: 'warn', detail, fix: 'take a model that was trained to chat' };
  }
  if (declared === undefined) return { name, state: 'ok', detail: "the model's own" };
  const detail = `the model's own; ${setting}.template is for models that have none`;
  return { name, state: 'warn', detail, fix: 'take it out' };
};
