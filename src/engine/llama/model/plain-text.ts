// SPDX-License-Identifier: GPL-3.0-only
import type { Token } from 'node-llama-cpp';
import type { Message } from '../../contract/engine.ts';
import { type ChatTokens, type Render, renderPieces } from '../../local/chat-templates.ts';
import { type TokenTable, tokenKinds } from '../constrain/vocabulary.ts';

/** Tokens that a chat template writes and no text may contain, with how they are written. */
export type Reserved = ReadonlyMap<Token, string>;

type Tokenize = (text: string) => readonly Token[];

/** A shorter one may be a line break or the like, which some vocabularies list as their own. */
const leastLength = 3;

/** Conversations with all the turns that a template knows: not each knows a system message. */
const conversations: readonly (readonly Message['role'][])[] = [
  ['system', 'user', 'assistant', 'user'],
  ['user', 'assistant', 'user'],
  ['user'],
];

/** Of what the template writes around messages, the tokens that are not words. */
export const reservedTokens = (options: {
  readonly table: TokenTable;
  readonly render: Render;
  readonly chat: ChatTokens;
  /** Of what the template writes. */
  readonly written: Tokenize;
}): Reserved => {
  const { table, render, chat, written } = options;
  const reserved = new Map<Token, string>();
  for (const roles of conversations) {
    for (const piece of tryPieces(render, roles, chat)) {
      for (const token of 'written' in piece ? written(piece.written) : []) {
        const text = table.tokens[token] ?? '';
        const tokenKind = table.kinds[token] ?? tokenKinds.normal;
        const isWord = tokenKind === tokenKinds.normal || tokenKind === tokenKinds.byte;
        if (!isWord && text.length >= leastLength && text.trim() === text) {
          reserved.set(token, text);
        }
      }
    }
  }
  return reserved;
};

const tryPieces = (
  ...options: Parameters<typeof renderPieces>
): ReturnType<typeof renderPieces> => {
  try {
    return renderPieces(...options);
  } catch {
    // Whoever asks for such a conversation is told.
    return [];
  }
};

/**
 * The tokens of a text, none of them reserved: llama.cpp leaves control tokens alone in a text, but
 * reads those that a vocabulary lists as `user defined`, as some do with the tokens of turns. Such a
 * token's text is cut after its first character, and the parts are read by themselves.
 */
export const plainTokens = (
  text: string,
  reserved: Reserved,
  tokenize: Tokenize,
): readonly Token[] => {
  const tokens = tokenize(text);
  if (!tokens.some((token) => reserved.has(token))) return tokens;
  return [...reserved.values()]
    .reduce<readonly string[]>((parts, word) => parts.flatMap((part) => cut(part, word)), [text])
    .flatMap(tokenize);
};

const cut = (text: string, word: string): readonly string[] => {
  const between = text.split(word);
  const [first = ''] = word;
  const rest = word.slice(first.length);
  return between.map(
    (part, index) => `${index > 0 ? rest : ''}${part}${index < between.length - 1 ? first : ''}`,
  );
};
