// SPDX-License-Identifier: GPL-3.0-only
import type { Check, Speed } from './engine.ts';

const wholeSeconds = (seconds: number): string => `${Math.ceil(seconds).toLocaleString('en-US')} s`;

/**
 * A warning where one answer may take more than half of the time that an agent has for all of its answers: what it is
 * always sent is read, and as many tokens written as it may. Nothing where there is time, or no speed is known.
 */
export const slowAnswer = (
  { reads, writes }: Speed = { reads: Infinity, writes: Infinity },
  { setting, agent }: { readonly setting: string; readonly agent: string },
  asked: { readonly prompt: number; readonly answer: number; readonly timeout: number },
): Check | undefined => {
  const { prompt, answer, timeout } = asked;
  const seconds = prompt / reads + answer / writes;
  if (!(seconds * 2000 > timeout)) return undefined;
  return {
    name: 'speed',
    state: 'warn',
    detail: `one answer of ${agent} may take ${wholeSeconds(seconds)} of the ${wholeSeconds(timeout / 1000)} that it has: ${Math.round(reads)} tokens are read and ${Math.round(writes)} written a second`,
    fix: `raise ${setting}.limits.timeout, lower ${setting}.limits.maxOutputTokens, or take a faster model`,
  };
};
