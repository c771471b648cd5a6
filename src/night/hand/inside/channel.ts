// SPDX-License-Identifier: GPL-3.0-only
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Denied } from '../../../workspace/denied.ts';
import type { Answer, FromHand, HandWants, ToHand } from '../messages.ts';
import { fromLine, toLine } from '../wire.ts';

/** Asks the process outside during a call. @throws Denied */
export type Ask = (wants: HandWants) => Promise<Answer>;

/** What this process is told, and what it says: one line of JSON each. */
export type Channel = {
  readonly send: (message: FromHand) => void;
  readonly ask: Ask;
  /** The lines that come in, but for the answers. */
  readonly listen: (told: (message: ToHand) => void) => void;
};

/** Standard output's descriptor. */
const output = 1;

/** Takes standard input and output; what code prints goes to standard error from now on. */
export const openChannel = (): Channel => {
  Object.defineProperty(process, 'stdout', { get: () => process.stderr });
  const waiting = new Map<number, (answer: Answer) => void>();
  let asked = 0;
  const send = (message: FromHand): void => {
    const bytes = Buffer.from(toLine(message));
    for (let at = 0; at < bytes.length; ) at += writeSync(output, bytes, at);
  };
  return {
    send,
    ask: async (wants) => {
      asked += 1;
      const { promise, resolve } = Promise.withResolvers<Answer>();
      waiting.set(asked, resolve);
      send({ is: 'ask', ask: asked, wants });
      const answer = await promise;
      if ('refused' in answer) throw new Denied('scope', answer.refused);
      return answer;
    },
    listen: (told) => {
      createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY }).on(
        'line',
        (line) => {
          const message = fromLine(line) as ToHand;
          if (message.is !== 'answer') return told(message);
          waiting.get(message.ask)?.(message.answer);
          waiting.delete(message.ask);
        },
      );
    },
  };
};
