// SPDX-License-Identifier: GPL-3.0-only
import { createHash } from 'node:crypto';

/** The id git gives a file's content (gitformat-object: `blob <length>NUL<bytes>`), by sha1 or, where ids are 64 digits long, sha256. */
export const blobOid = (bytes: Uint8Array, oidLength: number): string =>
  createHash(oidLength === 64 ? 'sha256' : 'sha1')
    .update(`blob ${bytes.length}\0`)
    .update(bytes)
    .digest('hex');

/** The id that stands for an absent side. */
export const zeroOid = (oidLength: number): string => '0'.repeat(oidLength);
