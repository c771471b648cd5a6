// SPDX-License-Identifier: GPL-3.0-only
import { textBelow } from '../docs/witness.ts';
import type { Judge } from './judge.ts';

const comment = /^<!--(?:(?!--)[\s\S])*-->(?:\r?\n)+$/;

/** A document with a header is the document with one comment more, on top of its text. */
export const judgeHeader: Judge = ({ path, bytes, body }, after) => {
  if (!path.endsWith('.md')) return after.equals(bytes) ? undefined : 'damaged: not asked for';
  const [was, is] = [bytes.toString('latin1'), after.toString('latin1')];
  const mark = was.startsWith('\xef\xbb\xbf') ? 3 : 0;
  const at = was.length - (body ?? textBelow(was.slice(mark))).length;
  const added = is.slice(at, is.length - (was.length - at));
  if (is !== was.slice(0, at) + added + was.slice(at)) return 'damaged: more than a header changed';
  if (!comment.test(added)) return `damaged: ${JSON.stringify(added.slice(0, 80))} was put on top`;
  return /GPL|General Public License/.test(added) ? undefined : 'the header names no GPL';
};
