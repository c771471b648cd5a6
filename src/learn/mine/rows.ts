// SPDX-License-Identifier: GPL-3.0-only
import { renderTranscript } from '../../agent/conversation.ts';
import type { Message } from '../../engine/contract/engine.ts';
import type { RowSource } from './candidate.ts';
import type { FunctionSchema } from './read-answer.ts';
import type { Episode, EpisodeStep } from './read-episode.ts';

/** A message as chat templates take it: arguments are objects. */
export type RowMessage = {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly content: string;
  readonly tool_calls?: readonly {
    readonly id: string;
    readonly type: 'function';
    readonly function: {
      readonly name: string;
      readonly arguments: Readonly<Record<string, unknown>>;
    };
  }[];
  readonly tool_call_id?: string;
  readonly name?: string;
  /** Of an assistant: whether it may be learned. */
  readonly train?: boolean;
};

type RowFacts = {
  readonly id: string;
  readonly task: string;
  readonly stage: number;
  readonly outcome: RowSource['outcome'];
};

/** A whole conversation; `error` and `truncated` say that it ended well and was not cut. */
export type ChatRow = RowFacts & {
  readonly messages: readonly RowMessage[];
  readonly tools: readonly FunctionSchema[];
  readonly reward: number;
  readonly stop_condition: 'final';
  readonly error: string;
  readonly truncated: boolean;
  /** Steps that are context and must not be learned. */
  readonly masked: number;
  readonly steps: number;
  readonly files: number;
  /** As the engine counted them; `null` where it did not. */
  readonly tokens: number | null;
};

/** One good answer and the conversation before it, both as the engine was sent them and answered. */
export type AnswerRow = RowFacts & {
  readonly prompt: readonly Message[];
  readonly completion: readonly Message[];
  /** What engines give a chat template beside the messages. */
  readonly chat_template_kwargs: { readonly enable_thinking: false };
};

/** One good call, and all that the model was shown before it. */
export type ToolUseRow = RowFacts & {
  readonly prompt: string;
  readonly tool_name: string;
  readonly args: Readonly<Record<string, unknown>>;
};

/** The end of a run, and all that the model was shown before it. */
export type GenerationRow = RowFacts & { readonly prompt: string; readonly output: string };

/** What a reviewer was shown at first, what the patch deserves, and what the reviewer said. */
export type LabelledReviewRow = RowFacts & {
  readonly prompt: string;
  readonly label: 'good' | 'bad';
  readonly verdict: 'approve' | 'reject';
  readonly right: boolean;
};

/** What all rows of a source say of it. */
export const factsOf = ({ id, agent, stage, outcome }: RowSource): RowFacts => ({
  id,
  task: agent.replace(/@[^@]*$/, ''),
  stage,
  outcome,
});

/** What a conversation of a worker is worth; docs/mining.md says so. A review that is learned is a right one. */
const rewards = {
  ...{ 'zero-touch': 1, accepted: 0.8, undecided: 0.5 },
  ...{ rejected: 0, exam: 1 },
} as const satisfies Readonly<Record<RowSource['outcome'], number>>;

/** A conversation in the form of OpenAI's chat completions. */
export const chatRow = (
  source: RowSource,
  { messages, steps, tools, tokens }: Episode,
): ChatRow => ({
  ...factsOf(source),
  messages: [
    ...messages.slice(0, 2),
    ...steps.flatMap((step, index) => chatMessages(step, `call_${index + 1}`)),
  ],
  tools,
  reward: source.review ? 1 : rewards[source.outcome],
  stop_condition: 'final',
  error: '',
  truncated: false,
  masked: steps.filter(({ isGood }) => !isGood).length,
  steps: steps.length,
  files: source.files,
  tokens,
});

const chatMessages = (
  { said, call, reply, isGood }: EpisodeStep,
  id: string,
): readonly RowMessage[] => {
  const answer: RowMessage = call
    ? {
        role: 'assistant',
        content: '',
        tool_calls: [{ id, type: 'function', function: { name: call.name, arguments: call.args } }],
        train: isGood,
      }
    : { role: 'assistant', content: said, train: isGood };
  if (reply === undefined) return [answer];
  return [
    answer,
    call
      ? { role: 'tool', content: reply, tool_call_id: id, name: call.name }
      : { role: 'user', content: reply },
  ];
};

/** What engines give a chat template beside the messages. */
export const templateSettings = { enable_thinking: false } as const;

/** The steps that may be learned, each alone. */
export function* stepRows(
  source: RowSource,
  { messages, steps }: Episode,
): Generator<
  | { readonly kind: 'steps'; readonly row: AnswerRow }
  | { readonly kind: 'tool-use'; readonly row: ToolUseRow }
  | { readonly kind: 'generation'; readonly row: GenerationRow }
> {
  const facts = factsOf(source);
  for (const [index, { said, call, reply, isGood }] of steps.entries()) {
    if (!isGood) continue;
    const { id: run, ...others } = facts;
    const shared = { id: `${run}#${index + 1}`, ...others };
    const before = messages.slice(0, 2 + 2 * index);
    const completion = [{ role: 'assistant', content: said }] as const;
    const row = { ...shared, prompt: before, completion, chat_template_kwargs: templateSettings };
    yield { kind: 'steps', row };
    const prompt = renderTranscript(before);
    if (reply === undefined) yield { kind: 'generation', row: { ...shared, prompt, output: said } };
    else if (call) {
      const { name: tool_name, args } = call;
      yield { kind: 'tool-use', row: { ...shared, prompt, tool_name, args } };
    }
  }
}

/** Of a review whose patch an exam or a person has labelled. */
export const reviewRow = (
  source: RowSource,
  { label, verdict }: NonNullable<RowSource['review']>,
  { messages }: Episode,
): LabelledReviewRow => ({
  ...factsOf(source),
  prompt: renderTranscript(messages.slice(0, 2)),
  label,
  verdict,
  right: isRight({ label, verdict }),
});

/** Whether a reviewer said what the patch deserves. */
export const isRight = ({ label, verdict }: NonNullable<RowSource['review']>): boolean =>
  (label === 'good') === (verdict === 'approve');
