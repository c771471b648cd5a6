// SPDX-License-Identifier: GPL-3.0-only
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { BundleFault } from '../../src/trace/bundle.ts';
import { encodeBundle } from '../../src/trace/bundle-codec.ts';
import { encodeDirectory, encodeEntry, type ZipEntry } from '../../src/trace/zip-format.ts';
import { temporaryFolder } from '../workspace/with-repository.ts';
import { readAll } from './read-all.ts';

const facts = { night: 'n1', agent: 'doc.frontmatter@1.0.0', inputs: [] };
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
