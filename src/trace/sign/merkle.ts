// SPDX-License-Identifier: GPL-3.0-only
import { createHash } from 'node:crypto';

const digest = (...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

const [leafPrefix, nodePrefix] = [Buffer.of(0), Buffer.of(1)];

/**
 * Merkle tree hash over byte strings, in hex: a leaf is hashed behind a 0x00 and an inner node behind a
 * 0x01, so that neither passes for the other (RFC 6962, section 2.1).
 */
export const merkleRoot = (leaves: readonly Uint8Array[]): string =>
  treeHash(leaves.map((leaf) => digest(leafPrefix, leaf))).toString('hex');

const treeHash = (hashes: readonly Buffer[]): Buffer => {
  const [first] = hashes;
  if (first === undefined) return digest();
  if (hashes.length === 1) return first;
  let split = 1;
  while (split * 2 < hashes.length) split *= 2;
  return digest(nodePrefix, treeHash(hashes.slice(0, split)), treeHash(hashes.slice(split)));
};
