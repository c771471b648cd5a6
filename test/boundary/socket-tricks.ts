// SPDX-License-Identifier: GPL-3.0-only
import { chmodSync, lchownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
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

/** Does something in a folder, and tells the path in it that matters. */
type Spoil = (folder: string) => string;

const link =
  (to: string, name: string): Spoil =>
  (folder) => {
    symlinkSync(to, join(folder, name));
    return name;
  };

const handedOver =
  (name: string): Spoil =>
  (folder) => {
    lchownSync(join(folder, name), 65_533, 65_533);
    return name;
  };

const writable =
  (name: string): Spoil =>
  (folder) => {
    chmodSync(join(folder, name), 0o777);
    return name;
  };

const made =
  (name: string): Spoil =>
  (folder) => {
    mkdirSync(join(folder, name));
    return name;
  };

/** One after the other; the last tells the path. */
const all =
  (...steps: readonly Spoil[]): Spoil =>
  (folder) =>
    steps.map((step) => step(folder)).at(-1) ?? '';

/** What is done to a folder with a socket, why the path in it is refused, and whether it takes root. */
export const socketTricks: Readonly<Record<string, readonly [Spoil, RegExp, asRoot?: true]>> = {
  'a link to a file': [link('/etc/passwd', 'link'), /is a file and not a socket/],
  'a folder': [() => '.', /is a folder and not a socket/],
  'a device': [link('/dev/null', 'null'), /is a device and not a socket/],
  'a socket in a folder that everybody may change': [
    all(writable('.'), () => 'x.sock'),
    /where every user can replace it/,
  ],
  "another user's socket": [handedOver('x.sock'), /belongs to .*uid 65533/, true],
  "a link to another user's socket": [
    all(handedOver('x.sock'), link('x.sock', 'link')),
    /belongs to .*uid 65533/,
    true,
  ],
  "another user's link to a socket of this user": [
    all(link('x.sock', 'link'), handedOver('link')),
    /reached through .*uid 65533/,
    true,
  ],
  "a socket in another user's folder": [
    all(made('sub'), handedOver('sub'), link('../x.sock', 'sub/link')),
    /reached through .*sub, which belongs to .*uid 65533/,
    true,
  ],
  "a link to another user's link to a socket of this user": [
    all(link('x.sock', 'theirs'), handedOver('theirs'), link('theirs', 'link')),
    /reached through .*theirs, which belongs to .*uid 65533/,
    true,
  ],
  "a link through another user's folder": [
    all(
      ...[made('sub'), handedOver('sub'), link('../x.sock', 'sub/link')],
      ...[link('sub', 'way'), link('way/../way/link', 'link')],
    ),
    /reached through .*sub, which belongs to .*uid 65533/,
    true,
  ],
  'a link through a folder that everybody may change': [
    all(made('open'), link('../x.sock', 'open/link'), writable('open'), link('open/link', 'link')),
    /is in .*open, where every user can replace it/,
  ],
};
