// SPDX-License-Identifier: GPL-3.0-only
import type { Json } from '../../data/digest.ts';
import { type Completion, type CompletionRequest, EngineFault } from '../contract/engine.ts';
import { countOf, finishOf, memberOf, textOf } from '../served/read-json.ts';
import type { EndpointResponse } from '../wire/endpoint.ts';
import { anotherKind, seeItsLog } from '../wire/faults.ts';
import { refuseRemote } from './cloud.ts';
import { ollamaRefusal } from './refusal.ts';
import type { OllamaServer } from './server.ts';

export type OllamaAnswer = Pick<Completion, 'text' | 'finish'> & {
  /** Nothing where the server gave the answer up. */
  readonly usage: Completion['usage'] | undefined;
  readonly pieces: number;
  /** From `performance.now()`; nothing where the answer is empty. */
  readonly firstTokenAt: number | undefined;
};

/** Ollama gives an answer up, without a word, once a piece came this often in a row. */
const mostRepeats = 30;

/** What was read so far. */
type Read = {
  text: string;
  pieces: number;
  /** How often the last piece came in a row. */
  repeats: number;
  lastPiece: string;
  firstTokenAt?: number;
  last?: Json | undefined;
};

/**
 * Reads a streamed chat answer to the line that says it is done. An answer that Ollama gave up
 * because the model went on and on counts as cut.
 * @throws EngineFault when its end is missing, NotLocalFault when another server wrote it.
 */
export const readOllamaAnswer = async (
  lines: EndpointResponse['lines'],
  server: OllamaServer,
  onProgress: CompletionRequest['onProgress'],
): Promise<OllamaAnswer> => {
  const { address } = server.endpoint;
  const read: Read = { text: '', pieces: 0, repeats: 0, lastPiece: '' };
  await lines((line) => {
    if (line === '' || read.last !== undefined) return;
    readLine(line, read, server);
    onProgress?.({ text: read.text, tokens: read.pieces });
  });
  const { text: answer, pieces, firstTokenAt, last, repeats } = read;
  const base = { text: answer, pieces, firstTokenAt };
  if (last !== undefined) {
    return {
      ...base,
      finish: finishOf(textOf(memberOf(last, 'done_reason')), address),
      usage: usageOf(last),
    };
  }
  if (repeats >= mostRepeats) return { ...base, finish: 'length', usage: undefined };
  throw new EngineFault(`${address} ended its answer before the end; ${seeItsLog}`);
};

const readLine = (line: string, read: Read, server: OllamaServer): void => {
  const { endpoint } = server;
  const said = endpoint.parse(line);
  refuseRemote(said, server);
  if (memberOf(said, 'error') !== undefined) {
    throw ollamaRefusal(server, { status: countOf(memberOf(said, 'status')) ?? 200, body: line });
  }
  const piece = textOf(memberOf(memberOf(said, 'message'), 'content'));
  const done = memberOf(said, 'done');
  if (piece === undefined || typeof done !== 'boolean') {
    throw new EngineFault(`${endpoint.address} sends lines of another form; ${anotherKind}`);
  }
  if (piece !== '') {
    read.firstTokenAt ??= performance.now();
    read.text += piece;
    read.pieces += 1;
    read.repeats = piece.trim() === read.lastPiece ? read.repeats + 1 : 0;
    read.lastPiece = piece.trim();
  }
  if (done) read.last = said;
};

/** Ollama tells how long the prompt is and not how much of it was in its cache. */
const usageOf = (last: Json): Completion['usage'] | undefined => {
  const prompt = countOf(memberOf(last, 'prompt_eval_count'));
  const completion = countOf(memberOf(last, 'eval_count'));
  return prompt === undefined || completion === undefined
    ? undefined
    : { prompt, cached: 0, completion };
};
