// SPDX-License-Identifier: GPL-3.0-only
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { BundleFiles } from '../../src/trace/bundle.ts';
import { openTraces } from '../../src/trace/open-traces.ts';
import { writeSpans } from '../../src/trace/otel-file.ts';
import { temporaryFolder } from '../workspace/with-repository.ts';
import { type ReadSpan, readSpans } from './otlp.ts';
import { began, call, lay, secret, spec, times, trace, usage } from './sample-spec.ts';

const spansFrom = async (
  t: ExecutionContext,
  bundles: Readonly<Record<string, BundleFiles>>,
): Promise<{
  readonly folder: string;
  readonly text: string;
  readonly spans: readonly ReadSpan[];
}> => {
  const folder = temporaryFolder(t);
  const traces = openTraces(folder);
  lay(traces, bundles);
  await writeSpans(folder, traces, trace, '1.0.0');
  const text = readFileSync(join(folder, 'tidy', 'spans.jsonl'), 'utf8');
  return { folder, text, spans: readSpans(text) };
};

test('a spec’s bundles become one tree of spans', async (t) => {
  const { spans, text } = await spansFrom(t, spec());
  const byName = new Map(spans.map((span) => [span.name, span]));
  const chats = spans.filter(({ name }) => name === 'chat Qwen/Qwen3-8B');
  t.deepEqual(spans.map(({ name }) => name).sort(), [
    'chat Qwen/Qwen3-8B',
    'chat Qwen/Qwen3-8B',
    'execute_tool write_file',
    'invoke_agent agent.merge',
    'invoke_agent agent.plan',
    'invoke_agent agent.work',
    'invoke_workflow docops',
  ]);
  t.is(new Set(spans.map(({ traceId }) => traceId)).size, 1);
  t.is(new Set(spans.map(({ spanId }) => spanId)).size, spans.length);
  const root = byName.get('invoke_workflow docops');
  const work = byName.get('invoke_agent agent.work');
  t.is(root?.parentSpanId, undefined);
  for (const name of ['plan', 'work', 'merge']) {
    t.is(byName.get(`invoke_agent agent.${name}`)?.parentSpanId, root?.spanId);
  }
  for (const span of [...chats, byName.get('execute_tool write_file')]) {
    t.is(span?.parentSpanId, work?.spanId);
    t.true(BigInt(span?.startTimeUnixNano ?? 0) >= BigInt(work?.startTimeUnixNano ?? 0));
    t.true(BigInt(span?.endTimeUnixNano ?? 0) <= BigInt(work?.endTimeUnixNano ?? 0));
  }
  t.is(root?.startTimeUnixNano, `${began}000000`);
  t.is(root?.endTimeUnixNano, `${began + 1750}000000`);
  t.is(chats[0]?.startTimeUnixNano, `${began + 1000}250000`);
  t.is(chats[0]?.endTimeUnixNano, `${began + 1300}750000`);
  t.false(text.includes(secret), 'what was said is in no span');
});

test('attributes follow the conventions', async (t) => {
  const { spans } = await spansFrom(t, spec());
  const [chat, lost] = spans.filter(({ name }) => name.startsWith('chat'));
  t.like(chat, { kind: 3, status: {} });
  t.like(chat?.values, {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'vllm',
    'gen_ai.request.model': 'Qwen/Qwen3-8B',
    'gen_ai.request.seed': '7',
    'gen_ai.request.temperature': 0.5,
    'gen_ai.usage.input_tokens': '900',
    'gen_ai.usage.cache_read.input_tokens': '800',
    'gen_ai.usage.output_tokens': '20',
    'gen_ai.response.finish_reasons': { values: [{ stringValue: 'stop' }] },
    'gen_ai.response.time_to_first_chunk': 0.04,
  });
  t.false('error.type' in (chat?.values ?? {}));
  t.like(lost, { kind: 3, status: { code: 2 } });
  t.like(lost?.values, { 'error.type': 'engine.failed' });
  t.false('gen_ai.usage.input_tokens' in (lost?.values ?? {}));
  const work = spans.find(({ name }) => name === 'invoke_agent agent.work');
  t.like(work, { kind: 1, status: { code: 2 } });
  t.like(work?.values, {
    'gen_ai.operation.name': 'invoke_agent',
    'gen_ai.agent.name': 'agent.work',
    'gen_ai.agent.version': '1.2.0',
    'gen_ai.usage.input_tokens': '900',
    'gen_ai.usage.output_tokens': '20',
    'gen_ai.conversation.id': '2026-11-21/tidy/a-1/work',
    'error.type': 'engine.failed',
    'pantheon.unit': 'a-1',
  });
  const plan = spans.find(({ name }) => name === 'invoke_agent agent.plan');
  t.false('gen_ai.provider.name' in (plan?.values ?? {}), 'no model decides a plan');
  const tool = spans.find(({ name }) => name.startsWith('execute_tool'));
  t.like(tool?.values, {
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': 'write_file',
    'gen_ai.tool.type': 'function',
  });
  const root = spans.find(({ name }) => name.startsWith('invoke_workflow'));
  t.like(root?.values, {
    'gen_ai.operation.name': 'invoke_workflow',
    'gen_ai.agent.name': 'docops',
    'pantheon.outcome': 'red-bin',
    'pantheon.code': 'gate.rejected',
  });
  t.false('error.type' in (root?.values ?? {}), 'a red unit does not make its spec red');
});

