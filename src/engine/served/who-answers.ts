// SPDX-License-Identifier: GPL-3.0-only
import type { Json } from '../../data/digest.ts';
import { EngineFault } from '../contract/engine.ts';
import type { Endpoint } from '../wire/endpoint.ts';
import { seeItsLog } from '../wire/faults.ts';
import { itemsOf, memberOf, parseIfJson, textOf } from './read-json.ts';

const timeoutMs = 30_000;

export type Answered = { readonly status: number; readonly body: string };

/** An answer that drips is never silent for long: all of it is here within this many timeouts. */
const wholeWithin = 2;

/**
 * One short answer of a server, whatever its status.
 * @throws EngineFault as the endpoint does, and when it is not whole in time; the signal's reason.
 */
export const askServer = async (
  endpoint: Endpoint,
  path: string,
  options: {
    readonly body?: Json;
    readonly signal?: AbortSignal;
    readonly timeoutMs?: number;
  } = {},
): Promise<Answered> => {
  const { body, signal, timeoutMs: idleTimeoutMs = timeoutMs } = options;
  const limit = new AbortController();
  const late = new EngineFault(
    `${endpoint.address} sent no whole answer within ${(wholeWithin * idleTimeoutMs) / 1000} s; ${seeItsLog}`,
  );
  const timer = setTimeout(() => limit.abort(late), wholeWithin * idleTimeoutMs);
  try {
    const response = await endpoint.request({
      path,
      ...(body !== undefined && { body }),
      signal: signal ? AbortSignal.any([signal, limit.signal]) : limit.signal,
      idleTimeoutMs,
    });
    return { status: response.status, body: await response.text() };
  } finally {
    clearTimeout(timer);
  }
};

/** The version that a server of this kind tells at `path`. @throws EngineFault naming what answers, where it is another. */
export const serverVersion = async (
  endpoint: Endpoint,
  path: string,
  kind: string,
): Promise<string> => {
  const { status, body } = await askServer(endpoint, path);
  const version = status === 200 ? textOf(memberOf(parseIfJson(body), 'version')) : undefined;
  if (version !== undefined && version.length < 100) return version;
  throw new EngineFault(
    `${endpoint.address} is not ${kind} server: ${await whoAnswers(endpoint)}; correct the address, or the engine of this profile`,
  );
};

/** What kind of server listens, for a message. */
export const whoAnswers = async (endpoint: Endpoint): Promise<string> => {
  const json = async (path: string): Promise<Json | undefined> => {
    try {
      const { status, body } = await askServer(endpoint, path);
      return status === 200 ? JSON.parse(body) : undefined;
    } catch {
      return undefined;
    }
  };
  if (textOf(memberOf(await json('/api/version'), 'version')) !== undefined) {
    return 'an Ollama server answers there (engine: ollama)';
  }
  const version = textOf(memberOf(await json('/version'), 'version'));
  const models = await json('/v1/models');
  if (version !== undefined && models !== undefined) {
    return 'a vLLM server answers there (engine: vllm)';
  }
  return itemsOf(memberOf(models, 'data')).length > 0
    ? "another server in OpenAI's form answers there (engine: openai)"
    : 'something else answers there';
};
