// SPDX-License-Identifier: GPL-3.0-only
import { countCalls } from './calls.ts';
import { jobCount, sixNodes, timeCompile } from './compile.ts';
import { simulate } from './simulate.ts';

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

console.log(
  '\nA simulated night of 10,000 specs, 8 slots a runner (goal at most 1.1 with 30 s a job):\n',
);
console.log('runners  shards  dealt          ideal h  over ideal  with 30 s a job  no deal below');
for (const runners of [1, 4, 16, 64]) {
  for (const [shards, how] of [
    [runners, 'in turns'],
    [runners, 'longest first'],
    [2 * runners, 'longest first'],
  ] as const) {
    const { ideal, makespan, withStart, floor } = simulate(10_000, { runners, shards, how });
    const cells = [
      String(runners).padStart(7),
      String(shards).padStart(6),
      how.padEnd(13),
      (ideal / 3600).toFixed(2).padStart(7),
      (makespan / ideal).toFixed(3).padStart(10),
      (withStart / ideal).toFixed(3).padStart(15),
      (floor / ideal).toFixed(3).padStart(13),
    ];
    console.log(cells.join('  '));
  }
}
