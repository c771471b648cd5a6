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

/** A folder with a socket `x.sock`, on which somebody counts who comes. */
export const listening = async (t: { readonly teardown: (clean: () => void) => void }) => {
  const folder = mkdtempSync(join(tmpdir(), 'pantheon-socket-'));
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(join(folder, 'x.sock'), resolve));
  t.teardown(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });
  return { folder, arrived: () => connections };
};

/** What is done to a folder with a socket, the path in it that then leads nowhere good, and why. */
export const socketTricks: readonly (readonly [
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
