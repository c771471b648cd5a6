// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { isLastRepeated, repeatOf } from '../../src/agent/repeats.ts';

/** Calls as letters, upper case for those that wrote; the last is the one about to be made. */
const judge = (calls: string, maxRepeats = 3): string | undefined => {
  const past = [...calls].map((key) => ({ key, wrote: key !== key.toLowerCase() }));
  return repeatOf(past.slice(0, -1), calls.at(-1) ?? '', maxRepeats);
};

const table: readonly (readonly [calls: string, maxRepeats: number, expected?: string])[] = [
  ['a', 3],
  ['aa', 3],
  ['aaa', 3, 'same'],
  ['abcaba', 3, 'same'],
  ['aba', 3],
  ['abab', 3, 'alternating'],
  ['cabab', 3, 'alternating'],
  ['abba', 3],
  ['aWa', 3],
  ['aWaVa', 3],
  ['aWaVaUaTa', 3],
  ['aaWa', 3],
  ['aaWaa', 3],
  ['aaWaaa', 3, 'same'],
  ['WVWVW', 3, 'same'],
  ['WVW', 3],
  ['WVWV', 3, 'alternating'],
  ['WVUWVUW', 3, 'same'],
  ['aWaW', 3, 'alternating'],
  ['aaaa', 5],
  ['aaaaa', 5, 'same'],
  ['ababab', 5],
  ['abababab', 5, 'alternating'],
  ['a', 1],
  ['aa', 1, 'same'],
  ['ab', 1],
];

for (const [calls, maxRepeats, expected] of table) {
  test(`${calls} at ${maxRepeats}: ${expected ?? 'goes on'}`, (t) => {
    t.is(judge(calls, maxRepeats), expected);
  });
}

for (const [calls, expected] of [
  ['', false],
  ['a', false],
  ['aa', true],
  ['aba', true],
  ['ab', false],
  ['aWa', false],
  ['WW', true],
  ['WVW', true],
  ['aab', false],
] as const) {
  test(`the last of "${calls}" is ${expected ? 'a repeat' : 'none'}`, (t) => {
    const past = [...calls].map((key) => ({ key, wrote: key !== key.toLowerCase() }));
    t.is(isLastRepeated(past), expected);
  });
}
