// SPDX-License-Identifier: GPL-3.0-only
import { once } from 'node:events';
import {
  type ClientRequest,
  createServer,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';

/*
 * Stands in front of a real server and spoils its answers to completions as told; everything else
 * passes through unchanged.
 */

/** `socket`: path of a Unix socket; `url`: on this machine. */
export type Address = { readonly socket: string } | { readonly url: string };

export type Fault =
  /** The answer begins and goes no further. */
  | 'stall'
  /** The connection breaks within the answer. */
  | 'cut'
  /** The answer ends in good order within a JSON text. */
  | 'half'
  /** The answer ends in good order before the line that ends it. */
  | 'headless'
  /** Bytes that are nothing. */
  | 'garbage'
  /** A web page, as a wrong server would send. */
  | 'page'
  /** JSON of another shape. */
  | 'wrong-shape'
  /** A line without end. */
  | 'endless'
  /** 429, retry after one second. */
  | 'busy'
  /** 503 without a word. */
  | 'unavailable'
  /** 500 with a reason. */
  | 'broken'
  /** 307 to the address behind. */
  | 'redirect'
  /** Byte by byte: nothing is wrong with it. */
  | 'drip';

export type FaultProxy = {
  readonly address: { readonly socket: string };
  /** Spoils the next `times` completions (default: all from now on); `undefined` spoils none. */
  readonly set: (fault: Fault | undefined, times?: number) => void;
  /** Completions seen so far. */
  readonly seen: () => number;
  readonly close: () => Promise<void>;
};

const completions = new Set(['/v1/chat/completions', '/api/chat']);

/** Listens on `folder/proxy.sock`. */
export const startFaultProxy = async (behind: Address, folder: string): Promise<FaultProxy> => {
  const state = { fault: undefined as Fault | undefined, left: 0, seen: 0 };
  const server = createServer((incoming, answer) => {
    incoming.on('error', () => answer.destroy());
    answer.on('error', () => incoming.destroy());
    const counts = completions.has(incoming.url ?? '');
    if (counts) state.seen += 1;
    const spoil = counts && state.left > 0 ? state.fault : undefined;
    if (spoil) state.left -= 1;
    const early = spoil && withoutServer[spoil];
    if (early) {
      incoming.resume().once('end', () => early(answer));
      return;
    }
    // A connection of its own: a server closes an idle one at any time, and that is no fault to pass on.
    const { method, url: path, headers } = incoming;
    const options = { method, path, headers, agent: false as const };
    const forward: ClientRequest =
      'socket' in behind
        ? request({ ...options, socketPath: behind.socket })
        : request(new URL(path ?? '/', behind.url), options);
    forward.on('error', () => answer.destroy());
    answer.on('close', () => forward.destroy());
    forward.on('response', (response) => {
      pass(response, answer, spoil).catch(() => answer.destroy());
    });
    // In one piece with its head.
    buffer(incoming).then(
      (body) => forward.end(body),
      (error) => forward.destroy(error),
    );
  });
  const socket = join(folder, 'proxy.sock');
  server.listen(socket);
  await once(server, 'listening');
  return {
    address: { socket },
    set: (fault, times = Number.POSITIVE_INFINITY) => {
      state.fault = fault;
      state.left = fault ? times : 0;
    },
    seen: () => state.seen,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};

/** Answers that need no server behind. */
const withoutServer: Partial<Record<Fault, (answer: ServerResponse) => void>> = {
  garbage: (answer) => {
    answer.writeHead(200, { 'content-type': 'text/event-stream' });
    answer.end(Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 37) % 251)));
  },
  page: (answer) => {
    answer.writeHead(200, { 'content-type': 'text/html' });
    answer.end('<!doctype html>\n<title>It works!</title>\n<p>data: this is a web page</p>\n');
  },
  'wrong-shape': (answer) => {
    answer.writeHead(200, { 'content-type': 'text/event-stream' });
    const shape = '{"choices":"none","message":7,"done":"maybe"}';
    answer.end(`data: ${shape}\n\n${shape}\n`);
  },
  endless: (answer) => {
    answer.writeHead(200, { 'content-type': 'text/event-stream' });
    answer.write('data: {"choices": [{"delta": {"content": "');
    const piece = Buffer.alloc(65_536, 'a');
    const more = (): void => {
      while (!answer.destroyed && answer.write(piece));
      if (!answer.destroyed) answer.once('drain', more);
    };
    more();
  },
  busy: (answer) => {
    answer.writeHead(429, { 'content-type': 'application/json', 'retry-after': '1' });
    answer.end('{"error":{"message":"too many requests"}}');
  },
  unavailable: (answer) => {
    answer.writeHead(503);
    answer.end();
  },
  broken: (answer) => {
    answer.writeHead(500, { 'content-type': 'application/json' });
    answer.end('{"error":"the runner has \\u001b[31mstopped"}');
  },
  redirect: (answer) => {
    answer.writeHead(307, { location: 'http://192.0.2.1/v1/chat/completions' });
    answer.end();
  },
};

/** So much of an answer passes whole, so that it has begun when it breaks [bytes]. */
const wholeBytes = 400;

/** What passes of an answer that goes no further: to the end of a line, or some way into the next. */
const spoiledPart = (answer: Buffer, fault: Fault): Buffer => {
  const end = answer.indexOf('\n', wholeBytes) + 1;
  return answer.subarray(0, fault === 'headless' ? end : end + 24);
};

const pass = async (
  response: IncomingMessage,
  answer: ServerResponse,
  fault: Fault | undefined,
): Promise<void> => {
  answer.writeHead(response.statusCode ?? 502, response.headers);
  if (fault === undefined || fault === 'drip') {
    for await (const piece of response as AsyncIterable<Buffer>) {
      if (fault === undefined) answer.write(piece);
      else await drip(piece, answer);
    }
    answer.end();
    return;
  }
  // By bytes and not by pieces: on a busy machine a whole answer may come in one.
  let read = Buffer.alloc(0);
  for await (const piece of response as AsyncIterable<Buffer>) {
    read = Buffer.concat([read, piece]);
    const end = read.indexOf('\n', wholeBytes);
    if (end >= 0 && read.length > end + 24) break;
  }
  answer.write(spoiledPart(read, fault));
  if (fault === 'stall') return;
  await setImmediate();
  if (fault === 'cut') answer.destroy();
  else answer.end();
};

const drip = async (piece: Buffer, answer: ServerResponse): Promise<void> => {
  for (let at = 0; at < piece.length; at += 1) {
    answer.write(piece.subarray(at, at + 1));
    await setImmediate();
  }
};
