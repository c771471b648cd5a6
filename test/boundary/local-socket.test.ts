// SPDX-License-Identifier: GPL-3.0-only
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { judgeSocket, judgeSocketPath } from '../../src/boundary/local-socket.ts';
import { listening, socketTricks } from './socket-tricks.ts';

const user = process.getuid?.() ?? 0;

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
  const { folder } = await listening(t);
  const judged = await judgeSocket(join(folder, 'x.sock'));
  t.true(judged.local);
});

test('follows links to it and tells where they end', async (t) => {
  const { folder } = await listening(t);
  symlinkSync('x.sock', join(folder, 'link'));
  const judged = await judgeSocket(join(folder, 'link'));
  t.true(judged.local);
  if (judged.local) t.is(judged.value.path, join(folder, 'x.sock'));
});

for (const [title, spoil, reason, asRoot] of socketTricks) {
  const run = asRoot && user !== 0 ? test.skip : test;
  run(`refuses ${title}${asRoot ? ' (needs root)' : ''}`, async (t) => {
    const { folder } = await listening(t);
    const judged = await judgeSocket(join(folder, spoil(folder)));
    t.false(judged.local);
    if (!judged.local) t.regex(judged.reason, reason);
  });
}

test('a socket of this user is refused to another one, unless this user is root', async (t) => {
  const { folder } = await listening(t);
  const judged = await judgeSocket(join(folder, 'x.sock'), 65_533);
  t.is(judged.local, user === 0);
});

test("what is not there is the file system's error", async (t) => {
  await t.throwsAsync(judgeSocket('/nowhere/x.sock'), { code: 'ENOENT' });
});
