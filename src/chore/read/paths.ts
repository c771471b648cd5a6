// SPDX-License-Identifier: GPL-3.0-only
import { isQuoted, unquote } from '../sentence.ts';
import type { Reader } from './reader.ts';

const pathLike = /^[^\s*?{}"'`<>|\\:\0]+$/u;

/** A path inside the repository as the sentence writes it, without a leading `./`. */
export const readPath: Reader = (phrase, sentence) => {
  const core = phrase
    .replace(/^(?:the )?(?:(?:index|barrel|entry|test|source|new) )?(?:file |module )?/iu, '')
    .replace(/ (?:file|module)$/iu, '');
  const path = unquote(core, sentence).replace(/^(?:\.\/)+/u, '');
  const inside = !path.startsWith('/') && !path.split('/').includes('..');
  const named = /[^./]\.[a-z]+$/iu.test(path) || (path.includes('/') && !path.endsWith('/'));
  return inside && named && (isQuoted(core) ? !/[\0*?{}]/u.test(path) : pathLike.test(path))
    ? path
    : undefined;
};

const nearest =
  /^(?:the |its |our )?(?:package(?:'s)? |module(?:'s)? |library(?:'s)? |public )?(?:index|barrel|package root|root|entry ?point|main module|package|api|library)(?: file| module| of the package)?$/iu;

/** `{index}`, the module to export from; `{}` for "the index", "the package root" and the like. */
export const readIndex: Reader = (phrase, sentence) => {
  if (nearest.test(phrase)) return {};
  const index = readPath(phrase, sentence);
  return index === undefined ? undefined : { index };
};
