// SPDX-License-Identifier: GPL-3.0-only
import { spawnSync } from 'node:child_process';
import test from 'ava';
import { canJoinKeyring, withOwnKeyring } from '../../src/boundary/confined/own-keyring.ts';
import { startConfined } from '../../src/boundary/confined/start-confined.ts';
import { confinedTest } from './with-bubblewrap.ts';

const [keyctl, addKey] = process.arch === 'x64' ? [250, 248] : [219, 217];
const [joinSession, search, sessionKeyring] = [1, 10, -3];
/** perl takes only variables where a call might write. */
const key = 'my ($type, $name, $value) = ("user", "pantheon-test", "secret");';

/** In a session of its own, so that no keyring of whoever runs the tests is touched. */
const putKey = `${key} syscall(${keyctl}, ${joinSession}, 0) >= 0 or exit 9;
syscall(${addKey}, $type, $name, $value, 6, ${sessionKeyring}) >= 0 or exit 9;
exec @ARGV;`;
const findKey = `${key} exit(syscall(${keyctl}, ${search}, ${sessionKeyring}, $type, $name, 0) >= 0 ? 0 : 3);`;

/** 0 where the key of who started it is found, 3 where it is not, 9 where keys cannot be used here. */
const findsKey = (...through: readonly string[]): number | null =>
  spawnSync('perl', ['-e', putKey, ...through, 'perl', '-e', findKey]).status;

const keyTest = canJoinKeyring() && findsKey() !== 9 ? test : test.skip;

keyTest('a key in the session of who starts a night is not in reach of it', (t) => {
  t.is(findsKey(), 0, 'without a keyring of its own it is');
  t.is(findsKey(...withOwnKeyring()), 3);
});

test('a program that is not there is named, as the shell would', (t) => {
  const [file = '/usr/bin/env', ...args] = withOwnKeyring();
  const { status, stderr } = spawnSync(file, [...args, 'no-such-program'], { encoding: 'utf8' });
  t.is(status, 127);
  t.regex(stderr, /no-such-program.*No such file/);
});

confinedTest('the process of a night starts with it', async (t) => {
  const child = await startConfined({
    ...{ argv: [process.execPath, '--version'], shown: [], temporary: 1 << 20, env: {} },
  });
  t.deepEqual(child.spawnargs.slice(0, withOwnKeyring().length), [...withOwnKeyring()]);
  child.stdin?.end();
  const [code] = await new Promise<unknown[]>((resolve) => {
    child.once('exit', (...told) => resolve(told));
  });
  t.is(code, 0);
});
