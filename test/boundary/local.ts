// SPDX-License-Identifier: GPL-3.0-only
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { isLoopback, loopbackAddresses, readLocalUrl } from '../../src/boundary/local-address.ts';
import { hostsLookup } from '../../src/boundary/local-hosts.ts';
import { judgeSocket, judgeSocketPath } from '../../src/boundary/local-socket.ts';
import { temporaryFolder } from '../workspace/with-repository.ts';
import { listening, socketTricks } from './socket-tricks.ts';
import { loopbacks, tricks } from './tricks.ts';

const addresses: readonly (readonly [address: string, loopback: boolean])[] = [
  ['127.0.0.1', true],
  ['127.9.8.7', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['::ffff:7f00:1', true],
  ['0.0.0.0', false],
  ['126.255.255.255', false],
  ['128.0.0.1', false],
  ['10.0.0.1', false],
  ['169.254.169.254', false],
  ['::', false],
  ['::2', false],
  ['::1%lo', false],
  ['::ffff:192.0.2.1', false],
  ['::7f00:1', false],
  ['fe80::1', false],
  ['localhost', false],
  ['', false],
];

for (const [address, loopback] of addresses) {
  test(`${address || 'nothing'} is ${loopback ? '' : 'not '}loopback`, (t) => {
    t.is(isLoopback(address), loopback);
  });
}

const judge = async (url: string) => {
  const read = readLocalUrl(url.replace('PORT', '8000'));
  return read.local ? loopbackAddresses(read.value.host, hostsLookup('/nowhere')) : read;
};

for (const [title, url, reason] of tricks) {
  test(`refuses ${title}: ${JSON.stringify(url)}`, async (t) => {
    const judged = await judge(url);
    t.false(judged.local);
    if (!judged.local) t.regex(`${judged.reason}; ${judged.fix}`, reason);
  });
}

for (const [url, host] of loopbacks) {
  test(`reads ${url} as ${host}`, async (t) => {
    const read = readLocalUrl(url.replace('PORT', '8000'));
    t.deepEqual(read, { local: true, value: { host, port: 8000 } });
    t.true((await judge(url)).local);
  });
}

const names: readonly (readonly [title: string, answer: readonly string[], local: boolean])[] = [
  ['two loopback addresses', ['127.0.0.1', '::1'], true],
  ['the address a distribution gives the machine', ['127.0.1.1'], true],
  ['a public address', ['192.0.2.1'], false],
  ['a loopback and a public address', ['127.0.0.1', '192.0.2.1'], false],
  ['a public and a loopback address', ['192.0.2.1', '127.0.0.1'], false],
  ['a mapped public address', ['::ffff:192.0.2.1'], false],
  ['every address', ['0.0.0.0'], false],
  ['another name', ['localhost'], false],
  ['nothing', [], false],
];

for (const [title, answer, local] of names) {
  test(`a name that leads to ${title} is ${local ? '' : 'not '}local`, async (t) => {
    const judged = await loopbackAddresses('engine', async () => answer);
    t.is(judged.local, local);
    if (judged.local) t.deepEqual(judged.value, answer);
  });
}

test('names come from the hosts file alone, all their addresses', async (t) => {
  const file = join(temporaryFolder(t), 'hosts');
  writeFileSync(
    file,
    [
      '# 127.0.0.1 commented',
      '127.0.1.1\tGPU-Box.lan gpu-box # engine',
      '::1 gpu-box',
      '192.0.2.1 both',
      '127.0.0.1 both',
      'words gpu-box',
      '10.0.0.1 localhost.evil',
    ].join('\n'),
  );
  const lookup = hostsLookup(file);
  t.deepEqual(await lookup('gpu-box'), ['127.0.1.1', '::1']);
  t.deepEqual(await lookup('gpu-box.lan'), ['127.0.1.1']);
  t.deepEqual(await lookup('both'), ['192.0.2.1', '127.0.0.1']);
  t.deepEqual(await lookup('commented'), []);
  t.deepEqual(await lookup('engine'), []);
  t.deepEqual(await lookup('localhost'), ['127.0.0.1', '::1']);
  t.deepEqual(await lookup('vllm.localhost'), ['127.0.0.1', '::1']);
  t.deepEqual(await lookup('localhost.evil.example'), []);
});

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

for (const [title, [spoil, reason, asRoot]] of Object.entries(socketTricks)) {
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
