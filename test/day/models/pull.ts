// SPDX-License-Identifier: GPL-3.0-only
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { sha256 } from '../../../src/data/digest.ts';
import { readLockFile } from '../../../src/day/models/lock-file.ts';
import { resolveModel } from '../../../src/engine/models/model-files.ts';
import { acquireLock } from '../../../src/trace/lock.ts';
import { temporaryFolder, writeFiles } from '../../workspace/with-repository.ts';
import { openHub } from './simulated-hub.ts';
import { from, makePlace, openPlace, partsOf, weights } from './with-hub.ts';

test('a GGUF of a simulated hub is fetched, named, pinned and found', async (t) => {
  const place = await openPlace(t);
  const pulled = await place.pull('tiny', { from });
  const digest = sha256(weights);
  t.like(pulled, { name: 'tiny', source: from, revision: place.hub.revision, digest });
  t.is(pulled.fetched, weights.length);
  t.deepEqual(partsOf(place), []);
  const lock = await readLockFile(place.checkout);
  t.deepEqual(lock.models.tiny, {
    source: from,
    revision: place.hub.revision,
    digest,
    files: [{ path: 'tiny.gguf', size: weights.length, sha256: digest }],
  });
  const models = { folders: [place.folder], lock };
  const resolved = await resolveModel('tiny', { setting: 'profiles.x.default', models });
  t.is(resolved.path, join(place.folder, 'tiny.gguf'));
  t.deepEqual(resolved.pin, lock.models.tiny);
});

test('a folder is fetched whole, without hidden files', async (t) => {
  const folder = {
    'config.json': '{}',
    'generation_config.json': '{}',
    '.gitattributes': 'x',
    'openvino_model.xml': '<net/>',
    'openvino_model.bin': 'weights',
    'sub/näme 1.json': '[]',
  };
  const hub = await openHub(t, { files: folder });
  const place = await makePlace(t, hub.url);
  const { path, digest = '' } = await place.pull('q/ov', { from });
  t.is(path, join(place.folder, 'q/ov'));
  t.deepEqual(
    readdirSync(path ?? '').sort(),
    'config.json generation_config.json openvino_model.bin openvino_model.xml sub'.split(' '),
  );
  t.is(readFileSync(join(path ?? '', 'sub/näme 1.json'), 'utf8'), '[]');
  const lock = await readLockFile(place.checkout);
  const ask = { setting: 'x', models: { folders: [place.folder], lock } };
  t.like(await resolveModel('q/ov', ask), { form: 'openvino', digest });
});

test('a second pull fetches nothing', async (t) => {
  const place = await openPlace(t);
  await place.pull('tiny', { from });
  const asked = place.hub.log.length;
  t.is((await place.pull('tiny', { from })).fetched, 0);
  t.deepEqual(place.hub.log.slice(asked), ['GET /api/models/owner/model/revision/main']);
});

test('what has changed since it was pulled is fetched again', async (t) => {
  const place = await openPlace(t);
  const { path = '' } = await place.pull('tiny', { from });
  chmodSync(path, 0o644);
  writeFileSync(path, Buffer.from(weights).fill('x', 100, 200));
  const again = await place.pull('tiny', { from });
  t.is(again.fetched, weights.length);
  t.deepEqual(readFileSync(path), weights);
});

test('of a folder only what is not here is fetched, and what is no longer in it goes', async (t) => {
  const hub = await openHub(t, { files: { 'a.bin': 'aa', 'b.bin': 'bb', 'c.json': '{}' } });
  const place = await makePlace(t, hub.url);
  const { path = '' } = await place.pull('m', { from });
  hub.put('b.bin', 'BB');
  hub.remove('c.json');
  const asked = hub.log.length;
  t.is((await place.pull('m', { from })).fetched, 2);
  t.false(hub.log.slice(asked).some((line) => line.includes('a.bin')));
  t.deepEqual(readdirSync(path).sort(), ['a.bin', 'b.bin']);
  t.is(readFileSync(join(path, 'b.bin'), 'utf8'), 'BB');
  t.deepEqual(partsOf(place), []);
});

test('a dry run writes nothing', async (t) => {
  const place = await openPlace(t);
  const { fetched, files: told } = await place.pull('tiny', { from, dryRun: true });
  t.is(fetched, weights.length);
  t.deepEqual(told, [{ path: 'tiny.gguf', size: weights.length, sha256: sha256(weights) }]);
  t.deepEqual(readdirSync(place.folder), []);
  t.deepEqual(readdirSync(place.checkout), []);
});

