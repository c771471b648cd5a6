// SPDX-License-Identifier: GPL-3.0-only
import { isRefused } from '../../../../src/markdown/decode-markdown.ts';
import { splitFrontmatter } from '../../../../src/markdown/frontmatter.ts';
import type { Asked } from './asked.ts';
import { judgeHeader } from './header.ts';
import type { FilePatch } from './patch.ts';

/** What a patch of one note does besides a header; frontmatter is judged with its chores. */
export const judgeNote = (file: FilePatch, { headers }: Asked): readonly string[] => {
  const [before, after] = [file.base.join(''), file.patched.join('')];
  if (file.status !== 'changed') return [`a whole note is ${file.status}`];
  if (before === after)
    return headers.every(({ inPlace }) => inPlace(bodyOf(after)))
      ? []
      : ['the header is still missing'];
  const head = before.slice(0, before.length - bodyOf(before).length);
  if (!after.startsWith(head)) return ['its frontmatter is changed, which no sentence asks for'];
  if (headers.length === 0) return ['its body has changed'];
  const verdicts = headers.map(({ intent }) =>
    judgeHeader(bodyOf(before), after.slice(head.length), file.path, intent),
  );
  const wrong = verdicts.find((verdict) => !verdict.ok);
  return wrong && !wrong.ok ? [wrong.why] : [];
};

const bodyOf = (text: string): string => {
  const split = splitFrontmatter(text);
  return isRefused(split) ? text.replace(/^\uFEFF/, '') : split.body;
};
