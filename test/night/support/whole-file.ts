// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import type { Cleaning } from '../../engine/wire/with-server.ts';

/** Takes what all tests of a file share, and cleans it away, last first, after the last of them. */
export const wholeFile = (): Cleaning => {
  const cleanings: (() => unknown)[] = [];
  test.after.always(async () => {
    for (const clean of cleanings.toReversed()) await clean();
  });
  return { teardown: (clean) => void cleanings.push(clean) };
};
