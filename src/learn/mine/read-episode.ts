// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { parseTranscript, renderTranscript } from '../../agent/conversation.ts';
import { canonicalJson } from '../../data/digest.ts';
import type { Message } from '../../engine/contract/engine.ts';
import { secretInText } from '../../secrets/find-secrets.ts';
import { textsIn } from '../../secrets/texts-in.ts';
import type { BundleFiles } from '../../trace/bundle.ts';
import { parseJson } from '../../trace/shown-values.ts';
import { type CalledFunction, type FunctionSchema, readAnswer, readTools } from './read-answer.ts';
import { type CallLine, readCalls } from './read-calls.ts';

/** One answer of a model in its conversation. */
export type EpisodeStep = {
  /** The answer, as it was said. */
  readonly said: string;
  readonly call?: CalledFunction;
  /** What the next prompt said to it; none for the last. */
  readonly reply?: string;
  /** Whether it may be learned: it was a call that went well, or the end. */
  readonly isGood: boolean;
};

/** A model's run on one input, from the locked prompt to the end. */
export type Episode = {
  readonly messages: readonly Message[];
  readonly steps: readonly EpisodeStep[];
  readonly tools: readonly FunctionSchema[];
  /** Of prompt and answers, as its engine counted them; `null` where it did not. */
  readonly tokens: number | null;
};

/** Why no row is made of a conversation. */
export type EpisodeRefusal = 'transcript' | 'secret';

const amount = z.number().nonnegative();
const metricsSchema = z.object({
  steps: z.int().positive(),
  completions: z
    .array(z.object({ promptTokens: amount, completionTokens: amount }))
    .optional()
    .catch(undefined),
});

/**
 * Reads what a bundle has of a model's run. It is refused where `prompt.txt`, the calls that the runner recorded and the
 * steps that it counted do not tell the same, and where any of it holds a secret.
 */
export const readEpisode = (files: BundleFiles): Episode | EpisodeRefusal => {
  const prompt = files['prompt.txt'] ?? '';
  const messages = parseTranscript(prompt);
  const metrics = metricsSchema.safeParse(parseJson(files['metrics.json'])).data;
  const calls = readCalls(files['tool_calls.jsonl']);
  const tools = readTools(messages?.[0]?.content ?? '');
  if (!messages || !metrics || !calls || !tools) return 'transcript';
  if (renderTranscript(messages) !== prompt) return 'transcript';
  const steps = stepsOf(messages, calls);
  if (!steps || steps.length !== metrics.steps) return 'transcript';
  const names = new Set(tools.map((tool) => tool.function.name));
  if (steps.some(({ call, isGood }) => isGood && call && !names.has(call.name))) {
    return 'transcript';
  }
  // A call's arguments and a schema's texts are free of JSON's escapes here.
  const texts = [prompt, ...[...textsIn([steps, tools])].map(([, text]) => text)];
  if (texts.some((text) => secretInText(text))) return 'secret';
  const last = metrics.completions?.at(-1);
  return {
    messages,
    steps,
    tools,
    tokens: last ? last.promptTokens + last.completionTokens : null,
  };
};

/** What the runner recorded says which steps went well, never the words of the conversation. */
const stepsOf = (
  messages: readonly Message[],
  calls: ReadonlyMap<number, CallLine>,
): readonly EpisodeStep[] | undefined => {
  const steps: EpisodeStep[] = [];
  for (let at = 2; at < messages.length; at += 2) {
    const said = messages[at]?.content ?? '';
    const reply = messages[at + 1]?.content;
    const call = readAnswer(said);
    const line = calls.get(steps.length + 1);
    if (line && !isSame(line, call)) return undefined;
    const isGood = line ? line.verdict.allow && line.error === undefined : reply === undefined;
    steps.push({ said, ...(call && { call }), ...(reply !== undefined && { reply }), isGood });
  }
  const isEnded = steps.at(-1)?.reply === undefined;
  return isEnded && [...calls.keys()].every((step) => step <= steps.length) ? steps : undefined;
};

const isSame = (line: CallLine, call: CalledFunction | undefined): boolean =>
  call?.name === line.name && canonicalJson(call.args) === canonicalJson(line.args);
