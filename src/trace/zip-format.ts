// SPDX-License-Identifier: GPL-3.0-only
import { crc32, deflateRawSync } from 'node:zlib';

/*
 * The part of the zip format that packs use, after APPNOTE.TXT 6.3.10: no extra fields, comments,
 * encryption or data descriptors in an entry; zip64 only in the central directory, which is where
 * the number of entries and their offsets can outgrow the old fields (an entry itself cannot).
 * https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */

/** An entry as its local header tells it; `offset` is where that header starts. */
export type ZipEntry = {
  readonly name: string;
  readonly deflated: boolean;
  readonly crc: number;
  readonly packedSize: number;
  readonly size: number;
  readonly offset: number;
  readonly dataOffset: number;
  readonly end: number;
};

export const localHeaderSize = 30;
const localSignature = 0x04034b50;
const centralSignature = 0x02014b50;
const endSignature = 0x06054b50;
const endSize = 22;

const version = 20;
const version64 = 45;
/** Midnight of 1980-01-01, the format's first: the same work gives the same bytes. */
const dosDate = 0x0021;
const madeByUnix = 3 << 8;
const regularFile = 0o100644 * 0x10000;
const deflateMethod = 8;

/**
 * Smaller contents are stored: deflating them costs more CPU than writing them. See
 * docs/decisions/0002-bundle-storage.md.
 */
const deflateFrom = 16 * 1024;

/** Local header and data of one entry, ready to be written one after the other. */
export const encodeEntry = (name: string, content: Buffer): readonly [Buffer, Buffer] => {
  const deflated = content.length >= deflateFrom ? deflateRawSync(content, { level: 1 }) : content;
  const data = deflated.length < content.length ? deflated : content;
  const header = Buffer.allocUnsafe(localHeaderSize + name.length);
  header.writeUInt32LE(localSignature, 0);
  header.writeUInt16LE(version, 4);
  header.writeUInt16LE(0, 6);
  header.writeUInt16LE(data === content ? 0 : deflateMethod, 8);
  header.writeUInt16LE(0, 10);
  header.writeUInt16LE(dosDate, 12);
  header.writeUInt32LE(crc32(content), 14);
  header.writeUInt32LE(data.length, 18);
  header.writeUInt32LE(content.length, 22);
  header.writeUInt16LE(name.length, 26);
  header.writeUInt16LE(0, 28);
  header.write(name, localHeaderSize, 'latin1');
  return [header, data];
};

/** Where the name in a local header ends, or nothing where no local header starts. */
export const localHeaderEnd = (bytes: Buffer, at: number): number | undefined =>
  bytes.length - at < localHeaderSize || bytes.readUInt32LE(at) !== localSignature
    ? undefined
    : at + localHeaderSize + bytes.readUInt16LE(at + 26);

/**
 * Decodes the local header at `at`, the whole of which is in `bytes`; `offset` is its place in the
 * file. Nothing where the header is not of the kind that `encodeEntry` writes.
 */
export const decodeLocalHeader = (
  bytes: Buffer,
  at: number,
  offset: number,
): ZipEntry | undefined => {
  const method = bytes.readUInt16LE(at + 8);
  const packedSize = bytes.readUInt32LE(at + 18);
  const size = bytes.readUInt32LE(at + 22);
  const nameLength = bytes.readUInt16LE(at + 26);
  const plain =
    bytes.readUInt16LE(at + 4) === version &&
    bytes.readUInt16LE(at + 6) === 0 &&
    bytes.readUInt32LE(at + 10) === dosDate * 0x10000 &&
    bytes.readUInt16LE(at + 28) === 0 &&
    (method === deflateMethod ? packedSize < size : method === 0 && packedSize === size);
  if (!plain) return undefined;
  const dataOffset = offset + localHeaderSize + nameLength;
  return {
    name: bytes.toString('latin1', at + localHeaderSize, at + localHeaderSize + nameLength),
    deflated: method === deflateMethod,
    crc: bytes.readUInt32LE(at + 14),
    packedSize,
    size,
    offset,
    dataOffset,
    end: dataOffset + packedSize,
  };
};

