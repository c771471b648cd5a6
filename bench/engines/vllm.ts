// SPDX-License-Identifier: GPL-3.0-only
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import type { Engine } from '../../src/engine/contract/engine.ts';
import { vllmAbilities } from '../../src/engine/schema/abilities.ts';
import { lowerSchema } from '../../src/engine/schema/lower-schema.ts';
import { askServer } from '../../src/engine/served/who-answers.ts';
import { openVllmEngine } from '../../src/engine/vllm/engine.ts';
import { sumsIn } from '../../src/engine/vllm/metrics.ts';
import { bodyOf } from '../../src/engine/vllm/request.ts';
import { type Endpoint, openEndpoint } from '../../src/engine/wire/endpoint.ts';
import { installed } from '../../test/engines/engines-folder.ts';
import { vllmServer } from '../../test/engines/vllm-server.ts';

/*
 * Real vLLM with a model of 3.8 million parameters: tokens per second through the driver over a
 * bare undici loop that sends the same bodies, at 1, 8, 32 and 64 requests at once, and the batch
 * that the server's metrics show: `node bench/engines/vllm.ts [ROUNDS]`. Both sides alternate
 * within one run and the medians are taken, so that what else the machine does falls on both.
 */

const rounds = Number(process.argv[2] ?? 5);
const atOnce = [1, 8, 32, 64];
const never = new AbortController().signal;

/** 24 forced values: every answer has the same length, whatever a model without sense would say. */
const words = Object.fromEntries(
  Array.from({ length: 24 }, (_, index) => [`k${index}`, { const: `word number ${index}` }]),
);
const schema = {
  type: 'object',
  properties: words,
  required: Object.keys(words),
  additionalProperties: false,
};
const request = (index: number) => ({
  messages: [
    { role: 'system' as const, content: 'You work on notes. Answer with JSON.' },
    { role: 'user' as const, content: `note ${index}` },
  ],
  schema,
  maxTokens: 700,
});

type Side = (index: number) => Promise<number>;

const throughDriver =
  (engine: Engine): Side =>
  async (index) =>
    (await engine.complete({ ...request(index), idleTimeoutMs: 300_000, signal: never })).usage
      .completion;

