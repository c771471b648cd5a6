// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { findingOfWritten } from '../data/findings/failures.ts';
import { type Bundle, type BundleAddress, formatAddress, nameAndVersion } from './bundle.ts';
import {
  type CompletionRecord,
  type ModelUsage,
  type ToolTime,
  usageSchema,
} from './model-usage.ts';
import {
  type Attribute,
  integer,
  makeSpan,
  real,
  type Span,
  spanIdOf,
  spanKind,
  text,
  texts,
  traceIdOf,
} from './otel.ts';

/*
 * A spec's bundles as spans by OpenTelemetry's conventions for generative AI, in the release that
 * `otel.ts` names (https://github.com/open-telemetry/semantic-conventions-genai): `invoke_workflow` for the spec,
 * `invoke_agent` for a node, below it `chat` per answer and `execute_tool` per call. Counts, times,
 * names and codes only; no word of what was asked or answered. `error.type` is what `pantheon explain` explains.
 */

/** A spec's way through its flow on one night. `base` is the commit, so that two repositories' nights differ. */
export type SpecTrace = {
  readonly night: string;
  readonly base: string;
  readonly spec: string;
  readonly flow: string;
};

const operation = (name: string): Attribute | undefined => text('gen_ai.operation.name', name);

const traceOf = ({ night, base, spec }: SpecTrace): string => traceIdOf(night, base, spec);

const nodeTimesSchema = z.object({ startedAt: z.number(), ms: z.number().nonnegative() });
const nodeUsageSchema = nodeTimesSchema.extend(usageSchema.partial().shape);
const errorSchema = z
  .object({ code: z.string(), finding: z.string().optional() })
  .transform(({ code, finding }) => findingOfWritten(code, finding));
const decidedSchema = z.object({
  result: z.object({ outcome: z.string(), code: z.string().optional() }),
});
const callSchema = z.object({
  step: z.int(),
  name: z.string(),
  error: errorSchema.optional(),
});

type NodeUsage = z.output<typeof nodeUsageSchema>;

/** The spans of one node; none where its bundle tells no times. */
export const nodeSpans = (trace: SpecTrace, bundle: Bundle): readonly Span[] => {
  const metrics = parse(nodeUsageSchema, bundle.files['metrics.json']);
  if (!metrics) return [];
  const { address } = bundle;
  const node = place(trace, address);
  const tools = metrics.toolTimes ?? [];
  const calls = tools.length > 0 ? callsOf(bundle) : new Map<number, Call>();
  return [
    agentSpan(trace, bundle, metrics),
    ...(metrics.completions ?? []).map((record, index) =>
      chatSpan(node, index, record, metrics.runtime),
    ),
    ...tools.map((time) => toolSpan(node, time, calls.get(time.step))),
  ];
};

/** When the first node of a spec began and the last one ended [ms since 1970], how it failed, and what the gate decided. */
export type SpecTimes = {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly error: string | undefined;
  readonly decided: z.output<typeof decidedSchema>['result'] | undefined;
};

/** A spec's times with those of one more node; its first and last node say how it ended. */
export const addTimes = (
  times: SpecTimes | undefined,
  { address, files }: Bundle,
): SpecTimes | undefined => {
  const metrics = parse(nodeTimesSchema, files['metrics.json']);
  if (!metrics) return times;
  const { startedAt, ms } = metrics;
  const ofSpec = address.unit === '_spec';
  const error = ofSpec ? errorOf(files) : undefined;
  const decided = ofSpec ? parse(decidedSchema, files['output.json'])?.result : undefined;
  return {
    startedAt: Math.min(startedAt, times?.startedAt ?? startedAt),
    endedAt: Math.max(startedAt + ms, times?.endedAt ?? 0),
    error: error ?? times?.error,
    decided: decided ?? times?.decided,
  };
};

/** The span of the whole spec, around those of its nodes. */
export const workflowSpan = (
  trace: SpecTrace,
  { startedAt, endedAt, error, decided }: SpecTimes,
): Span => {
  const traceId = traceOf(trace);
  return makeSpan({
    traceId,
    spanId: spanIdOf(traceId),
    name: `invoke_workflow ${trace.flow}`,
    kind: spanKind.internal,
    startedAt,
    ms: endedAt - startedAt,
    attributes: [
      operation('invoke_workflow'),
      text('gen_ai.agent.name', trace.flow),
      text('error.type', error),
      text('pantheon.night', trace.night),
      text('pantheon.spec', trace.spec),
      text('pantheon.outcome', decided?.outcome),
      text('pantheon.code', decided?.code),
    ],
  });
};

const errorOf = (files: Bundle['files']): string | undefined =>
  parse(errorSchema, files['error.json']);

type Node = { readonly traceId: string; readonly address: BundleAddress; readonly spanId: string };

const place = (trace: SpecTrace, address: BundleAddress): Node => {
  const traceId = traceOf(trace);
  return { traceId, address, spanId: spanIdOf(traceId, address.unit, address.node) };
};

