// SPDX-License-Identifier: GPL-3.0-only
import { words } from './chores/night-of-words.ts';
import type { Part } from './chores/part.ts';
import { patches } from './chores/patches.ts';
import { repositories } from './chores/repositories/part.ts';

/*
 * `npm run evaluate:chores`, or `npm run evaluate:chores -- words` for some of the parts. Ends with 1
 * where a goal is missed.
 */

const parts: Readonly<Record<string, Part>> = { words, patches, repositories };

const main = async (names: readonly string[]): Promise<void> => {
  const unknown = names.find((name) => !Object.hasOwn(parts, name));
  if (unknown !== undefined) {
    throw new Error(`there is no part "${unknown}"; write ${Object.keys(parts).join(', ')}`);
  }
  for (const [name, part] of Object.entries(parts)) {
    if (names.length > 0 && !names.includes(name)) continue;
    const { lines, missed } = await part();
    console.log([`${name}`, ...lines, ...missed.map((goal) => `MISSED: ${goal}`), ''].join('\n'));
    if (missed.length > 0) process.exitCode = 1;
  }
};

await main(process.argv.slice(2));
