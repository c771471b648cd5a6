// SPDX-License-Identifier: GPL-3.0-only
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { seededRandom } from '../../../src/review/exam/seeded-random.ts';
import { confinedTest } from '../../boundary/with-bubblewrap.ts';
import { processesBelow } from '../support/processes-below.ts';
import { everyMoment, nextArguments } from '../support/resumed.ts';
import { type Case, copyCase, date, ended, prepare } from '../support/small-night.ts';
import { assertSame, takeSnapshot } from '../support/snapshot.ts';

/* Nights as people run them (exit code 2: one of their spec files has a mistake), of two processes: kill-anywhere.ts kills those of one at every write. */

const program = fileURLToPath(new URL('../../../bin/pantheon', import.meta.url));

const start = ({ repository, environment }: Case, args: readonly string[] = []): ChildProcess =>
  spawn(program, ['night', '--json', '--repo', repository, '--date', date, ...args], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });

const isChild = ([, command]: readonly [number, string]): boolean =>
  /\/node\b.*night\/child\/main/.test(command) && !/^(?:setpriv|unshare|bwrap)\b/.test(command);

const killed = {
  'who started it': ({ pid = 0 }: ChildProcess) => process.kill(pid, 'SIGKILL'),
  'the child': ({ pid = 0 }: ChildProcess) => {
    const child = processesBelow(pid).find(isChild);
    if (child) process.kill(child[0], 'SIGKILL');
  },
};

const prepared = await prepare();
test.after.always(() => prepared.clean());
const random = seededRandom(1);

confinedTest(
  'a night of two processes that one of them leaves is finished as if nobody had',
  async (t) => {
    const whole = copyCase(prepared, 'whole');
    const began = performance.now();
    const first = await ended(start(whole));
    t.is(first.code, 2, first.stderr);
    const tookMs = performance.now() - began;
    const expected = takeSnapshot(whole);
    for (const [name, kill] of Object.entries(killed)) {
      const place = copyCase(prepared, name.replaceAll(' ', '-'));
      for (const part of everyMoment ? [0.3, 0.6, 0.8] : [0.6]) {
        const night = start(place, nextArguments(place));
        const end = ended(night);
        await new Promise((resolve) =>
          setTimeout(resolve, tookMs * part * (0.8 + random.int(20) / 100)),
        );
        try {
          kill(night);
        } catch {
          // It has ended already.
        }
        const { code, signal } = await end;
        if (code === 2) break;
        t.true(signal === 'SIGKILL' || code === 1, `${name}: ${code}`);
      }
      const last = await ended(start(place, nextArguments(place)));
      t.true(last.code === 2 || /no interrupted night/.test(last.stderr), last.stderr);
      assertSame(t, takeSnapshot(place), expected);
    }
  },
);
