// SPDX-License-Identifier: GPL-3.0-only
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { UserError } from '../../src/data/user-error.ts';
import { acquireLock } from '../../src/trace/lock.ts';
import { temporaryFolder } from '../workspace/with-repository.ts';

const module = new URL('../../src/trace/lock.ts', import.meta.url).href;

/** A process that takes the lock, says `held` or `refused`, and holds it until it is killed. */
const holder = (path: string): ChildProcess =>
  spawn(
    process.execPath,
    [
      '--input-type=module-typescript',
      '-e',
      `const { acquireLock } = await import(${JSON.stringify(module)});
       await acquireLock(${JSON.stringify(path)}, 'a night').then(
         () => { console.log('held'); setInterval(() => {}, 1000); },
         (error) => console.log('refused', error.message),
       );`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );

const saying = async (child: ChildProcess): Promise<string> => {
  const [chunk] = await once(child.stdout as NodeJS.ReadableStream, 'data');
  return String(chunk);
};

const kill = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
};

test('a lock that was given back can be taken again', async (t) => {
  const path = join(temporaryFolder(t), 'state/lock');
  for (let round = 0; round < 3; round += 1) {
    const release = await acquireLock(path, 'a night');
    await t.throwsAsync(acquireLock(path, 'another'), {
      instanceOf: UserError,
      message: new RegExp(`process ${process.pid} .*a night`),
    });
    release();
    release();
  }
  t.deepEqual(readdirSync(path), []);
});

test('a living process keeps it, a killed one loses it', async (t) => {
  const path = join(temporaryFolder(t), 'lock');
  const child = holder(path);
  t.teardown(() => kill(child));
  t.regex(await saying(child), /^held/);
  await t.throwsAsync(acquireLock(path, 'a second night'), {
    instanceOf: UserError,
    message: new RegExp(`process ${child.pid} `),
  });
  await kill(child);
  const release = await acquireLock(path, 'a second night');
  t.is(readdirSync(path).length, 1);
  release();
});

const stale = test.macro(async (t, change: Record<string, unknown>, outcome: 'taken' | RegExp) => {
  const path = join(temporaryFolder(t), 'lock');
  const release = await acquireLock(path, 'a night');
  const [name = ''] = readdirSync(path);
  const claim = JSON.parse(readFileSync(join(path, name), 'utf8'));
  release();
  writeFileSync(join(path, name), JSON.stringify({ ...claim, ...change }));
  if (outcome === 'taken') {
    const again = await acquireLock(path, 'a night');
    t.deepEqual(
      readdirSync(path).filter((left) => left === name),
      [],
    );
    again();
  } else {
    await t.throwsAsync(acquireLock(path, 'a night'), { instanceOf: UserError, message: outcome });
    t.deepEqual(readdirSync(path), [name]);
  }
});

test('a recycled pid does not hold it', stale, { start: '1' }, 'taken');
test('a pid that is gone does not hold it', stale, { pid: 2 ** 22 + 1 }, 'taken');
test('a claim from before the last boot does not hold it', stale, { boot: 'x' }, 'taken');
test(
  'a claim from another host does',
  stale,
  { host: 'elsewhere' },
  /on elsewhere .* Delete .*json/,
);
test('a claim from another container does', stale, { pidNamespace: 'pid:[1]' }, /cannot be seen/);
test('a claim nobody can read does', stale, { pid: 'one' }, /is not a claim to a lock\. Delete it/);

test('of many that recover one stale lock at the same time at most one has it', async (t) => {
  const path = join(temporaryFolder(t), 'lock');
  const first = holder(path);
  t.regex(await saying(first), /^held/);
  await kill(first);
  const children = Array.from({ length: 6 }, () => holder(path));
  t.teardown(() => Promise.all(children.map(kill)));
  const said = await Promise.all(children.map(saying));
  // All may step back at once; two that both go on would be the fault.
  t.true(said.filter((words) => words.startsWith('held')).length <= 1, said.join(''));
});
