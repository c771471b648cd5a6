// SPDX-License-Identifier: GPL-3.0-only
import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { sha256 } from '../../src/data/digest.ts';
import { type BundleAddress, BundleFault, type BundleFiles } from '../../src/trace/bundle.ts';
import { encodeBundle } from '../../src/trace/bundle-codec.ts';
import { extractBundle } from '../../src/trace/extract-bundle.ts';
import { readManifest } from '../../src/trace/manifest.ts';
import { openTraces } from '../../src/trace/open-traces.ts';
import { each } from '../each.ts';
import { temporaryFolder } from '../workspace/with-repository.ts';
import { readAll } from './read-all.ts';

const facts = { night: 'n1', agent: 'doc.frontmatter@1.0.0', inputs: [] };
const address: BundleAddress = { spec: 'tidy', unit: 'a', node: 'doc' };
const files: BundleFiles = {
  'prompt.txt': 'Write a title. '.repeat(2000),
  'output.json': '{"status":"ok"}',
};

const finished = (t: ExecutionContext): { night: string; path: string; bytes: Buffer } => {
  const night = temporaryFolder(t);
  const traces = openTraces(night);
  traces.write(address, files, facts);
  traces.write({ ...address, unit: 'b' }, { 'output.json': '{}' }, facts);
  traces.pack('tidy');
  const path = join(night, 'tidy/bundles.zip');
  return { night, path, bytes: readFileSync(path) };
};

test('a byte changed anywhere in a finished pack is noticed', (t) => {
  const { night, path, bytes } = finished(t);
  const whole = readAll(night);
  t.is(whole.length, 2);
  // Every third: that reaches each field of two or four bytes, in one entry or the next.
  for (let offset = 0; offset < bytes.length; offset += 3) {
    const altered = Buffer.from(bytes);
    altered[offset] = (altered[offset] ?? 0) ^ 0x21;
    writeFileSync(path, altered);
    if (offset >= bytes.length - 22 && offset < bytes.length - 18) {
      // Without the signature at its end a pack reads as one that was not finished, and as whole.
      t.deepEqual(readAll(night), whole);
      continue;
    }
    const error = t.throws(() => readAll(night), { instanceOf: BundleFault }, `byte ${offset}`);
    t.true(error?.message.startsWith(path), error?.message);
  }
});

test('a finished pack cut short or made longer loses nothing unnoticed', (t) => {
  const { night, path, bytes } = finished(t);
  const directory = bytes.indexOf('PK\x01\x02');
  for (const length of [bytes.length - 1, bytes.length - 22, directory + 1, directory]) {
    writeFileSync(path, bytes.subarray(0, length));
    t.is(readAll(night).length, 2, `${length}: a directory that is not there yet costs nothing`);
  }
  writeFileSync(path, Buffer.concat([bytes, bytes.subarray(-22)]));
  t.throws(() => readAll(night), { instanceOf: BundleFault });
});

const inFolder = test.macro(
  (t, change: (folder: string) => void, file: string, message: RegExp) => {
    const night = temporaryFolder(t);
    const apart = temporaryFolder(t);
    openTraces(apart).write(address, files, facts);
    const folder = join(night, 'tidy/a/doc');
    extractBundle(apart, address, folder);
    t.truthy(openTraces(night).read(address));
    change(folder);
    const error = t.throws(() => openTraces(night).read(address), { instanceOf: BundleFault });
    t.is(error?.place?.file, join(night, 'tidy/a', file));
    t.regex(error?.message ?? '', message);
  },
);

const append = (name: string) => (folder: string) =>
  writeFileSync(join(folder, name), `${readFileSync(join(folder, name), 'utf8')} `);

