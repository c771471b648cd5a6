// SPDX-License-Identifier: GPL-3.0-only
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { sha256 } from '../../../src/data/digest.ts';
import { readLockFile } from '../../../src/day/models/lock-file.ts';
import { openWeb } from '../../../src/day/models/web.ts';
import { resolveModel } from '../../../src/engine/models/model-files.ts';
import { openHub } from './simulated-hub.ts';
import { files, from, makePlace, weights } from './with-hub.ts';

const answers: Readonly<Record<string, readonly [info: unknown, message: RegExp]>> = {
  'no JSON': ['<html>', /answers with something else than JSON/],
  'JSON of another form': [{ hello: 1 }, /not in the usual form \(sha: /],
  'a hash that is none': [
    { sha: 'c'.repeat(40), siblings: [{ rfilename: 'a.gguf', lfs: { sha256: '../x', size: 1 } }] },
    /not in the usual form \(siblings\.0\.lfs\.sha256: /,
  ],
  'only paths upwards': [
    { sha: 'c'.repeat(40), siblings: [{ rfilename: '../../x.gguf' }, { rfilename: '/etc/x' }] },
    /has no files/,
  ],
  'more than the disk holds': [
    {
      sha: 'c'.repeat(40),
      siblings: [{ rfilename: 'a.gguf', lfs: { sha256: 'a'.repeat(64), size: 9e15 } }],
    },
    /needs 9000000000000000 bytes and the disk has room for \d+/,
  ],
};

for (const [title, [info, message]] of Object.entries(answers)) {
  test(`a hub that answers ${title} is refused`, async (t) => {
    const hub = await openHub(t, { files, info: () => info });
    const place = await makePlace(t, hub.url);
    await t.throwsAsync(place.pull('tiny', { from }), { name: 'UserError', message });
    t.false(existsSync(join(place.folder, 'blobs')));
  });
}

test('of several GGUF models one has to be chosen, with all its parts', async (t) => {
  const hub = await openHub(t, {
    files: {
      'README.md': 'x',
      'q4.gguf': 'GGUF q4',
      'q8-00001-of-00002.gguf': 'GGUF 1',
      'q8-00002-of-00002.gguf': 'GGUF 2',
    },
  });
  const place = await makePlace(t, hub.url);
  await t.throwsAsync(place.pull('m', { from }), {
    message:
      /several GGUF models; choose one with --file; there are q4\.gguf, q8-00001-of-00002\.gguf$/,
  });
  await t.throwsAsync(place.pull('m', { from, files: ['q5.gguf'] }), {
    message: /has no file "q5\.gguf"; there are q4\.gguf/,
  });
  const { path } = await place.pull('m', { from, files: ['q8-00001-of-00002.gguf'] });
  t.deepEqual(readdirSync(path ?? ''), ['q8-00001-of-00002.gguf', 'q8-00002-of-00002.gguf']);
  const models = { folders: [place.folder], lock: await readLockFile(place.checkout) };
  const resolved = await resolveModel('m', { setting: 'x', models });
  t.is(resolved.path, join(place.folder, 'm/q8-00001-of-00002.gguf'));
});

const redirects: Readonly<Record<string, readonly [location: string, message: RegExp]>> = {
  'plain http elsewhere': [
    'http://mirror.example/x',
    /redirects to http:\/\/mirror\.example\/x, which is not https/,
  ],
  'a file of this machine': ['file:///etc/passwd', /which is not https/],
  'an address with a password': ['https://user:pass@mirror.example/x', /which is not a URL/],
  'loopback by name': ['http://localhost/x', /which is not https/],
  'itself for ever': [
    '/owner/model/resolve/c0ffeec0ffeec0ffeec0ffeec0ffeec0ffeec0ff/tiny.gguf',
    /redirects more than 8 times/,
  ],
};

for (const [title, [location, message]] of Object.entries(redirects)) {
  test(`a redirect to ${title} is refused`, async (t) => {
    const hub = await openHub(t, { files, location: () => location });
    const place = await makePlace(t, hub.url);
    await t.throwsAsync(place.pull('tiny', { from }), { name: 'UserError', message });
  });
}

test('the account’s token goes to the hub and not to where it redirects', async (t) => {
  const elsewhere = await openHub(t, {
    files,
    mischief: ({ request, response }) => {
      if (request.headers.authorization === undefined) return false;
      response.writeHead(500).end();
      return true;
    },
  });
  const hub = await openHub(t, {
    files,
    token: 'secret',
    location: () => `${elsewhere.url}cdn/tiny.gguf`,
  });
  const place = await makePlace(t, hub.url);
  const web = await openWeb({ token: { origin: new URL(hub.url).origin, value: 'secret' } });
  t.teardown(() => web.close());
  t.is((await place.pull('tiny', { from, web })).digest, sha256(weights));
  await t.throwsAsync(place.pull('tiny', { from }), { message: /HTTP 401/ });
});
