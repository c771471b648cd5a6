// SPDX-License-Identifier: GPL-3.0-only
import type { Dispatcher, Pool } from 'undici';
import type { HostLookup } from '../../boundary/local-address.ts';
import { hostsLookup } from '../../boundary/local-hosts.ts';
import type { Json } from '../../data/digest.ts';
import { printable } from '../../data/printable.ts';
import { EngineFault } from '../contract/engine.ts';
import { eventSink, lineSink, openDecoder, type Sink } from './body.ts';
import { anotherKind, busyFault, connectionFault, seeItsLog } from './faults.ts';
import { watchIdle } from './idle.ts';
import { type Address, type Target, targetOf } from './target.ts';

export type EndpointRequest = {
  /** From the root on, with the query: `/v1/models`. */
  readonly path: string;
  /** What is posted; without it something is only got. */
  readonly body?: Json;
  readonly signal: AbortSignal;
  /** Longest time without a byte [ms]; there is no limit on the whole. */
  readonly idleTimeoutMs: number;
  /** Called at every piece of the answer. */
  readonly onProgress?: () => void;
  /** Of the answer; default 32 MiB. */
  readonly maxBytes?: number;
};

/** An answer; its body is read once, in one of three ways. What `each` throws ends the reading. */
export type EndpointResponse = {
  readonly status: number;
  readonly text: () => Promise<string>;
  readonly lines: (each: (line: string) => void) => Promise<void>;
  /** Payloads of server-sent events, `[DONE]` among them. */
  readonly events: (each: (event: string) => void) => Promise<void>;
};

/** A server on this machine; everything it does wrong is an EngineFault that names the setting. */
export type Endpoint = {
  readonly origin: Target['origin'];
  /** Setting and address as in pantheon.yaml, for messages. */
  readonly address: string;
  /**
   * @throws EngineFault when it cannot be reached, redirects or breaks off, BusyFault on 429 and
   * 503; rejects with the signal's reason when aborted. Other statuses are answers.
   */
  readonly request: (request: EndpointRequest) => Promise<EndpointResponse>;
  /** JSON that this server sent. @throws EngineFault when it is none, or only the half of it. */
  readonly parse: (text: string) => Json;
  readonly close: () => Promise<void>;
};

const defaultMaxBytes = 32 * 1024 * 1024;

/** More requests than an engine has slots wait here rather than at the server. */
const maxConnections = 256;

/**
 * Opens a server by its Unix socket or its address, connecting to it only when asked something.
 * Every connection is judged again to be local; proxies of the environment and redirects are not followed.
 * @throws NotLocalFault (an EngineFault) when the setting is not local, before anything is sent.
 */
export const openEndpoint = async (
  where: Address,
  setting: string,
  lookup: HostLookup = hostsLookup(),
): Promise<Endpoint> => {
  const target = targetOf(where, setting, lookup);
  await target.judge();
  const { Pool } = await import('undici');
  const pool = new Pool(`http://${target.host}`, {
    connections: maxConnections,
    allowH2: false,
    // A connection for each request: servers close an idle one after some seconds, and a request
    // written to it in that moment is lost. Beside an answer of an engine it costs nothing.
    pipelining: 0,
    // Watched here, because undici's own clocks start again only with the headers and the body.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: (_options, done) => {
      target.connect().then(
        (socket) => done(null, socket),
        (error) => done(connectionFault(error, target.label), null),
      );
    },
  });
  return {
    origin: target.origin,
    address: target.label,
    request: (request) => send(pool, target, request),
    parse: (text) => parseJson(text, target.label),
    close: () => pool.destroy(),
  };
};

const send = async (
  pool: Pool,
  target: Target,
  request: EndpointRequest,
): Promise<EndpointResponse> => {
  const { label } = target;
  request.signal.throwIfAborted();
  const watch = watchIdle(request, label);
  const failed = (error: unknown): unknown => {
    watch.end();
    return watch.ended() ?? connectionFault(error, label);
  };
  let answer: Dispatcher.ResponseData;
  try {
    answer = await pool.request({
      method: request.body === undefined ? 'GET' : 'POST',
      path: request.path,
      headers: { 'content-type': 'application/json', accept: '*/*' },
      body: request.body === undefined ? null : JSON.stringify(request.body),
      signal: watch.signal,
    });
  } catch (error) {
    throw failed(error);
  }
  const { statusCode: status, body } = answer;
  const headers = singleHeaders(answer.headers);
  body.once('close', watch.end);
  // Read or not, what goes wrong with it later is told to its reader or to nobody.
  body.on('error', () => {});
  watch.progress();
  const refused = refusalOf(status, headers, label);
  if (refused) {
    body.destroy();
    throw refused;
  }
  const decode = openDecoder(request.maxBytes ?? defaultMaxBytes, label);
  const read = (sink: Sink): Promise<void> =>
    new Promise((resolve, reject) => {
      const over = (error: unknown): void => {
        reject(error);
        body.destroy();
      };
      const pass = (chunk?: Buffer): void => {
        let text: string;
        try {
          text = decode(chunk);
        } catch (error) {
          over(failed(error));
          return;
        }
        try {
          if (text !== '') sink.part(text);
          if (chunk === undefined) sink.end();
        } catch (error) {
          over(error);
        }
      };
      body.on('data', (chunk: Buffer) => {
        watch.progress();
        pass(chunk);
      });
      body.on('end', () => {
        pass();
        resolve();
      });
      body.on('error', (error) => over(failed(error)));
    });
  const text = async (): Promise<string> => {
    let whole = '';
    const part = (piece: string): void => {
      whole += piece;
    };
    await read({ part, end: () => {} });
    return whole;
  };
  return {
    status,
    text,
    lines: (each) => read(lineSink(label, each)),
    events: (each) => read(eventSink(label, each)),
  };
};

/** What no answer of an engine is, whatever its body says. */
const refusalOf = (
  status: number,
  headers: Readonly<Record<string, string | undefined>>,
  label: string,
): EngineFault | undefined => {
  if (status === 429 || status === 503) return busyFault(status, headers['retry-after'], label);
  if (status >= 300 && status < 400) {
    const to = printable(headers.location ?? 'nowhere').slice(0, 200);
    return new EngineFault(
      `${label} redirects to ${to}, and redirects are never followed; correct the address`,
    );
  }
  const { 'content-encoding': encoding = 'identity' } = headers;
  return encoding === 'identity'
    ? undefined
    : new EngineFault(`${label} compresses its answer unasked; ${anotherKind}`);
};

const singleHeaders = (
  headers: Dispatcher.ResponseData['headers'],
): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : value,
    ]),
  );

const parseJson = (text: string, label: string): Json => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const shown = printable(text.slice(0, 120));
    const said = text.trim() === '' ? 'an empty answer' : `JSON that is not whole: ${shown}`;
    throw Object.assign(new EngineFault(`${label} sent ${said}; ${seeItsLog}`), {
      cause,
    });
  }
};