const limit16 = 0xffff;
const limit32 = 0xffffffff;

const centralHeader = (entry: ZipEntry): Buffer => {
  const far = entry.offset >= limit32;
  // Out of the pool: `alloc` takes memory of its own for each of the ten files of each bundle.
  const header = Buffer.allocUnsafe(46 + entry.name.length + (far ? 12 : 0)).fill(0);
  header.writeUInt32LE(centralSignature, 0);
  header.writeUInt16LE(madeByUnix | (far ? version64 : version), 4);
  header.writeUInt16LE(far ? version64 : version, 6);
  header.writeUInt16LE(entry.deflated ? deflateMethod : 0, 10);
  header.writeUInt16LE(dosDate, 14);
  header.writeUInt32LE(entry.crc, 16);
  header.writeUInt32LE(entry.packedSize, 20);
  header.writeUInt32LE(entry.size, 24);
  header.writeUInt16LE(entry.name.length, 28);
  header.writeUInt16LE(far ? 12 : 0, 30);
  header.writeUInt32LE(regularFile, 38);
  header.writeUInt32LE(far ? limit32 : entry.offset, 42);
  header.write(entry.name, 46, 'latin1');
  if (far) {
    const extra = 46 + entry.name.length;
    header.writeUInt16LE(1, extra);
    header.writeUInt16LE(8, extra + 2);
    header.writeBigUInt64LE(BigInt(entry.offset), extra + 4);
  }
  return header;
};

const endRecords = (count: number, offset: number, size: number): Buffer => {
  const end = Buffer.alloc(endSize);
  end.writeUInt32LE(endSignature, 0);
  end.writeUInt16LE(Math.min(count, limit16), 8);
  end.writeUInt16LE(Math.min(count, limit16), 10);
  end.writeUInt32LE(Math.min(size, limit32), 12);
  end.writeUInt32LE(Math.min(offset, limit32), 16);
  if (count < limit16 && size < limit32 && offset < limit32) return end;

  const end64 = Buffer.alloc(56 + 20);
  end64.writeUInt32LE(0x06064b50, 0);
  end64.writeBigUInt64LE(44n, 4);
  end64.writeUInt16LE(madeByUnix | version64, 12);
  end64.writeUInt16LE(version64, 14);
  end64.writeBigUInt64LE(BigInt(count), 24);
  end64.writeBigUInt64LE(BigInt(count), 32);
  end64.writeBigUInt64LE(BigInt(size), 40);
  end64.writeBigUInt64LE(BigInt(offset), 48);
  end64.writeUInt32LE(0x07064b50, 56);
  end64.writeBigUInt64LE(BigInt(offset + size), 64);
  end64.writeUInt32LE(1, 72);
  return Buffer.concat([end64, end]);
};

const chunkSize = 64 * 1024;

/** The central directory of entries that fill a file from its start, in pieces of about 64 KiB. */
export function* encodeDirectory(entries: Iterable<ZipEntry>): Generator<Buffer> {
  let count = 0;
  let offset = 0;
  let size = 0;
  let pending: Buffer[] = [];
  let pendingSize = 0;
  for (const entry of entries) {
    const header = centralHeader(entry);
    pending.push(header);
    pendingSize += header.length;
    count += 1;
    offset = entry.end;
    if (pendingSize >= chunkSize) {
      yield Buffer.concat(pending);
      size += pendingSize;
      pending = [];
      pendingSize = 0;
    }
  }
  yield Buffer.concat([...pending, endRecords(count, offset, size + pendingSize)]);
}

/** Whether a file that ends in these bytes says that its directory is complete. */
export const endsDirectory = (tail: Buffer): boolean =>
  tail.length >= endSize && tail.readUInt32LE(tail.length - endSize) === endSignature;
