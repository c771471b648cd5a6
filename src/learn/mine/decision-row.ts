// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { parseTranscript, renderTranscript } from '../../agent/conversation.ts';
import { decision as dialect } from '../../agent/dialects/decision.ts';
import { inputSchema } from '../../agent/schema.ts';
import type { Chores } from '../../chore/chores.ts';
import { unitDecision } from '../../chore/decide/unit-decision.ts';
import { waysTo } from '../../chore/decide/ways-to.ts';
import { nothingWrong } from '../../review/suspect/suspicions.ts';
import { secretInText } from '../../secrets/find-secrets.ts';
import type { BundleFiles } from '../../trace/bundle.ts';
import { parseJson } from '../../trace/shown-values.ts';
import type { RowSource } from './candidate.ts';
import { readCalls } from './read-calls.ts';
import type { EpisodeRefusal } from './read-episode.ts';
import { type AnswerRow, factsOf, templateSettings } from './rows.ts';

/** What a decision is asked with: the chores that offer, and `decide.txt` of each agent that can pick. */
export type DecisionMakers = {
  readonly chores: Chores;
  readonly prompts: ReadonlyMap<string, string>;
};

const usageSchema = z.object({ runtime: z.object({ dialect: z.literal(dialect.name) }) });

/** Whether a bundle is of a model that was asked to pick. */
export const isPicked = (files: BundleFiles): boolean =>
  usageSchema.safeParse(parseJson(files['metrics.json'])).success;

/**
 * The decision that a unit leaves, rendered as a model is asked it, and the picks that write what was written.
 * Whoever worked the unit teaches: rules, a model that writes envelopes, or one that picks, whose recorded
 * prompt must then be this one. Refused where no pick, or more than one, writes the recorded call. Of reviewers
 * only those that picked teach.
 */
export const decisionRow = async (
  source: RowSource,
  files: BundleFiles,
  { chores, prompts }: DecisionMakers,
): Promise<AnswerRow | EpisodeRefusal> => {
  const facts = factsOf(source);
  const decide = prompts.get(facts.task);
  if (source.review) return reviewedRow(source, source.review, files, decide);
  const input = inputSchema.safeParse(parseJson(files['input.json'])).data;
  const calls = [...(readCalls(files['tool_calls.jsonl'])?.values() ?? [])].filter(
    ({ verdict, error }) => verdict.allow && error === undefined,
  );
  const [call] = calls;
  if (decide === undefined || !input || !call || calls.length > 1) return 'transcript';
  const decided = await unitDecision(input, facts.task, chores);
  if ('refused' in decided) return 'transcript';
  const ways = waysTo(decided, call);
  const [picks] = ways;
  if (!picks || ways.length > 1) return 'transcript';
  const asked = dialect.of(decided, decide);
  const task = { role: 'user', content: asked.renderTask(input) } as const;
  const system = { role: 'system', content: asked.renderSystem() } as const;
  const recorded = isPicked(files) ? parseTranscript(files['prompt.txt'] ?? '') : [system, task];
  const prompt = recorded?.slice(0, 2) ?? [];
  if (prompt[1]?.content !== task.content) return 'transcript';
  const completion = [{ role: 'assistant', content: asked.renderAnswer(picks) }] as const;
  if (secretInText(renderTranscript([...prompt, ...completion]))) return 'secret';
  return { ...facts, prompt, completion, chat_template_kwargs: templateSettings };
};

/**
 * A reviewer's pick among suspicions, as it was asked: of a good patch the one that approves, of a bad one its own
 * finding. Which finding a bad patch deserved that it approved is not known.
 */
const reviewedRow = (
  source: RowSource,
  { label, verdict }: NonNullable<RowSource['review']>,
  files: BundleFiles,
  decide: string | undefined,
): AnswerRow | EpisodeRefusal => {
  const [system, task, answer] = parseTranscript(files['prompt.txt'] ?? '') ?? [];
  if (!isPicked(files) || !system || !task || !answer) return 'transcript';
  if (system.content !== decide?.trim() || (label === 'bad' && verdict === 'approve')) {
    return 'transcript';
  }
  const content = label === 'good' ? JSON.stringify({ finding: nothingWrong }) : answer.content;
  const prompt = [system, task];
  const completion = [{ role: 'assistant', content }] as const;
  if (secretInText(renderTranscript([...prompt, ...completion]))) return 'secret';
  return { ...factsOf(source), prompt, completion, chat_template_kwargs: templateSettings };
};
