// SPDX-License-Identifier: GPL-3.0-only
import type { ExecutionContext } from 'ava';

/** CPU time of this thread in milliseconds: what else a busy machine does is not in it. */
export const cpuTime = (work: () => unknown): number => {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
};

/**
 * Fails where four times as much takes over eight times as long: what grows with the square of its
 * size takes sixteen times. Under 5 ms nothing can be told apart; the best of three attempts counts.
 */
export const growsLinearly = <Item>(
  t: ExecutionContext,
  make: (size: number) => Item,
  use: (item: Item) => unknown,
  size: number,
): void => {
  const items = [make(size), make(4 * size)] as const;
  const attempt = (): readonly [number, number] => {
    const [one, four] = items.map((item) => cpuTime(() => use(item)));
    return [Math.max(one ?? 0, 5), four ?? 0];
  };
  const attempts: (readonly [number, number])[] = [];
  const isLinear = ([one, four]: readonly [number, number]): boolean => four <= 8 * one;
  while (attempts.length < 3 && !attempts.some(isLinear)) attempts.push(attempt());
  const told = attempts.map(([one, four]) => `${one} and ${four} ms`).join('; ');
  t.true(attempts.some(isLinear), `${size} and ${4 * size}: ${told}`);
};
