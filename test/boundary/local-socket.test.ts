// SPDX-License-Identifier: GPL-3.0-only
import {
  chmodSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { judgeSocket, judgeSocketPath } from '../../src/boundary/local-socket.ts';

const user = process.getuid?.() ?? 0;

/** A folder with a socket `x.sock` on which somebody listens. */
const listening = async (t: ExecutionContext): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), 'pantheon-socket-'));
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(join(folder, 'x.sock'), resolve));
  t.teardown(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });
  return folder;
};

const paths: readonly (readonly [title: string, path: string, reason: RegExp])[] = [
  ['an abstract socket', '\0engine', /abstract/],
  ['an abstract socket as it is shown', '@engine', /abstract/],
  ['a zero within', '/run/x\0.sock', /abstract/],
  ['a path from the working folder on', 'run/x.sock', /not an absolute path/],
  ['the home folder of a shell', '~/x.sock', /not an absolute path/],
  ['more than a socket holds', `/run/${'x'.repeat(120)}`, /longer than the 107 bytes/],
];

for (const [title, path, reason] of paths) {
  test(`refuses ${title}`, (t) => {
    const judged = judgeSocketPath(path);
    t.false(judged.local);
    if (!judged.local) t.regex(judged.reason, reason);
  });
}

test('takes a socket of this user', async (t) => {
  const folder = await listening(t);
  const judged = await judgeSocket(join(folder, 'x.sock'));
  t.true(judged.local);
});

test('follows links to it and tells where they end', async (t) => {
  const folder = await listening(t);
  symlinkSync('x.sock', join(folder, 'link'));
  const judged = await judgeSocket(join(folder, 'link'));
  t.true(judged.local);
  if (judged.local) t.is(judged.value.path, join(folder, 'x.sock'));
});

/** What is done to a folder with a socket before `path` in it is judged. */
const places: readonly (readonly [
  title: string,
  spoil: (folder: string) => string,
  reason: RegExp,
  asRoot?: true,
])[] = [
  [
    'a file',
    (folder) => {
      writeFileSync(join(folder, 'file'), '');
      return 'file';
    },
    /is a file and not a socket/,
  ],
  [
    'a link to a file',
    (folder) => {
      symlinkSync('/etc/passwd', join(folder, 'link'));
      return 'link';
    },
    /is a file and not a socket/,
  ],
  ['a folder', () => '.', /is a folder and not a socket/],
  [
    'a device',
    (folder) => {
      symlinkSync('/dev/null', join(folder, 'null'));
      return 'null';
    },
    /is a device and not a socket/,
  ],
  [
    'a socket in a folder that everybody may change',
    (folder) => {
      chmodSync(folder, 0o777);
      return 'x.sock';
    },
    /where every user can replace it/,
  ],
  [
    "another user's socket",
    (folder) => {
      lchownSync(join(folder, 'x.sock'), 65_533, 65_533);
      return 'x.sock';
    },
    /belongs to .*uid 65533/,
    true,
  ],
  [
    "a link to another user's socket",
    (folder) => {
      lchownSync(join(folder, 'x.sock'), 65_533, 65_533);
      symlinkSync('x.sock', join(folder, 'link'));
      return 'link';
    },
    /belongs to .*uid 65533/,
    true,
  ],
  [
    "another user's link to a socket of this user",
    (folder) => {
      symlinkSync('x.sock', join(folder, 'link'));
      lchownSync(join(folder, 'link'), 65_533, 65_533);
      return 'link';
    },
    /reached through .*uid 65533/,
    true,
  ],
  [
    "a socket in another user's folder",
    (folder) => {
      mkdirSync(join(folder, 'sub'));
      symlinkSync('../x.sock', join(folder, 'sub/link'));
      lchownSync(join(folder, 'sub'), 65_533, 65_533);
      return 'sub/link';
    },
    /reached through .*sub, which belongs to .*uid 65533/,
    true,
  ],
  [
    "a link to another user's link to a socket of this user",
    (folder) => {
      symlinkSync('x.sock', join(folder, 'theirs'));
      lchownSync(join(folder, 'theirs'), 65_533, 65_533);
      symlinkSync(join(folder, 'theirs'), join(folder, 'link'));
      return 'link';
    },
    /reached through .*theirs, which belongs to .*uid 65533/,
    true,
  ],
  [
    "a link through another user's folder",
    (folder) => {
      mkdirSync(join(folder, 'sub'));
      symlinkSync('../x.sock', join(folder, 'sub/link'));
      lchownSync(join(folder, 'sub'), 65_533, 65_533);
      symlinkSync('sub', join(folder, 'way'));
      symlinkSync('way/../way/link', join(folder, 'link'));
      return 'link';
    },
    /reached through .*sub, which belongs to .*uid 65533/,
    true,
  ],
  [
    'a link through a folder that everybody may change',
    (folder) => {
      mkdirSync(join(folder, 'open'));
      symlinkSync('../x.sock', join(folder, 'open/link'));
      chmodSync(join(folder, 'open'), 0o777);
      symlinkSync('open/link', join(folder, 'link'));
      return 'link';
    },
    /is in .*open, where every user can replace it/,
  ],
];

for (const [title, spoil, reason, asRoot] of places) {
  const run = asRoot && user !== 0 ? test.skip : test;
  run(`refuses ${title}${asRoot ? ' (needs root)' : ''}`, async (t) => {
    const folder = await listening(t);
    const judged = await judgeSocket(join(folder, spoil(folder)));
    t.false(judged.local);
    if (!judged.local) t.regex(judged.reason, reason);
  });
}

test('a socket of this user is refused to another one, unless this user is root', async (t) => {
  const folder = await listening(t);
  const judged = await judgeSocket(join(folder, 'x.sock'), 65_533);
  t.is(judged.local, user === 0);
});

test("what is not there is the file system's error", async (t) => {
  await t.throwsAsync(judgeSocket('/nowhere/x.sock'), { code: 'ENOENT' });
});
