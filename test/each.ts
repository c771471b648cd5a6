// SPDX-License-Identifier: GPL-3.0-only
import test, { type Macro } from 'ava';

/** A table of behaviour: declares a test for each row, of its title and what the macro takes. */
export const each = <Args extends unknown[]>(
  macro: Macro<Args>,
  rows: Readonly<Record<string, NoInfer<Args>>>,
): void => {
  for (const [title, args] of Object.entries(rows)) test(title, macro, ...args);
};
