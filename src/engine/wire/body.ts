// SPDX-License-Identifier: GPL-3.0-only
import { count } from '../../data/count.ts';
import { EngineFault } from '../engine.ts';
import { anotherKind, seeItsLog } from './faults.ts';

/*
 * An answer of some hundred tokens is as many chunks: what is done for each of them is done without
 * waiting, and only whole lines and events are waited for.
 */

/** Longest line of an answer [characters]; a piece of an answer takes a few hundred. */
const maxLine = 4 * 1024 * 1024;

/**
 * Makes text of a body's chunks, at most `maxBytes` of it; called without one at the end.
 * @throws EngineFault beyond; a TypeError on what is no UTF-8.
 */
export const openDecoder = (maxBytes: number, label: string): ((chunk?: Uint8Array) => string) => {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let bytes = 0;
  return (chunk) => {
    if (chunk === undefined) return decoder.decode();
    bytes += chunk.byteLength;
    if (bytes > maxBytes) {
      throw new EngineFault(
        `${label} sends more than ${count(maxBytes, 'byte')} for one answer; ${seeItsLog}`,
      );
    }
    return decoder.decode(chunk, { stream: true });
  };
};

/** Everything as one text. */
export const whole = async (parts: AsyncIterable<string>): Promise<string> => {
  const read: string[] = [];
  for await (const part of parts) read.push(part);
  return read.join('');
};

/** Cuts parts of a text into lines without their ends; what has no end yet waits for the next part. */
const openCutter = (
  label: string,
): { readonly cut: (part: string) => readonly string[]; readonly rest: () => string } => {
  let open = '';
  return {
    cut: (part) => {
      const lines = part.split('\n');
      lines[0] = open + lines[0];
      open = lines.pop() ?? '';
      if (open.length > maxLine) {
        throw new EngineFault(
          `${label} sends a line longer than ${count(maxLine, 'character')}; ${seeItsLog}`,
        );
      }
      return lines.map(withoutReturn);
    },
    rest: () => withoutReturn(open),
  };
};

/** The lines of a stream as they come, without their ends; the last needs none. */
export async function* linesOf(parts: AsyncIterable<string>, label: string): AsyncIterable<string> {
  const { cut, rest } = openCutter(label);
  for await (const part of parts) yield* cut(part);
  if (rest() !== '') yield rest();
}

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);

/**
 * The payloads of server-sent events, lines of one event joined; comments and other fields are
 * dropped. https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 * @throws EngineFault when the stream ends within an event.
 */
export async function* eventsOf(
  parts: AsyncIterable<string>,
  label: string,
): AsyncIterable<string> {
  const { cut, rest } = openCutter(label);
  let data: string[] = [];
  const read = (line: string): string | undefined => {
    if (line.startsWith('data:')) data.push(line.slice(line.startsWith('data: ') ? 6 : 5));
    else if (line !== '' && !/^(?::|[a-z]+:|[a-z]+$)/.test(line)) {
      throw new EngineFault(`${label} sends what is no stream of events; ${anotherKind}`);
    }
    if (line !== '' || data.length === 0) return undefined;
    const event = data.join('\n');
    data = [];
    return event;
  };
  for await (const part of parts) {
    for (const line of cut(part)) {
      const event = read(line);
      if (event !== undefined) yield event;
    }
  }
  if (rest() !== '') read(rest());
  if (data.length > 0) {
    throw new EngineFault(`${label} ended its answer in the middle of an event; ${seeItsLog}`);
  }
}
