// SPDX-License-Identifier: GPL-3.0-only
import { openMeters } from './meters.ts';
import type { Places } from './places.ts';
import { simulatedModel } from './settings.ts';

/** vLLM's own bounds (vllm/v1/metrics/loggers.py) [s]. */
const firstTokenBounds = [
  0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80,
  160, 640, 2560,
];
const latencyBounds = [
  0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680,
];

export type Served = {
  readonly finish: 'stop' | 'length';
  /** Tokens. */
  readonly completion: number;
  /** Seconds from asking to the first token, to being served, and of service. */
  readonly firstToken: number;
  readonly queued: number;
  readonly service: number;
};

export type EngineMetrics = {
  /** A request was given a place; `cached` tokens of its prompt were found. */
  readonly began: (prompt: number, cached: number) => void;
  readonly served: (served: Served) => void;
  readonly refused: () => void;
  readonly render: () => string;
};

/** The series of vLLM's `/metrics` that tell of load, tokens and times. */
export const openEngineMetrics = (places: Places, cacheUse: () => number): EngineMetrics => {
  const meters = openMeters({ engine: '0', model_name: simulatedModel });
  const one = (read: () => number) => () => [{ value: read() }];
  meters.gauge('vllm:num_requests_running', one(places.running));
  meters.gauge('vllm:num_requests_waiting', one(places.waiting));
  meters.gauge('vllm:num_requests_waiting_by_reason', () => [
    { labels: { reason: 'capacity' }, value: places.waiting() },
    { labels: { reason: 'deferred' }, value: 0 },
  ]);
  meters.gauge('vllm:kv_cache_usage_perc', one(cacheUse));
  const queries = meters.counter('vllm:prefix_cache_queries');
  const hits = meters.counter('vllm:prefix_cache_hits');
  meters.counter('vllm:num_preemptions');
  const prompts = meters.counter('vllm:prompt_tokens');
  const cachedPrompts = meters.counter('vllm:prompt_tokens_cached');
  const generated = meters.counter('vllm:generation_tokens');
  const reasons = ['stop', 'length', 'abort', 'error', 'repetition'] as const;
  const success = meters.counter(
    'vllm:request_success',
    reasons.map((reason) => ({ finished_reason: reason })),
  );
  const firstTokens = meters.histogram('vllm:time_to_first_token_seconds', firstTokenBounds);
  const [whole, queue, inference] = [
    'vllm:e2e_request_latency_seconds',
    'vllm:request_queue_time_seconds',
    'vllm:request_inference_time_seconds',
  ].map((name) => meters.histogram(name, latencyBounds));
  // The one family that vLLM counts before it knows which engine would serve.
  const admission = openMeters({ model_name: simulatedModel });
  const rejections = admission.counter('vllm:admission_rejections', [
    { reason: 'max_num_queued_reqs' },
    { reason: 'max_num_queued_tokens' },
  ]);
  return {
    began: (prompt, cached) => {
      queries(prompt);
      hits(cached);
      prompts(prompt);
      cachedPrompts(cached);
    },
    served: ({ finish, completion, firstToken, queued, service }) => {
      generated(completion);
      success(1, reasons.indexOf(finish));
      firstTokens(firstToken);
      whole?.(queued + service);
      queue?.(queued);
      inference?.(service);
    },
    refused: () => rejections(1),
    render: () => `${meters.render()}${admission.render()}`,
  };
};
