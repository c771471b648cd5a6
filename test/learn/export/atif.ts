// SPDX-License-Identifier: GPL-3.0-only
import test, { type ExecutionContext } from 'ava';
import { trajectoryOf } from '../../../src/learn/export/atif.ts';
import type { BundleFiles } from '../../../src/trace/bundle.ts';
import { bundleOf, talked, usage } from './sample-run.ts';

const trajectory = (t: ExecutionContext, more: BundleFiles = {}) => {
  const made = trajectoryOf(bundleOf(t, talked(more)));
  if (!made) throw new Error('it is none');
  return made;
};

const metrics = (more: object): BundleFiles => ({ 'metrics.json': JSON.stringify(more) });

test('a conversation becomes numbered steps, each reply at the answer it came to', (t) => {
  const { steps: all, ...rest } = trajectory(t, metrics(usage));
  t.like(rest, {
    schema_version: 'ATIF-v1.7',
    session_id: 'n/tidy/a-1',
    agent: { name: 'doc.front', version: '1.2.0', model_name: 'Qwen/Qwen3-8B' },
    final_metrics: {
      ...{ total_prompt_tokens: 600, total_completion_tokens: 21, total_cached_tokens: 150 },
      total_steps: 5,
    },
  });
  t.is(rest.agent.tool_definitions?.[0]?.function.name, 'write_file');
  t.deepEqual(
    all.map(({ step_id, source }) => [step_id, source]),
    [
      [1, 'system'],
      [2, 'user'],
      [3, 'agent'],
      [4, 'agent'],
      [5, 'agent'],
    ],
  );
  const [, task, call, noise, end] = all;
  t.is(task?.message, 'unit: a.md');
  t.deepEqual(call?.tool_calls, [
    {
      ...{ tool_call_id: 'call-1', function_name: 'write_file' },
      arguments: { content: 'x', path: 'a.md' },
    },
  ]);
  t.is(call?.observation?.results[0]?.source_call_id, 'call-1');
  t.deepEqual(call?.metrics, { prompt_tokens: 100, completion_tokens: 7, cached_tokens: 50 });
  t.like(call, { timestamp: '2026-11-21T02:00:01.000Z', llm_call_count: 1 });
  t.deepEqual([noise?.message, noise?.tool_calls], ['I would rather not.', undefined]);
  t.false('source_call_id' in (noise?.observation?.results[0] ?? {}));
  t.false('observation' in (end ?? {}));
});

test('of rules there is no model, no time and no token', (t) => {
  const { agent, final_metrics, steps: all } = trajectory(t);
  t.false('model_name' in agent);
  t.is(final_metrics, undefined);
  t.like(all[2], { llm_call_count: 0, metrics: undefined, timestamp: undefined });
});

test('numbers that cannot be read are left out, and it is not said that rules answered', (t) => {
  const { steps: all, final_metrics } = trajectory(
    t,
    metrics({ ...usage, completions: [{ step: 'one' }] }),
  );
  t.is(final_metrics, undefined);
  t.like(all[2], { llm_call_count: undefined, metrics: undefined, timestamp: undefined });
});

test('a failure is told by its finding; a step without a conversation is none', (t) => {
  const failed = trajectory(t, { 'error.json': '{"code":"repeat","message":"m"}' });
  t.is(failed.extra.pantheon.error, 'loop.repeat');
  t.is(trajectoryOf(bundleOf(t, { 'output.json': '{}' })), undefined);
  t.is(trajectoryOf(bundleOf(t, { 'prompt.txt': '[user]\nno system\n' })), undefined);
});