test('a model in this process is no client, a denied call an error, a failed gate a failed spec', async (t) => {
  const denied = { ...call, error: { code: 'denied', reason: secret } };
  const { spans } = await spansFrom(
    t,
    spec({
      'a-1/work': {
        'tool_calls.jsonl': `${JSON.stringify(denied)}\nno JSON\n`,
        'metrics.json': times(600, 1000, {
          ...usage,
          runtime: { ...usage.runtime, origin: 'in-process' },
        }),
      },
      '_spec/merge': {
        'metrics.json': times(1700, 50),
        'error.json': '{"code":"secret","finding":"gate.secret","message":""}',
      },
    }),
  );
  t.is(spans.find(({ name }) => name.startsWith('chat'))?.kind, 1);
  t.is(spans.find(({ name }) => name.startsWith('execute'))?.values['error.type'], 'loop.denied');
  t.is(
    spans.find(({ name }) => name.startsWith('invoke_workflow'))?.values['error.type'],
    'gate.secret',
  );
});

test('bundles that tell no times, or nonsense, leave no span and stop nothing', async (t) => {
  const { spans } = await spansFrom(
    t,
    spec({
      'a-2/work': { 'metrics.json': '{}' },
      'a-3/work': { 'metrics.json': '{"ms":' },
      'a-4/work': { 'metrics.json': times(5, -5) },
      'a-5/work': { 'metrics.json': times(5, 5, { completions: [{ step: 'one' }] }) },
      'a-6/work': { 'output.json': '{}' },
    }),
  );
  const units = spans.map(({ values }) => values['pantheon.unit']);
  t.deepEqual(
    ['a-1', 'a-2', 'a-3', 'a-4', 'a-5', 'a-6'].filter((unit) => units.includes(unit)),
    ['a-1'],
  );
});

test('the same bundles give the same file, whatever was there half written', async (t) => {
  const first = await spansFrom(t, spec());
  const second = temporaryFolder(t);
  const traces = openTraces(second);
  lay(traces, spec());
  const file = join(second, 'tidy', 'spans.jsonl');
  writeFileSync(`${file}.new`, 'x'.repeat(100_000));
  await writeSpans(second, traces, trace, '1.0.0');
  t.is(readFileSync(file, 'utf8'), first.text);
  t.false(existsSync(`${file}.new`));
  traces.pack('tidy');
  const { mtimeMs, ino } = statSync(file);
  await writeSpans(second, openTraces(second), trace, '1.0.0');
  t.like(statSync(file), { mtimeMs, ino }, 'what is whole stays');
  t.deepEqual(openTraces(second).list('tidy').length, 3, 'the store does not take it for a bundle');
  const elsewhere = temporaryFolder(t);
  const others = openTraces(elsewhere);
  lay(others, spec());
  await writeSpans(elsewhere, others, { ...trace, base: 'c'.repeat(40) }, '1.0.0');
  const [span] = readSpans(readFileSync(join(elsewhere, 'tidy', 'spans.jsonl'), 'utf8'));
  t.not(span?.traceId, first.spans[0]?.traceId, 'another repository’s night is another trace');
});

test('a spec without bundles leaves nothing', async (t) => {
  const folder = temporaryFolder(t);
  await writeSpans(folder, openTraces(folder), trace, '1.0.0');
  t.deepEqual(readdirSync(folder), []);
});
