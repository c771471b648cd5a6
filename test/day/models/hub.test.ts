// SPDX-License-Identifier: GPL-3.0-only
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { readLockFile } from '../../../src/day/models/lock-file.ts';
import { resolveModel } from '../../../src/engine/models/model-files.ts';
import { openHub } from './simulated-hub.ts';
import { files, from, makePlace } from './with-hub.ts';

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