const rewriteManifest = (edit: (payload: string) => string) => (folder: string) => {
  const path = join(folder, 'manifest.json');
  const envelope = JSON.parse(readFileSync(path, 'utf8'));
  const payload = edit(Buffer.from(envelope.payload, 'base64').toString());
  writeFileSync(
    path,
    JSON.stringify({ ...envelope, payload: Buffer.from(payload).toString('base64') }),
  );
};

each(inFolder, {
  'altered text': [append('output.json'), 'doc/output.json', /sha256/],
  'not UTF-8': [
    (folder: string) => {
      const bytes = Buffer.from([0xff, 0xfe, 0x80]);
      writeFileSync(join(folder, 'output.json'), bytes);
      rewriteManifest((payload) => payload.replace(sha256('{"status":"ok"}'), sha256(bytes)))(
        folder,
      );
    },
    'doc/output.json',
    /not UTF-8/,
  ],
  'a file gone': [
    (folder: string) => rmSync(join(folder, 'prompt.txt')),
    'doc/prompt.txt',
    /missing/,
  ],
  'a known file more': [
    (folder: string) => writeFileSync(join(folder, 'review.json'), '{"verdict":"approve"}'),
    'doc/review.json',
    /not in the manifest/,
  ],
  'a foreign file more': [
    (folder: string) => writeFileSync(join(folder, 'run.sh'), ''),
    'doc/run.sh',
    /not a file of a bundle/,
  ],
  'a link instead of a file': [
    (folder: string) => {
      rmSync(join(folder, 'output.json'));
      symlinkSync('/etc/hostname', join(folder, 'output.json'));
    },
    'doc/output.json',
    /not a plain file/,
  ],
  'a folder instead of a file': [
    (folder: string) => {
      rmSync(join(folder, 'output.json'));
      mkdirSync(join(folder, 'output.json'));
    },
    'doc/output.json',
    /not a plain file/,
  ],
  'a manifest that is not JSON': [
    (folder: string) => writeFileSync(join(folder, 'manifest.json'), '{"payload":'),
    'doc/manifest.json',
    /not JSON/,
  ],
  'a manifest of another form': [
    (folder: string) => writeFileSync(join(folder, 'manifest.json'), '{"payload":"e30="}'),
    'doc/manifest.json',
    /not a bundle's manifest/,
  ],
  'a manifest that covers less': [
    rewriteManifest((payload) => payload.replace(/\{"name":"prompt.txt".*?\}\},/, '')),
    'doc/prompt.txt',
    /not in the manifest/,
  ],
  'a manifest that names a file twice': [
    rewriteManifest((payload) => payload.replace('"prompt.txt"', '"output.json"')),
    'doc/manifest.json',
    /twice/,
  ],
  'a manifest that names a foreign file': [
    rewriteManifest((payload) => payload.replace('"prompt.txt"', '"../prompt.txt"')),
    'doc/manifest.json',
    /not a bundle's manifest/,
  ],
});

test('a bundle moved to another place is refused', (t) => {
  const { night } = finished(t);
  extractBundle(night, address, join(night, 'other/a/doc'));
  mkdirSync(join(night, 'other/a'), { recursive: true });
  renameSync(join(night, 'other/a/doc'), join(night, 'other/a/test'));
  const moved = { spec: 'other', unit: 'a', node: 'test' };
  t.throws(() => openTraces(night).read(moved), {
    instanceOf: BundleFault,
    message: /contains the bundle of tidy\/a\/doc/,
  });
});

test('a facts edit changes the identity', (t) => {
  const { contents, identity } = encodeBundle(address, files, facts);
  const text = contents.get('manifest.json')?.toString() ?? '';
  const envelope = JSON.parse(text);
  const payload = Buffer.from(envelope.payload, 'base64').toString();
  const forged = payload.replace('doc.frontmatter', 'doc.frontmatteR');
  const other = JSON.stringify({ ...envelope, payload: Buffer.from(forged).toString('base64') });
  t.is(readManifest(text, 'm').identity, identity);
  t.not(readManifest(other, 'm').identity, identity);
});
