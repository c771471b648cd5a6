// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { parseTranscript } from '../../agent/conversation.ts';
import { findingOfWritten } from '../../data/findings/failures.ts';
import type { Message } from '../../engine/contract/engine.ts';
import { type Bundle, nameAndVersion } from '../../trace/bundle.ts';
import { type CompletionRecord, usageSchema } from '../../trace/model-usage.ts';
import { membersOf, parseJson } from '../../trace/shown-values.ts';
import { type FunctionSchema, readTools } from '../mine/read-answer.ts';

/*
 * A node's run as a trajectory of the Agent Trajectory Interchange Format
 * (https://github.com/harbor-framework/harbor, rfcs/0001-trajectory-format.md). What no bundle tells is left out.
 */

/** Everything that is used is in this version. */
const version = 'ATIF-v1.7';

type Observation = {
  readonly results: readonly { readonly source_call_id?: string; readonly content: string }[];
};

type Step = {
  readonly step_id: number;
  readonly source: Message['role'] | 'agent';
  readonly message: string;
  readonly timestamp?: string;
  readonly tool_calls?: readonly {
    readonly tool_call_id: string;
    readonly function_name: string;
    readonly arguments: object;
  }[];
  readonly observation?: Observation;
  readonly metrics?: Readonly<
    Record<'prompt_tokens' | 'completion_tokens' | 'cached_tokens', number>
  >;
  readonly llm_call_count?: number;
};

type Trajectory = {
  readonly schema_version: string;
  readonly session_id: string;
  readonly trajectory_id: string;
  readonly agent: {
    readonly name: string;
    readonly version: string;
    readonly model_name?: string;
    readonly tool_definitions?: readonly FunctionSchema[];
  };
  readonly steps: readonly Step[];
  readonly final_metrics?: ReturnType<typeof totalsOf> & { readonly total_steps: number };
  readonly extra: { readonly pantheon: Readonly<Record<string, string>> };
};

const callSchema = z.object({
  step: z.int(),
  name: z.string(),
  args: z.record(z.string(), z.unknown()),
});
const errorSchema = z.object({ code: z.string(), finding: z.string().optional() });

/** The trajectory of a node that talked with a model, or with rules in its place; nothing for any other. */
export const trajectoryOf = (bundle: Bundle): Trajectory | undefined => {
  const { address, facts, files, identity } = bundle;
  const messages = parseTranscript(files['prompt.txt'] ?? '');
  if (!messages) return undefined;
  const usage = usageSchema.safeParse(parseJson(files['metrics.json'])).data;
  const steps = stepsOf(bundle, messages, usage?.completions);
  const [name, agentVersion = ''] = nameAndVersion(facts.agent);
  const tools = readTools(messages[0]?.content ?? '');
  const error = errorSchema.safeParse(parseJson(files['error.json'])).data;
  return {
    schema_version: version,
    session_id: [facts.night, address.spec, address.unit].join('/'),
    trajectory_id: identity,
    agent: {
      name,
      version: agentVersion,
      ...(usage?.runtime.model !== undefined && { model_name: usage.runtime.model }),
      ...(tools && tools.length > 0 && { tool_definitions: tools }),
    },
    steps,
    ...(usage && { final_metrics: { ...totalsOf(usage.completions), total_steps: steps.length } }),
    extra: {
      pantheon: {
        ...{ night: facts.night, ...address },
        ...(facts.runtime !== undefined && { runtime: facts.runtime }),
        ...(error && { error: findingOfWritten(error.code, error.finding) }),
      },
    },
  };
};

const stepsOf = (
  { files }: Bundle,
  messages: readonly Message[],
  completions: readonly CompletionRecord[] | undefined,
): readonly Step[] => {
  const calls = callsOf(files['tool_calls.jsonl']);
  const answers = new Map(
    (completions ?? []).flatMap((record) =>
      record.finish === 'error' ? [] : [[record.step, record] as const],
    ),
  );
  // Rules tell of no answers; a model whose numbers cannot be read tells nothing of them either.
  const byRules = !('runtime' in membersOf(parseJson(files['metrics.json'])));
  return messages.flatMap(({ role, content }, index): readonly Step[] => {
    if (role !== 'assistant') {
      // A reply stands at the answer it came to.
      return index < 2 ? [{ step_id: index + 1, source: role, message: content }] : [];
    }
    const turn = index / 2;
    const call = calls.get(turn);
    const answer = answers.get(turn);
    const reply = messages[index + 1];
    const id = `call-${turn}`;
    return [
      {
        step_id: turn + 2,
        source: 'agent',
        message: content,
        ...(answer && { timestamp: new Date(answer.startedAt).toISOString() }),
        ...(call && {
          tool_calls: [{ tool_call_id: id, function_name: call.name, arguments: call.args }],
        }),
        ...(reply && {
          observation: {
            results: [{ ...(call && { source_call_id: id }), content: reply.content }],
          },
        }),
        ...(answer && { metrics: metricsOf(answer), llm_call_count: 1 }),
        ...(byRules && { llm_call_count: 0 }),
      },
    ];
  });
};

const callsOf = (text = ''): ReadonlyMap<number, z.output<typeof callSchema>> =>
  new Map(
    text.split('\n').flatMap((line) => {
      const { data } = callSchema.safeParse(parseJson(line));
      return data ? [[data.step, data] as const] : [];
    }),
  );

const metricsOf = ({ promptTokens, completionTokens, cachedTokens }: CompletionRecord) => ({
  prompt_tokens: Math.round(promptTokens),
  completion_tokens: Math.round(completionTokens),
  cached_tokens: Math.round(cachedTokens),
});

const totalsOf = (completions: readonly CompletionRecord[]) => {
  const sum = (key: 'promptTokens' | 'completionTokens' | 'cachedTokens') =>
    Math.round(completions.reduce((total, record) => total + record[key], 0));
  return {
    total_prompt_tokens: sum('promptTokens'),
    total_completion_tokens: sum('completionTokens'),
    total_cached_tokens: sum('cachedTokens'),
  };
};
