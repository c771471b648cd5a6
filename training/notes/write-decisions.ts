// SPDX-License-Identifier: GPL-3.0-only
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Split } from '../../src/learn/mine/split.ts';

/** Writes lines as `decisions.train.jsonl` and `decisions.held-out.jsonl`, as `pantheon mine` does, and says how many. */
export const writeDecisions = (
  folder: string,
  sides: Readonly<Record<Split, readonly string[]>>,
): void => {
  mkdirSync(folder, { recursive: true });
  for (const [side, lines] of Object.entries(sides)) {
    writeFileSync(join(folder, `decisions.${side}.jsonl`), `${lines.join('\n')}\n`);
  }
  console.log(`${sides.train.length} rows for training, ${sides['held-out'].length} held out`);
};
