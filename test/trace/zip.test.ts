// SPDX-License-Identifier: GPL-3.0-only
import { spawnSync } from 'node:child_process';
import { closeSync, ftruncateSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import test from 'ava';
import { type Entry, type Options, open, type ZipFile } from 'yauzl';
import { type BundleFiles, bundleFileNames } from '../../src/trace/bundle.ts';
import { openTraces } from '../../src/trace/open-traces.ts';
import { encodeDirectory, encodeEntry } from '../../src/trace/zip-format.ts';
import { temporaryFolder } from '../workspace/with-repository.ts';

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
  for (let index = 0; index < count; index += 1) {
    traces.write({ spec: 's', unit: `u${index}`, node: 'doc' }, many, facts);
  }
  traces.pack('s');
  const path = join(night, 's/bundles.zip');
  const { entryCount } = await openZip(path, { lazyEntries: true });
  t.is(entryCount, 10 * count);
  if (readers.some(({ name }) => name === 'python3')) {
    const program = 'import sys, zipfile; print(len(zipfile.ZipFile(sys.argv[1]).infolist()))';
    const { stdout } = spawnSync('python3', ['-c', program, path], { encoding: 'utf8' });
    t.is(Number(stdout), 10 * count);
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
