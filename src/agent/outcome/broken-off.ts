// SPDX-License-Identifier: GPL-3.0-only
import { escapeControls } from '../../engine/contract/control-tokens.ts';
import type { Message, WrittenSoFar } from '../../engine/contract/engine.ts';
import type { Dialect } from '../dialect.ts';

/** Characters of an answer's end that a message shows. */
const tail = 120;

/** What stands in the conversation for an answer that broke off, and how far it came, for a person to read. */
export const brokenOff = (
  { text, tokens }: WrittenSoFar,
  { renderReply }: Pick<Dialect, 'renderReply'>,
  code: 'engine' | 'timeout',
): { readonly reason: string; readonly messages: readonly Message[] } | undefined => {
  if (text === '') return undefined;
  const end = text.length > tail ? `…${text.slice(-tail)}` : text;
  const reason = `the answer under way had ${tokens} tokens and ended in ${JSON.stringify(end.toWellFormed())}`;
  return {
    reason,
    messages: [
      { role: 'assistant', content: escapeControls(text.toWellFormed()) },
      { role: 'user', content: renderReply({ error: { code, reason } }) },
    ],
  };
};
