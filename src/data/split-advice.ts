// SPDX-License-Identifier: GPL-3.0-only

/** A message in two: the problem, and what to do about it: the last sentence, or the part after the last semicolon. */
export const splitAdvice = (message: string): readonly [problem: string, advice?: string] => {
  const sentence = [...message.matchAll(/\. (?=[A-Z])/g)].at(-1)?.index ?? -1;
  const at = Math.max(sentence, message.lastIndexOf('; '));
  return at < 0 ? [message] : [message.slice(0, at), message.slice(at + 2)];
};
