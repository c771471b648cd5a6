// SPDX-License-Identifier: GPL-3.0-only
import type { Intent } from '../../../../src/chore/intent-kinds.ts';
import { isRefused, textRefusal } from '../../../../src/markdown/decode-markdown.ts';
import { splitFrontmatter } from '../../../../src/markdown/frontmatter.ts';
import { headerOnTop, saysHeader } from './header.ts';

/** Whether a note has its headers and is otherwise as it was; frontmatter is worked again with its chores. */
export const redoNote = (
  base: string,
  patched: string,
  intents: readonly Intent[],
): readonly string[] => {
  const reason = textRefusal(patched);
  if (reason !== undefined) return [reason];
  const [old, now] = [splitFrontmatter(base), splitFrontmatter(patched)];
  if (isRefused(old)) return [`before: ${old.refused}`];
  if (isRefused(now)) return [`now: ${now.refused}`];
  const headers = intents.filter((intent) => intent.kind === 'header');
  const front = old.bom + old.open + old.yaml + old.close;
  if (front !== now.bom + now.open + now.yaml + now.close)
    return ['its frontmatter must not be changed'];
  if (old.body === now.body)
    return headers.flatMap((header) => saysHeader(commentsAbove(old.body), header));
  return headers.length > 0
    ? headerOnTop(old.body, now.body, headers, 'markup')
    : ['its text has changed'];
};

/** Comments that stand before all text, at the left edge: what a reader sees, or code, is not a header. */
const commentsAbove = (body: string): string =>
  /^(?:(?:[ \t]*\r?\n)* {0,3}<!--(?:(?!-->)[\s\S])*-->)+/.exec(body)?.[0] ?? '';
