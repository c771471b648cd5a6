// SPDX-License-Identifier: GPL-3.0-only
import { spawnSync } from 'node:child_process';
import { closeSync, ftruncateSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import test from 'ava';
import { type Entry, type Options, open, type ZipFile } from 'yauzl';
import { BundleFault, type BundleFiles, bundleFileNames } from '../../src/trace/bundle.ts';
import { encodeBundle } from '../../src/trace/bundle-codec.ts';
import { openTraces } from '../../src/trace/open-traces.ts';
import { encodeDirectory, encodeEntry, type ZipEntry } from '../../src/trace/zip-format.ts';
import { temporaryFolder } from '../workspace/with-repository.ts';
import { readAll } from './read-all.ts';

/* Packs seen by zip readers that are not ours: yauzl, and unzip and Python where they are installed. */

const facts = { night: 'n1', agent: 'doc.frontmatter@1.0.0', inputs: [] };

const openZip = promisify<string, Options, ZipFile>(open);

const readZip = async (path: string): Promise<ReadonlyMap<string, string>> => {
  const zip = await openZip(path, { lazyEntries: true, strictFileNames: true });
  const contents = new Map<string, string>();
  return new Promise((resolve, reject) => {
    zip.on('error', reject);
    zip.on('end', () => resolve(contents));
    zip.on('entry', (entry: Entry) => {
      zip.openReadStream(entry, async (error, stream) => {
        if (error) return reject(error);
        contents.set(entry.fileName, await text(stream));
        zip.readEntry();
      });
    });
    zip.readEntry();
  });
};

type Reader = { readonly name: string; readonly command: readonly string[] };

const python =
  'import sys, zipfile\nz = zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\nprint(len(z.infolist()))';
const readers: readonly Reader[] = [
  { name: 'unzip', command: ['unzip', '-tqq'] },
  { name: 'python3', command: ['python3', '-c', python] },
].filter(({ name, command: [program = ''] }) => {
  const installed = spawnSync(program, ['--help']).error === undefined;
  if (!installed) console.log(`${name} is not installed; packs are not tried with it`);
  return installed;
});

const files: BundleFiles = {
  'input.json': '{"body":"# Ünïcode ⸻"}',
  'prompt.txt': 'You keep notes tidy. '.repeat(3000),
  'tool_calls.jsonl': '',
  'output.json': '{"status":"ok"}',
};

test('a finished pack is a zip to other readers', async (t) => {
  const night = temporaryFolder(t);
  const traces = openTraces(night);
  for (const unit of ['_spec', 'note-1', 'note-2']) {
    traces.write({ spec: 'tidy', unit, node: 'doc' }, files, facts);
  }
  traces.pack('tidy');
  const path = join(night, 'tidy/bundles.zip');
  for (const { name, command } of readers) {
    const [program = '', ...args] = command;
    const { status, stdout, stderr } = spawnSync(program, [...args, path], { encoding: 'utf8' });
    t.is(status, 0, `${name}: ${stdout}${stderr}`);
  }
  const contents = await readZip(path);
  t.is(contents.size, 15);
  t.is(contents.get('note-2/doc/prompt.txt'), files['prompt.txt']);
  t.is(contents.get('_spec/doc/input.json'), files['input.json']);
});

test('more than 65,535 entries', async (t) => {
  const night = temporaryFolder(t);
  const traces = openTraces(night);
  const many = Object.fromEntries(bundleFileNames.map((name) => [name, '{}']));
  const count = 6600;
  // A manifest beside each bundle's files.
  const entries = (bundleFileNames.length + 1) * count;
  for (let index = 0; index < count; index += 1) {
    traces.write({ spec: 's', unit: `u${index}`, node: 'doc' }, many, facts);
  }
  traces.pack('s');
  const path = join(night, 's/bundles.zip');
  const { entryCount } = await openZip(path, { lazyEntries: true });
  t.is(entryCount, entries);
  if (readers.some(({ name }) => name === 'python3')) {
    const program = 'import sys, zipfile; print(len(zipfile.ZipFile(sys.argv[1]).infolist()))';
    const { stdout } = spawnSync('python3', ['-c', program, path], { encoding: 'utf8' });
    t.is(Number(stdout), entries);
  }
  const reader = openTraces(night);
  t.is(reader.list('s').length, count);
  t.truthy(reader.read({ spec: 's', unit: `u${count - 1}`, node: 'doc' }));
});

test('an entry beyond four gigabytes', async (t) => {
  const path = join(temporaryFolder(t), 'far.zip');
  const offset = 2 ** 32 + 4096;
  const fd = openSync(path, 'w');
  try {
    // A hole stands for the entries before it, and takes no space.
    ftruncateSync(fd, offset);
    const name = 'a/doc/output.json';
    const [header, data] = encodeEntry(name, Buffer.from('{"far":true}'));
    const dataOffset = offset + header.length;
    const end = dataOffset + data.length;
    const entry = {
      name,
      deflated: false,
      crc: header.readUInt32LE(14),
      packedSize: data.length,
      size: data.length,
      offset,
      dataOffset,
      end,
    };
    const bytes = Buffer.concat([header, data, ...encodeDirectory([entry])]);
    writeSync(fd, bytes, 0, bytes.length, offset);
  } finally {
    closeSync(fd);
  }
  t.deepEqual([...(await readZip(path))], [['a/doc/output.json', '{"far":true}']]);
  for (const { name, command } of readers.filter((reader) => reader.name === 'python3')) {
    const [program = '', ...args] = command;
    t.is(spawnSync(program, [...args, path]).status, 0, name);
  }
});

test('unpacking a finished pack in place gives bundles that read the same', async (t) => {
  const night = temporaryFolder(t);
  const traces = openTraces(night);
  const address = { spec: 'tidy', unit: 'note-1', node: 'doc' };
  traces.write(address, files, facts);
  traces.pack('tidy');
  const other = temporaryFolder(t);
  for (const [name, content] of await readZip(join(night, 'tidy/bundles.zip'))) {
    mkdirSync(join(other, 'tidy', dirname(name)), { recursive: true });
    writeFileSync(join(other, 'tidy', name), content);
  }
  t.deepEqual(openTraces(other).read(address), traces.read(address));
});

const address = { spec: 'tidy', unit: 'a', node: 'doc' };

type Part = {
  readonly name: string;
  readonly content: string;
  readonly edit?: (header: Buffer) => void;
};

/** A zip as a stranger may make it: valid in itself, with a directory that fits. */
const forge = (parts: readonly Part[]): Buffer => {
  const entries: ZipEntry[] = [];
  const chunks: Buffer[] = [];
  let offset = 0;
  for (const { name, content, edit } of parts) {
    const [header, data] = encodeEntry(name, Buffer.from(content));
    edit?.(header);
    const dataOffset = offset + header.length;
    entries.push({
      name,
      deflated: header.readUInt16LE(8) === 8,
      crc: header.readUInt32LE(14),
      packedSize: header.readUInt32LE(18),
      size: header.readUInt32LE(22),
      offset,
      dataOffset,
      end: dataOffset + data.length,
    });
    chunks.push(header, data);
    offset = dataOffset + data.length;
  }
  return Buffer.concat([...chunks, ...encodeDirectory(entries)]);
};

const refused = test.macro((t, parts: readonly Part[]) => {
  const night = temporaryFolder(t);
  mkdirSync(join(night, 'tidy'));
  writeFileSync(join(night, 'tidy/stranger.zip'), forge(parts));
  t.throws(() => readAll(night), { instanceOf: BundleFault });
});

const manifest = (unit = 'a'): Part => ({
  name: `${unit}/doc/manifest.json`,
  content:
    encodeBundle({ ...address, unit }, {}, facts)
      .contents.get('manifest.json')
      ?.toString() ?? '',
});
const file = (name: string, edit?: (header: Buffer) => void, content = 'x'): Part => ({
  name,
  content,
  ...(edit && { edit }),
});
const long = 'x'.repeat(20_000);

for (const [title, parts] of Object.entries({
  'a path upwards': [file('../../doc/output.json'), manifest()],
  'an absolute path': [file('/a/doc/output.json'), manifest()],
  'a backslash': [file('a\\doc\\output.json'), manifest()],
  'a path too deep': [file('a/doc/b/output.json'), manifest()],
  'a path too short': [file('output.json'), manifest()],
  'a folder': [file('a/doc/', undefined, ''), manifest()],
  'a foreign name': [file('a/doc/run.sh'), manifest()],
  'an empty name': [file(''), manifest()],
  'a name twice': [file('a/doc/output.json'), file('a/doc/output.json'), manifest()],
  'a bundle twice': [manifest(), manifest()],
  'two bundles mixed': [file('b/doc/output.json'), manifest(), manifest('b')],
  'an extra field': [
    file('a/doc/output.json', (header) => header.writeUInt16LE(4, 28)),
    manifest(),
  ],
  encryption: [file('a/doc/output.json', (header) => header.writeUInt16LE(1, 6)), manifest()],
  'a data descriptor': [
    file('a/doc/output.json', (header) => header.writeUInt16LE(8, 6)),
    manifest(),
  ],
  'another method': [
    file('a/doc/output.json', (header) => header.writeUInt16LE(12, 8)),
    manifest(),
  ],
  'a stored size that differs': [
    file('a/doc/output.json', (header) => header.writeUInt32LE(9, 22)),
    manifest(),
  ],
  'an entry that reaches into the next': [
    file('a/doc/output.json', (header) => {
      header.writeUInt32LE(40, 18);
      header.writeUInt32LE(40, 22);
    }),
    manifest(),
  ],
  'an absurd size': [
    file('a/doc/output.json', (header) => header.writeUInt32LE(0xf0000000, 22), long),
    manifest(),
  ],
  'more content than announced': [
    file('a/doc/output.json', (header) => header.writeUInt32LE(19_000, 22), long),
    manifest(),
  ],
  'less content than announced': [
    file('a/doc/output.json', (header) => header.writeUInt32LE(21_000, 22), long),
    manifest(),
  ],
  'a file the manifest does not name': [file('a/doc/output.json'), manifest()],
})) {
  test(`a stranger's pack with ${title}`, refused, parts as readonly Part[]);
}
