// SPDX-License-Identifier: GPL-3.0-only
import { isAscii } from 'node:buffer';
import { countNoun } from '../../data/count-noun.ts';
import { EngineFault } from '../contract/engine.ts';
import { anotherKind, seeItsLog } from './faults.ts';

/*
 * An answer of some hundred tokens comes in as many chunks, of many answers at once: each is cut and
 * handed on as it comes, without a promise on the way.
 */

/** Takes a body's texts in order, and its end. May throw: no more is read then. */
export type Sink = { readonly part: (text: string) => void; readonly end: () => void };

/** Longest line of an answer [characters]; a piece of an answer takes a few hundred. */
const maxLine = 4 * 1024 * 1024;

/**
 * Makes text of a body's chunks, at most `maxBytes` of it; called without one at the end.
 * @throws EngineFault beyond; a TypeError on what is not UTF-8.
 */
export const openDecoder = (maxBytes: number, label: string): ((chunk?: Buffer) => string) => {
  // What it sees first is not always the beginning, so no mark of byte order is taken away.
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let bytes = 0;
  // A letter of several bytes may go on in the next chunk.
  let open = false;
  return (chunk) => {
    if (chunk === undefined) return decoder.decode();
    bytes += chunk.byteLength;
    if (bytes > maxBytes) {
      throw new EngineFault(
        `${label} sends more than ${countNoun(maxBytes, 'byte')} for one answer; ${seeItsLog}`,
      );
    }
    // Most chunks are plain letters, which need no decoder.
    if (!open && isAscii(chunk)) return chunk.toString('latin1');
    open = (chunk.at(-1) ?? 0) > 127;
    return decoder.decode(chunk, { stream: true });
  };
};

/** Hands on lines as they come, without their ends; the last needs none. */
export const lineSink = (label: string, each: (line: string) => void): Sink => {
  let open = '';
  return {
    part: (text) => {
      let from = 0;
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
        each(withoutReturn(open + text.slice(from, end)));
        open = '';
        from = end + 1;
      }
      open += text.slice(from);
      if (open.length > maxLine) {
        throw new EngineFault(
          `${label} sends a line longer than ${countNoun(maxLine, 'character')}; ${seeItsLog}`,
        );
      }
    },
    end: () => {
      if (open !== '') each(withoutReturn(open));
    },
  };
};

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);

/**
 * Hands on the payloads of server-sent events, lines of one event joined; comments and other fields
 * are dropped. https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 * Throws an EngineFault when the stream ends within an event.
 */
export const eventSink = (label: string, each: (event: string) => void): Sink => {
  let data: string[] = [];
  const lines = lineSink(label, (line) => {
    if (line.startsWith('data:')) data.push(line.slice(line.startsWith('data: ') ? 6 : 5));
    else if (line !== '' && !/^(?::|[a-z]+:|[a-z]+$)/.test(line)) {
      throw new EngineFault(
        `${label} sends something else than a stream of events; ${anotherKind}`,
      );
    }
    if (line !== '' || data.length === 0) return;
    const event = data.join('\n');
    data = [];
    each(event);
  });
  return {
    part: lines.part,
    end: () => {
      lines.end();
      if (data.length === 0) return;
      throw new EngineFault(`${label} ended its answer in the middle of an event; ${seeItsLog}`);
    },
  };
};