test('without --from a model is what was pinned, or nothing', async (t) => {
  const place = await openPlace(t);
  await place.pull('tiny', { from });
  const again = await makePlace(t, place.hub.url);
  writeFileSync(
    join(again.checkout, 'models.lock'),
    readFileSync(join(place.checkout, 'models.lock')),
  );
  t.is((await again.pull('models/tiny')).digest, sha256(weights));
  t.true(place.hub.log.includes(`GET /api/models/owner/model/revision/${place.hub.revision}`));
  place.hub.put('tiny.gguf', Buffer.from('GGUF other'));
  const third = await makePlace(t, place.hub.url);
  writeFileSync(
    join(third.checkout, 'models.lock'),
    readFileSync(join(place.checkout, 'models.lock')),
  );
  await t.throwsAsync(third.pull('tiny'), {
    name: 'UserError',
    message:
      /models\.lock pins 320004 bytes with sha256 \w+, the source now has 10 with \w+; give --from/,
  });
  await t.throwsAsync(third.pull('unknown'), {
    message: /models\.lock does not pin "unknown"; give --from/,
  });
});

test('a new source takes the place of the old model at once', async (t) => {
  const place = await openPlace(t);
  await place.pull('m', { from });
  const local = temporaryFolder(t);
  writeFiles(local, { 'config.json': '{}', 'model.safetensors': 'w' });
  for (const source of [local, from, local]) {
    const { path = '' } = await place.pull('m', { from: source });
    t.true(existsSync(path));
  }
  t.deepEqual(readdirSync(place.folder).sort(), ['.lock', '.parts', 'm', 'm.gguf']);
  const pin = (await readLockFile(place.checkout)).models.m;
  t.is(pin?.source, 'local');
  t.deepEqual(
    pin?.files?.map(({ path }) => path),
    ['config.json', 'model.safetensors'],
  );
});

test('what was pulled cannot be changed by accident', async (t) => {
  const place = await openPlace(t);
  const { path = '' } = await place.pull('tiny', { from });
  t.is(statSync(path).mode & 0o222, 0);
});

test('an address must give what is asked of it', async (t) => {
  const place = await openPlace(t);
  const url = `${place.hub.url}cdn/tiny.gguf`;
  const wrong = place.pull('tiny', { from: url, sha256: 'a'.repeat(64) });
  await t.throwsAsync(wrong, { message: /expected sha256 a{64}, found/ });
  t.is((await place.pull('tiny', { from: url, sha256: sha256(weights) })).source, url);
});

test('two at once: the second is told who is at work', async (t) => {
  const place = await openPlace(t);
  mkdirSync(join(place.folder, '.lock'), { recursive: true });
  const release = await acquireLock(join(place.folder, '.lock'), 'models pull big');
  await t.throwsAsync(place.pull('tiny', { from }), {
    message: /working here since .*models pull big/,
  });
  release();
  t.is((await place.pull('tiny', { from })).digest, sha256(weights));
});

const wrongs: Readonly<Record<string, readonly [name: string, from: string, message: RegExp]>> = {
  'a name upwards': ['../x', from, /cannot be a model's name/],
  'a hidden name': ['.parts/x', from, /cannot be a model's name/],
  'plain http': ['x', 'http://mirror.example/x.gguf', /is not https/],
  'another protocol': ['x', 'ftp://mirror.example/x.gguf', /is not https/],
  'a password': ['x', 'https://a:b@mirror.example/x.gguf', /contains credentials/],
  'a repository upwards': ['x', 'hub:../..', /does not name a repository/],
  'a revision upwards': ['x', 'hub:a/b@../x', /is not a revision/],
  'an address without a file': [
    'x',
    'https://mirror.example/',
    /does not end in the name of a file/,
  ],
  'an address that ends in no text': [
    'x',
    'https://mirror.example/%ff',
    /does not end in the name of a file/,
  ],
  'a folder that is not there': ['x', '/nowhere/x', /cannot be read \(ENOENT\)/],
};

for (const [title, [name, source, message]] of Object.entries(wrongs)) {
  test(`${title} is refused before anything is asked`, async (t) => {
    const place = await openPlace(t);
    await t.throwsAsync(place.pull(name, { from: source }), { name: 'UserError', message });
    t.deepEqual(place.hub.log, []);
  });
}
