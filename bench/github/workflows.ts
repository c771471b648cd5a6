// SPDX-License-Identifier: GPL-3.0-only
import { countCalls } from './calls.ts';
import { jobCount, sixNodes, timeCompile } from './compile.ts';
import { type Simulated, simulate } from './simulate.ts';

/*
 * npm run bench:github: what compiled workflows and pull requests cost, and what shards bring; needs
 * neither GitHub nor a network.
 */

const flow = sixNodes('bench');
console.log(`Compiling 50 flows of 6 nodes: ${timeCompile(50).toFixed(0)} ms (median of 7)\n`);

const { opening, withIssue, again } = await countCalls(20);
console.log('API calls per pull request on a simulated GitHub, mean of 20 (goal 6 or less):');
console.log(`  ${opening} to open one with a label and an assignee`);
console.log(`  ${withIssue} for a spec that is an issue`);
console.log(`  ${again} when the night is published again (goal 0)\n`);

console.log('Jobs of a night of 1,000 specs, 6 nodes (a function of nodes and shards):\n');
console.log('shards  jobs');
for (const shards of [1, 4, 16, 64]) {
  console.log(`${String(shards).padStart(6)}  ${String(jobCount(flow, shards)).padStart(4)}`);
}

const nights = 8;
console.log(
  `\nSimulated nights of 10,000 specs, 8 slots a runner, ${nights} of them drawn (goal at most 1.1 with 30 s a job):\n`,
);
console.log(
  'a job   runners  shards  dealt          ideal h  over ideal  with 30 s a job  worst  no deal below',
);
for (const runners of [1, 4, 16, 64]) {
  for (const [jobs, shards, how] of [
    ['node', runners, 'in turns'],
    ['node', runners, 'longest first'],
    ['node', 2 * runners, 'longest first'],
    ['flow', runners, 'longest first'],
    ['flow', 2 * runners, 'longest first'],
  ] as const) {
    const deal = { runners, shards, how, jobs };
    const drawn = Array.from({ length: nights }, (_, seed) => simulate(10_000, deal, seed + 1));
    const mean = (of: (night: Simulated) => number): number =>
      drawn.reduce((sum, night) => sum + of(night), 0) / nights;
    const started = ({ withStart, ideal }: Simulated): number => withStart / ideal;
    const cells = [
      jobs.padEnd(6),
      String(runners).padStart(7),
      String(shards).padStart(6),
      how.padEnd(13),
      mean(({ ideal }) => ideal / 3600)
        .toFixed(2)
        .padStart(7),
      mean(({ makespan, ideal }) => makespan / ideal)
        .toFixed(3)
        .padStart(10),
      mean(started).toFixed(3).padStart(15),
      Math.max(...drawn.map(started))
        .toFixed(3)
        .padStart(5),
      mean(({ floor, ideal }) => floor / ideal)
        .toFixed(3)
        .padStart(13),
    ];
    console.log(cells.join('  '));
  }
}
