// SPDX-License-Identifier: GPL-3.0-only
import { count } from '../../data/count.ts';
import { EngineFault } from '../engine.ts';
import { anotherKind, seeItsLog } from './faults.ts';

export type Chunks = AsyncIterable<Uint8Array>;

/** Longest line of an answer [characters]; a piece of an answer takes a few hundred. */
const maxLine = 4 * 1024 * 1024;

/** The texts of a body, at most `maxBytes` of it. @throws EngineFault beyond; a TypeError on what is no UTF-8. */
export async function* texts(
  chunks: Chunks,
  maxBytes: number,
  label: string,
): AsyncIterable<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) {
      throw new EngineFault(
        `${label} sends more than ${count(maxBytes, 'byte')} for one answer; ${seeItsLog}`,
      );
    }
    yield decoder.decode(chunk, { stream: true });
  }
  yield decoder.decode();
}

/** Everything as one text. */
export const whole = async (parts: AsyncIterable<string>): Promise<string> => {
  const read: string[] = [];
  for await (const part of parts) read.push(part);
  return read.join('');
};

/** The lines of a stream as they come, without their ends; the last needs none. */
export async function* linesOf(parts: AsyncIterable<string>, label: string): AsyncIterable<string> {
  let open = '';
  for await (const part of parts) {
    const [first = '', ...rest] = part.split('\n');
    open += first;
    for (const next of rest) {
      yield withoutReturn(open);
      open = next;
    }
    if (open.length > maxLine) {
      throw new EngineFault(
        `${label} sends a line longer than ${count(maxLine, 'character')}; ${seeItsLog}`,
      );
    }
  }
  if (open !== '') yield withoutReturn(open);
}

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);

/**
 * The payloads of server-sent events, lines of one event joined; comments and other fields are
 * dropped. https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 * @throws EngineFault when the stream ends within an event.
 */
export async function* eventsOf(
  lines: AsyncIterable<string>,
  label: string,
): AsyncIterable<string> {
  let data: string[] = [];
  for await (const line of lines) {
    if (line === '') {
      if (data.length > 0) yield data.join('\n');
      data = [];
    } else if (line.startsWith('data:')) {
      data.push(line.slice(line.startsWith('data: ') ? 6 : 5));
    } else if (!/^(?::|[a-z]+:|[a-z]+$)/.test(line)) {
      throw new EngineFault(`${label} sends what is no stream of events; ${anotherKind}`);
    }
  }
  if (data.length > 0)
    throw new EngineFault(`${label} ended its answer in the middle of an event; ${seeItsLog}`);
}
