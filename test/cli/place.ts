// SPDX-License-Identifier: GPL-3.0-only
import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';
import { confinedTest } from '../boundary/with-bubblewrap.ts';
import { tinySpec } from '../night/support/tiny-house.ts';
import { temporaryFolder } from '../workspace/with-repository.ts';
import { type Ended, makePlace, type Place } from './with-cli.ts';

const files = { 'specs/box.yaml': tinySpec('box/'), 'box/a.txt': 'a\n' };
const program = fileURLToPath(new URL('../../bin/pantheon', import.meta.url));

/** The program as a user of its own whom the machine does not know, with what `bwrap` mounts. */
const startIn = (
  { folder }: Place,
  mounts: readonly string[],
  environment: Readonly<Record<string, string>>,
  args: readonly string[] = ['night'],
): Ended => {
  const user = ['--unshare-user', '--uid', '4242', '--gid', '4242'];
  const root = [
    '--ro-bind',
    '/',
    '/',
    '--dev',
    '/dev',
    '--proc',
    '/proc',
    '--bind',
    tmpdir(),
    tmpdir(),
  ];
  const { PATH = '', NODE_COMPILE_CACHE = '' } = process.env;
  const set = Object.entries({
    PATH,
    // With no home it would compile everything again.
    NODE_COMPILE_CACHE,
    TMPDIR: tmpdir(),
    GIT_CONFIG_GLOBAL: '/dev/null',
    ...environment,
  });
  const env = ['--clearenv', ...set.flatMap(([key, value]) => ['--setenv', key, value])];
  const inside = [...user, ...root, ...mounts, ...env, '--chdir', folder];
  try {
    const stdout = execFileSync('bwrap', [...inside, program, ...args], { stdio: 'pipe' });
    return { code: 0, stdout: stdout.toString(), stderr: '' };
  } catch (error) {
    const { status, stdout, stderr } = error as {
      readonly status: number;
      readonly stdout: Buffer;
      readonly stderr: Buffer;
    };
    return { code: status, stdout: stdout.toString(), stderr: stderr.toString() };
  }
};

type Row = readonly [
  make: (
    place: Place,
    t: ExecutionContext,
  ) => {
    readonly mounts?: readonly string[];
    readonly environment?: Readonly<Record<string, string>>;
  },
  line: RegExp,
];

const stateAt = (folder: string) => ({ PANTHEON_STATE: folder });

const rows: Readonly<Record<string, Row>> = {
  'a repository that is mounted read-only': [
    ({ folder }, t) => ({
      mounts: ['--ro-bind', join(folder, '.git'), join(folder, '.git')],
      environment: stateAt(temporaryFolder(t)),
    }),
    /\/\.git: is on a file system that is read-only, and it is where the branches of a night go\. Run as its owner, or work on a clone/,
  ],
  'objects that belong to another': [
    ({ folder }, t) => {
      chmodSync(join(folder, '.git', 'objects'), 0o555);
      return { environment: stateAt(temporaryFolder(t)) };
    },
    /\/\.git\/objects: cannot be written \(EACCES\), and it is where the commits of a night go\. /,
  ],
  'a state folder that belongs to another': [
    (_, t) => {
      const folder = temporaryFolder(t);
      chmodSync(folder, 0o555);
      return { environment: stateAt(join(folder, 'state')) };
    },
    /: cannot be written \(EACCES\), and it is where nights are kept\. Name another folder in PANTHEON_STATE/,
  ],
  'a state folder below a file': [
    (_, t) => {
      const folder = temporaryFolder(t);
      writeFileSync(join(folder, 'file'), '');
      return { environment: stateAt(join(folder, 'file', 'state')) };
    },
    /\/file: cannot be written \(\w+\), and it is where nights are kept\. Name another/,
  ],
  'a disk that is nearly full': [
    (_, t) => {
      const folder = temporaryFolder(t);
      return {
        mounts: ['--size', '1048576', '--tmpfs', folder],
        environment: stateAt(folder),
      };
    },
    /: has [01] MB left on its disk, and it is where nights are kept\. Make room there/,
  ],
  'a home that is read-only': [
    () => ({ environment: { HOME: '/usr' } }),
    /\/usr: is on a file system that is read-only, and it is where nights are kept\. /,
  ],
  'no home': [
    () => ({}),
    /^pantheon: this user has no home folder\. Set PANTHEON_STATE to a folder/,
  ],
  'an empty home': [
    () => ({ environment: { HOME: '' } }),
    /^pantheon: this user has no home folder\. Set PANTHEON_STATE to a folder/,
  ],
};

for (const [what, [make, line]] of Object.entries(rows)) {
  confinedTest(`${what} is told before any work`, async (t) => {
    const place = await makePlace(t, files);
    const { mounts = [], environment = {} } = make(place, t);
    const { code, stderr } = startIn(place, mounts, environment);
    t.is(code, 2, stderr);
    t.regex(stderr, line);
    t.is(stderr.trimEnd().split('\n').length, 1, stderr);
  });
}

confinedTest('doctor tells it too', async (t) => {
  const place = await makePlace(t, files);
  const mounts = ['--ro-bind', join(place.folder, '.git'), join(place.folder, '.git')];
  const { stdout, stderr } = startIn(place, mounts, stateAt(temporaryFolder(t)), [
    'doctor',
    '--json',
  ]);
  t.is(stderr, '');
  const { machine, ready } = JSON.parse(stdout);
  const [finding] = machine.filter(({ name }: { readonly name: string }) => name === 'repository');
  t.is(finding.state, 'fail');
  t.regex(finding.detail, /read-only/);
  t.false(ready);
});