const agentSpan = (trace: SpecTrace, { address, facts, files }: Bundle, usage: NodeUsage): Span => {
  const { traceId, spanId } = place(trace, address);
  const [name, version] = nameAndVersion(facts.agent);
  const sum = (key: 'promptTokens' | 'completionTokens') =>
    usage.completions?.reduce((total, record) => total + record[key], 0);
  return makeSpan({
    traceId,
    spanId,
    parentSpanId: spanIdOf(traceId),
    name: `invoke_agent ${name}`,
    kind: spanKind.internal,
    startedAt: usage.startedAt,
    ms: usage.ms,
    attributes: [
      operation('invoke_agent'),
      text('gen_ai.agent.name', name),
      text('gen_ai.agent.version', version),
      text('gen_ai.provider.name', usage.runtime?.engine),
      text('gen_ai.request.model', usage.runtime?.model),
      text('gen_ai.conversation.id', usage.runtime && `${facts.night}/${formatAddress(address)}`),
      integer('gen_ai.usage.input_tokens', sum('promptTokens')),
      integer('gen_ai.usage.output_tokens', sum('completionTokens')),
      text('error.type', errorOf(files)),
      text('pantheon.unit', address.unit),
      text('pantheon.node', address.node),
      text('pantheon.runtime', facts.runtime),
    ],
  });
};

const chatSpan = (
  { traceId, spanId, address }: Node,
  index: number,
  record: CompletionRecord,
  runtime: ModelUsage['runtime'] | undefined,
): Span => {
  const answered = record.finish !== 'error';
  return makeSpan({
    traceId,
    spanId: spanIdOf(traceId, address.unit, address.node, index, 'chat'),
    parentSpanId: spanId,
    name: runtime?.model === undefined ? 'chat' : `chat ${runtime.model}`,
    kind: runtime?.origin === 'in-process' ? spanKind.internal : spanKind.client,
    startedAt: record.startedAt,
    ms: record.totalMs,
    attributes: [
      operation('chat'),
      text('gen_ai.provider.name', runtime?.engine),
      text('gen_ai.request.model', runtime?.model),
      text('gen_ai.output.type', 'json'),
      integer('gen_ai.request.seed', record.seed),
      real('gen_ai.request.temperature', runtime?.temperature),
      ...(answered ? answerAttributes(record) : [text('error.type', faultOf(record) ?? '_OTHER')]),
      text('pantheon.model.digest', runtime?.modelDigest),
      text('pantheon.adapter', runtime?.adapter),
      integer('pantheon.step', record.step),
    ],
  });
};

const answerAttributes = (record: CompletionRecord): readonly (Attribute | undefined)[] => [
  integer('gen_ai.usage.input_tokens', record.promptTokens),
  integer('gen_ai.usage.output_tokens', record.completionTokens),
  integer('gen_ai.usage.cache_read.input_tokens', record.cachedTokens),
  texts('gen_ai.response.finish_reasons', [record.finish]),
  real('gen_ai.response.time_to_first_chunk', seconds(record.firstTokenMs)),
  real('pantheon.queued', seconds(record.queuedMs)),
  text('pantheon.constraint', record.constraint),
  integer('pantheon.dropped', record.dropped),
  integer('pantheon.tightened', record.tightened),
  text('pantheon.prefill', record.prefill),
  text('pantheon.fault', faultOf(record)),
];

const faultOf = ({ fault }: CompletionRecord): string | undefined =>
  fault === undefined ? undefined : findingOfWritten(fault);

const seconds = (ms: number | undefined): number | undefined =>
  ms === undefined ? undefined : ms / 1000;

type Call = z.output<typeof callSchema>;

const toolSpan = (
  { traceId, spanId, address }: Node,
  { step, startedAt, totalMs }: ToolTime,
  call: Call | undefined,
): Span =>
  makeSpan({
    traceId,
    spanId: spanIdOf(traceId, address.unit, address.node, step, 'tool'),
    parentSpanId: spanId,
    name: call ? `execute_tool ${call.name}` : 'execute_tool',
    kind: spanKind.internal,
    startedAt,
    ms: totalMs,
    attributes: [
      operation('execute_tool'),
      text('gen_ai.tool.name', call?.name),
      text('gen_ai.tool.type', 'function'),
      text('error.type', call?.error),
      integer('pantheon.step', step),
    ],
  });

/** A step makes at most one call. */
const callsOf = ({ files }: Bundle): ReadonlyMap<number, Call> =>
  new Map(
    (files['tool_calls.jsonl'] ?? '').split('\n').flatMap((line) => {
      const call = line === '' ? undefined : parse(callSchema, line);
      return call ? [[call.step, call] as const] : [];
    }),
  );

/** What a bundle says, where it is what we write: spans are left out rather than a night stopped. */
const parse = <S extends z.ZodType>(
  schema: S,
  json: string | undefined,
): z.output<S> | undefined => {
  if (json === undefined) return undefined;
  try {
    return schema.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
};
