// SPDX-License-Identifier: GPL-3.0-only
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Runtime } from '../../../src/config/schema.ts';
import type { CompletionRequest, Engine } from '../../../src/engine/contract/engine.ts';
import { openOpenVinoEngine } from '../../../src/engine/openvino/engine.ts';

/** Gone with the file of tests that made it. */
export const folder = mkdtempSync(join(tmpdir(), 'pantheon-openvino-test-'));
export const setting = 'profiles.cpu.review.peer[1]';
export const simulated = new URL('./simulated-library.ts', import.meta.url).href;
test.after.always(() => rmSync(folder, { recursive: true, force: true }));

/** A folder as an export leaves it, of which only the names matter to the simulated library. */
export const exported = (name: string, without?: string, config?: string): string => {
  const path = join(folder, name);
  mkdirSync(path);
  const names = ['model.xml', 'model.bin', 'tokenizer.xml', 'detokenizer.xml'];
  for (const part of names.map((each) => `openvino_${each}`)) {
    if (part !== without) writeFileSync(join(path, part), part);
  }
  if (config !== undefined) writeFileSync(join(path, 'config.json'), config);
  return path;
};
export const model = exported('whole', undefined, '{"max_position_embeddings":2000}');

export const open = async (
  t: ExecutionContext,
  more: Partial<Runtime> = {},
  library = simulated,
): Promise<Engine> => {
  const engine = await openOpenVinoEngine(
    { engine: 'openvino', model, slots: 8, ...more },
    { setting },
    library,
  );
  t.teardown(engine.close);
  return engine;
};

export const schema: CompletionRequest['schema'] = {
  type: 'object',
  properties: { a: { type: 'integer', minimum: 0, maximum: 9 } },
  required: ['a'],
  additionalProperties: false,
};
export const request = (
  content: string,
  more: Partial<CompletionRequest> = {},
): CompletionRequest => ({
  messages: [{ role: 'user', content }],
  schema,
  maxTokens: 50,
  idleTimeoutMs: 20_000,
  signal: AbortSignal.timeout(30_000),
  ...more,
});
/** What the simulated library says that it was called with. */
export const called = ({ text }: { readonly text: string }) =>
  JSON.parse(text) as {
    readonly calls: number;
    readonly pid: number;
    readonly batch: number;
    readonly prompt: string;
    readonly do_sample: boolean;
    readonly rng_seed?: number;
    readonly max_new_tokens: number;
    readonly device: string;
    readonly INFERENCE_NUM_THREADS?: number;
    readonly structured_output_config: { readonly grammar: string };
  };
