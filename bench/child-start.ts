// SPDX-License-Identifier: GPL-3.0-only
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorkNight } from '../src/night/child/outside.ts';
import { childFlags, workConfined } from '../src/night/child/work-confined.ts';
import { workHere } from '../src/night/child/work-here.ts';
import { previewNight } from '../src/night/preview-night.ts';
import type { Night } from '../src/night/record/night-schemas.ts';
import { stateAt } from '../src/night/record/state-folder.ts';

/*
 * What being in a process of its own adds to the start of a night: `node bench/child-start.ts [TIMES]`.
 * A night of one spec is decided, from its commit to its terms, by turns in the process that was started
 * and in a child of it. Each is a new process with compiled code at hand, timed from its start; medians.
 */

const [, , counted = '15', from] = process.argv;
const times = Number(counted);
const place = from ?? mkdtempSync(join(tmpdir(), 'pantheon-bench-'));
const repository = join(place, 'repository');
const spec = `title: Tidy
scope: notes/
flow: docops
acceptance: [The frontmatter of every note is normalised]
`;

const git = (...args: readonly string[]): unknown =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.example', ...args], {
    cwd: repository,
    stdio: 'ignore',
  });

const ways: Readonly<Record<string, WorkNight>> = { here: workHere, child: workConfined };

/** Milliseconds from the start of this process until the night was decided. */
const decide = async (way: string, worker: WorkNight): Promise<number> => {
  let took = Number.NaN;
  const work: WorkNight = (task, outside, signal) => {
    const ready = (night: Night): Promise<void> => {
      took = performance.now();
      return outside.ready(night);
    };
    return worker(task, { ...outside, ready }, signal);
  };
  await previewNight({
    ...{ repository, work, example: false, startedAt: new Date().toISOString() },
    state: stateAt(join(place, way)),
    watch: { node: () => {}, spec: () => {} },
    say: () => {},
    signal: new AbortController().signal,
  });
  return took;
};

const timed = (way: string): number => {
  const args = [...childFlags, import.meta.filename, way, place];
  const { stdout } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    env: { ...process.env, NODE_COMPILE_CACHE: join(place, 'compiled') },
  });
  return Number(stdout);
};

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const compare = (): void => {
  try {
    for (const folder of ['notes', 'specs'])
      mkdirSync(join(repository, folder), { recursive: true });
    writeFileSync(join(repository, 'notes/a.md'), '# A\n');
    writeFileSync(join(repository, 'specs/tidy.yaml'), spec);
    writeFileSync(
      join(repository, 'pantheon.yaml'),
      `profile: embedded
profiles:
  embedded:
    default: { engine: rules }
    review.peer: [{ engine: rules, rules: by-acceptance }, { engine: rules, rules: by-redoing }]
`,
    );
    git('init', '-q');
    git('add', '-A');
    git('commit', '-qm', 'Begin');
    const took = Array.from(
      { length: times + 1 },
      () => [timed('here'), timed('child')] as const,
    ).slice(1);
    const [open, confined] = [median(took.map(([one]) => one)), median(took.map(([, one]) => one))];
    console.log(`Node ${process.version}, ${times} starts each, medians`);
    console.log(`in one process ${open.toFixed(0)} ms, in a child ${confined.toFixed(0)} ms`);
    console.log(`added: ${(confined - open).toFixed(0)} ms (goal 300)`);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
};

const work = ways[counted];
if (work) console.log(await decide(counted, work));
else compare();
