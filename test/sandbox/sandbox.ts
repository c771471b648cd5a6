// SPDX-License-Identifier: GPL-3.0-only
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import type { Outcome } from './attempt.ts';

/*
 * Every attempt is made twice: with all protections, where it must be refused, and with exactly one taken
 * away, where it must get in; otherwise it would prove nothing.
 */

const file = fileURLToPath(new URL('attempt.ts', import.meta.url));
const isRoot = process.getuid?.() === 0;
const key = `pantheon-key-${process.pid}`;

/** A session keyring of its own with one key; nothing is left of it afterwards. */
const withKey = `my ($join, $add, $name, @command) = @ARGV; my ($type, $secret) = ("user", "hunter2");
  syscall($join + 0, 1, 0) >= 0 or die "no keyring: $!";
  syscall($add + 0, $type, $name, $secret, 7, -3) >= 0 or die "no key: $!";
  exec @command`;
const keyCalls = process.arch === 'x64' ? ['250', '248'] : ['219', '217'];

/** Namespaces that are thrown away, with nothing shared back to this machine's mounts. */
const apart = [
  'unshare',
  ...['--user', '--map-root-user', '--mount', '--pid', '--net', '--fork', '--kill-child'],
  ...['--mount-proc', '--propagation', 'private', '--', 'sh', '-c'],
  // The loopback of a new network is down (netdevice(7), SIOCSIFFLAGS).
  `mount --make-rprivate / && perl -e 'socket(S, 2, 2, 0); my $up = pack("a16 s x22", "lo", 1); ioctl(S, 0x8914, $up) or die' && exec "$@"`,
  'sh',
];

const identities: Readonly<Record<string, readonly string[]>> = isRoot
  ? {
      root: [],
      'an ordinary user': ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'],
    }
  : { 'an ordinary user': [] };

const attempts = async (
  become: readonly string[],
  mode: 'real' | 'control',
): Promise<ReadonlyMap<string, Outcome>> => {
  const prefix = [...become, 'perl', '-e', withKey, ...keyCalls, key];
  const [command = '', ...args] = [
    ...prefix,
    ...(mode === 'control' ? apart : []),
    ...[process.execPath, file, mode, key],
  ];
  const child = spawn(command, args, {
    cwd: '/',
    env: { PATH: process.env.PATH, HOME: '/nonexistent' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output] = await Promise.all([text(child.stdout), once(child, 'close')]);
  const lines = output.trim().split('\n');
  const outcomes = lines.filter(Boolean).map((line) => JSON.parse(line) as Outcome);
  return new Map(outcomes.map((outcome) => [outcome.title, outcome]));
};

type Made = {
  readonly real: ReadonlyMap<string, Outcome>;
  readonly control: ReadonlyMap<string, Outcome>;
};

const made = new Map<string, Made | undefined>();
for (const [who, become] of Object.entries(identities)) {
  const [command = 'test', ...args] = [...become, 'test', '-r', file];
  const readable = spawnSync(command, args).status === 0;
  made.set(
    who,
    readable
      ? { real: await attempts(become, 'real'), control: await attempts(become, 'control') }
      : undefined,
  );
}

for (const [who, outcomes] of made) {
  if (outcomes === undefined) {
    test.skip(`as ${who}: this folder cannot be read`, () => {});
    continue;
  }
  const { real, control } = outcomes;
  test(`as ${who}: at least 70 attempts were made`, (t) => {
    t.true(real.size >= 70, `${real.size}`);
    t.deepEqual([...control.keys()], [...real.keys()]);
  });
  for (const [title, { outcome, ms }] of real) {
    test(`as ${who}: ${title} is refused`, (t) => {
      t.is(outcome, 'refused');
      t.true(ms < 20_000, `${ms} ms`);
    });
    const without = control.get(title)?.outcome;
    const define = without === 'none' ? test.skip : test;
    define(`as ${who}: ${title} gets in without its protection`, (t) => {
      t.is(without, 'in');
    });
  }
}
