// SPDX-License-Identifier: GPL-3.0-only
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { stateAt } from '../../../src/night/record/state-folder.ts';
import { untilAnotherNight } from '../../../src/night/trial/until-another-night.ts';
import { acquireLock } from '../../../src/trace/lock.ts';
import { temporaryFolder } from '../../workspace/with-repository.ts';
import { wholeFile } from '../support/whole-file.ts';

const base = temporaryFolder(wholeFile());
process.env.PANTHEON_STATE = base;

/** Work that goes on until it is stopped. */
const endless = (signal: AbortSignal): Promise<void> =>
  new Promise((_, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
  });

const { signal } = new AbortController();
const long = 60_000;

test.serial('it ends with its time', async (t) => {
  await t.throwsAsync(untilAnotherNight({ signal, mostMs: 20 }, endless), {
    message: 'its time was over',
  });
  await t.notThrowsAsync(untilAnotherNight({ signal, mostMs: long }, async () => {}));
});

test.serial('it ends when a night of any repository begins', async (t) => {
  const { lock, root } = stateAt(join(base, 'some-repository'));
  mkdirSync(root, { recursive: true });
  const begins = setTimeout(async () => {
    release = await acquireLock(lock, 'night');
  }, 50);
  let release = (): void => {};
  await t.throwsAsync(untilAnotherNight({ signal, mostMs: long, lookMs: 20 }, endless), {
    message: /^another night began: process \d+ has been working here since .* \(night\)/,
  });
  clearTimeout(begins);
  release();
});

test.serial('it ends where the person stops it', async (t) => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(new Error('Ctrl-C')), 20);
  await t.throwsAsync(untilAnotherNight({ signal: stop.signal, mostMs: long }, endless), {
    message: 'Ctrl-C',
  });
});
