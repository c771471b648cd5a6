// SPDX-License-Identifier: GPL-3.0-only
import { tmpdir } from 'node:os';
import { createBubblewrap } from '../../src/boundary/bubblewrap.ts';
import { runProcess } from '../../src/boundary/run-process.ts';

/*
 * Prints the time of `true`, bare and in the sandbox, and of a tree lent for it: the fifth fastest of forty, since on
 * a busy machine the others measure the neighbours.
 */

const times = 40;
const bwrap = createBubblewrap();

const timeOf = async (action: () => Promise<unknown>): Promise<number> => {
  const taken: number[] = [];
  for (let index = 0; index < times; index += 1) {
    const started = performance.now();
    await action();
    taken.push(performance.now() - started);
  }
  return taken.toSorted((a, b) => a - b)[4] ?? 0;
};

const bare = await timeOf(() =>
  runProcess({ file: '/bin/true', args: [], cwd: tmpdir(), env: {}, timeoutMs: 10_000 }),
);
const tree = await timeOf(() => bwrap.withTree(async () => {}));
const confined = await bwrap.withTree(({ path }) =>
  timeOf(() => bwrap.run({ argv: ['true'], root: path, cwd: path, timeoutMs: 10_000 })),
);
const show = (value: number) => value.toFixed(1);
process.stdout.write(
  `a command: bare ${show(bare)} ms, in the sandbox ${show(confined - bare)} ms more; a tree ${show(tree)} ms\n`,
);
