// SPDX-License-Identifier: GPL-3.0-only
import { execFileSync } from 'node:child_process';

/** Processes below one, by what stands on their command lines. */
export const processesBelow = (
  pid: number,
): readonly (readonly [pid: number, command: string])[] => {
  const table = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .flatMap((match) =>
      match ? [[Number(match[1]), Number(match[2]), match[3] ?? ''] as const] : [],
    );
  const found = new Set([pid]);
  for (let size = 0; size !== found.size; ) {
    size = found.size;
    for (const [one, parent] of table) if (found.has(parent)) found.add(one);
  }
  return table.flatMap(([one, , command]) =>
    found.has(one) && one !== pid ? [[one, command] as const] : [],
  );
};