/** The least that reads a streamed answer: parse each event, join the pieces. */
const bare =
  (pool: Pool): Side =>
  async (index) => {
    const body = bodyOf({
      ...request(index),
      name: 'tiny',
      schema: lowered,
      temperature: 0,
      seed: undefined,
      priority: undefined,
    });
    const answer = await pool.request({
      method: 'POST',
      path: '/v1/chat/completions',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    let open = '';
    let text = '';
    let tokens = 0;
    for await (const chunk of answer.body.setEncoding('utf8')) {
      const events: string[] = (open + chunk).split('\n\n');
      open = events.pop() ?? '';
      for (const event of events) {
        if (event === 'data: [DONE]') continue;
        const { choices, usage } = JSON.parse(event.slice(6));
        text += choices[0]?.delta?.content ?? '';
        tokens = usage?.completion_tokens ?? tokens;
      }
    }
    if (answer.statusCode !== 200 || !text.endsWith('}'))
      throw new Error(`${answer.statusCode} ${open}`);
    return tokens;
  };
const lowered = lowerSchema(schema, vllmAbilities).schema;

type Measured = {
  /** Tokens per second. */
  readonly speed: number;
  /** Processor time of this process [microseconds per token]; the server's is its own. */
  readonly cpu: number;
};

/** What `requests` requests come to, `width` of them at once. */
const measure = async (side: Side, width: number, requests: number): Promise<Measured> => {
  let next = 0;
  let tokens = 0;
  const start = performance.now();
  const before = process.cpuUsage();
  await Promise.all(
    Array.from({ length: width }, async () => {
      while (next < requests) {
        next += 1;
        const made = await side(next);
        tokens += made;
      }
    }),
  );
  const { user, system } = process.cpuUsage(before);
  return { speed: (tokens * 1000) / (performance.now() - start), cpu: (user + system) / tokens };
};

/** The mean of what the server says it runs, looked at while `work` goes on. */
const batchDuring = async (endpoint: Endpoint, work: Promise<unknown>): Promise<number> => {
  let going = true;
  const done = work.finally(() => {
    going = false;
  });
  const seen: number[] = [];
  while (going) {
    const { body } = await askServer(endpoint, '/metrics');
    const running = sumsIn(body).get('vllm:num_requests_running') ?? 0;
    if (going && running > 0) seen.push(running);
    await sleep(100);
  }
  await done;
  return seen.reduce((sum, running) => sum + running, 0) / Math.max(seen.length, 1);
};

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

const { skip: why } = installed('vllm', 'vllm/bin/vllm');
if (why !== undefined) {
  console.log(`skipped: ${why}`);
  process.exit(0);
}
const folder = mkdtempSync(join(tmpdir(), 'pantheon-bench-'));
const server = vllmServer(folder);
const stop = async (): Promise<void> => {
  await server.kill();
  rmSync(folder, { recursive: true, force: true });
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => stop().finally(() => process.exit(1)));
}
try {
  await server.start();
  const engine = await openVllmEngine(
    { engine: 'vllm', model: 'tiny', socket: server.socket },
    { setting: 'bench' },
  );
  const endpoint = await openEndpoint({ socket: server.socket }, 'bench');
  const pool = new Pool('http://localhost', {
    socketPath: server.socket,
    connections: 256,
    // As the driver: vLLM closes what is idle for some seconds, and a request written then is lost.
    pipelining: 0,
    bodyTimeout: 0,
    headersTimeout: 0,
  });
  const sides = { driver: throughDriver(engine), bare: bare(pool) };
  await measure(sides.driver, 8, 8);
  await measure(sides.bare, 8, 8);
  console.log(`vLLM, tiny model, ${availableParallelism()} cores, ${rounds} rounds`);
  console.log(
    'at once  bare [tok/s]  driver [tok/s]  driver over bare  bare [us/tok]  driver [us/tok]  batch shown',
  );
  const ratios: string[] = [];
  for (const width of atOnce) {
    // Many short turns: what else the machine does changes within seconds.
    const turns = width === 1 ? rounds * 4 : width === 8 ? rounds * 2 : rounds;
    const found = { driver: [] as Measured[], bare: [] as Measured[] };
    for (let round = 0; round < turns; round += 1) {
      const order = round % 2 === 0 ? (['bare', 'driver'] as const) : (['driver', 'bare'] as const);
      for (const side of order) found[side].push(await measure(sides[side], width, width));
    }
    // Apart from the timed rounds: looking at the load costs the server time.
    const batch = await batchDuring(endpoint, measure(sides.driver, width, width * 2));
    const middle = (side: keyof typeof found, what: keyof Measured): number =>
      median(found[side].map((measured) => measured[what]));
    const ratio = median(
      found.driver.map(({ speed }, index) => speed / (found.bare[index]?.speed ?? Number.NaN)),
    );
    const cells = [
      String(width).padStart(7),
      middle('bare', 'speed').toFixed(0).padStart(12),
      middle('driver', 'speed').toFixed(0).padStart(14),
      ratio.toFixed(3).padStart(16),
      middle('bare', 'cpu').toFixed(1).padStart(13),
      middle('driver', 'cpu').toFixed(1).padStart(15),
      batch.toFixed(1).padStart(11),
    ];
    console.log(cells.join('  '));
    ratios.push(`${ratio.toFixed(3)} at ${width}`);
  }
  console.log(`driver over a bare loop: ${ratios.join(', ')} (goal 0.95 or more)`);
  await Promise.all([engine.close(), endpoint.close()]);
  await pool.destroy();
} finally {
  await stop();
}
