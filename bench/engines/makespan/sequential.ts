// SPDX-License-Identifier: GPL-3.0-only
import { openVllmEngine } from '../../../src/engine/vllm/engine.ts';
import { putTo } from '../../../test/simulated-engine/forms.ts';
import { simulatedModel } from '../../../test/simulated-engine/settings.ts';
import type { Service } from '../../../test/simulated-engine/simulation.ts';

export type Sample = {
  readonly requests: number;
  /** Time taken over the service time drawn: what a plain loop adds to it. */
  readonly overDrawn: number;
};

const requests = 8;

/** A plain loop, one request after the other, over the same driver. */
export const sequentialSample = async (socket: string): Promise<Sample> => {
  const engine = await openVllmEngine(
    { engine: 'vllm', socket, model: simulatedModel },
    { setting: 'bench' },
  );
  const started = performance.now();
  for (let index = 0; index < requests; index += 1) {
    await engine.complete({
      messages: [{ role: 'user', content: `note ${index}` }],
      schema: { type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'] },
      maxTokens: 100,
      idleTimeoutMs: 60_000,
      signal: new AbortController().signal,
    });
  }
  const seconds = (performance.now() - started) / 1000;
  await engine.close();
  const { body } = await putTo(socket, { method: 'GET', path: '/simulated' });
  const services: readonly Service[] = JSON.parse(body);
  const drawn = services.reduce((sum, service) => sum + service.drawn, 0);
  return { requests: services.length, overDrawn: seconds / drawn };
};
