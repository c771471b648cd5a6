// SPDX-License-Identifier: GPL-3.0-only
import { isUtf8 } from 'node:buffer';
import { sha256 } from '../data/digest.ts';
import {
  type Bundle,
  type BundleAddress,
  type BundleFacts,
  BundleFault,
  type BundleFileName,
  type BundleFiles,
  bundleFileNames,
  bundleLimits,
  formatAddress,
  manifestName,
} from './bundle.ts';
import { maxManifestBytes, readManifest, sealManifest } from './manifest.ts';

/** Named contents of one bundle as they are stored, `manifest.json` last. */
export type BundleContents = ReadonlyMap<string, Buffer>;

/** A bundle's bytes and identity. @throws Error when it is larger than `bundleLimits`. */
export const encodeBundle = (
  address: BundleAddress,
  files: BundleFiles,
  facts: BundleFacts,
): { readonly contents: BundleContents; readonly identity: string } => {
  const contents = new Map<string, Buffer>();
  const digests: [BundleFileName, string][] = [];
  let total = 0;
  for (const name of bundleFileNames) {
    const text = files[name];
    if (text === undefined) continue;
    const bytes = Buffer.from(text, 'utf8');
    total += bytes.length;
    if (bytes.length > bundleLimits.fileBytes || total > bundleLimits.bundleBytes) {
      throw new Error(
        `${formatAddress(address)}/${name} has ${bytes.length} bytes, too many for a bundle`,
      );
    }
    contents.set(name, bytes);
    digests.push([name, sha256(bytes)]);
  }
  const { text, identity } = sealManifest(address, facts, digests);
  contents.set(manifestName, Buffer.from(text, 'utf8'));
  return { contents, identity };
};

/**
 * Checks contents against their manifest and the address they were read from; `place` names them.
 * @throws BundleFault that names the file which is not as it was written.
 */
export const verifyBundle = (
  address: BundleAddress,
  contents: BundleContents,
  place: string,
): Bundle => {
  const raw = contents.get(manifestName);
  if (!raw || raw.length > maxManifestBytes) {
    throw new BundleFault(`${place}/${manifestName}`, 'is missing or too large');
  }
  const manifest = readManifest(
    textOf(raw, `${place}/${manifestName}`),
    `${place}/${manifestName}`,
  );
  if (formatAddress(manifest.address) !== formatAddress(address)) {
    throw new BundleFault(place, `contains the bundle of ${formatAddress(manifest.address)}`);
  }
  for (const name of contents.keys()) {
    if (name !== manifestName && !(name in manifest.digests)) {
      throw new BundleFault(`${place}/${name}`, 'is not in the manifest');
    }
  }
  const files: Partial<Record<BundleFileName, string>> = {};
  for (const name of bundleFileNames) {
    const digest = manifest.digests[name];
    if (digest === undefined) continue;
    const bytes = contents.get(name);
    if (!bytes) throw new BundleFault(`${place}/${name}`, 'is missing');
    if (sha256(bytes) !== digest) {
      throw new BundleFault(
        `${place}/${name}`,
        'was altered: its sha256 differs from the manifest',
      );
    }
    files[name] = textOf(bytes, `${place}/${name}`);
  }
  const { identity, facts } = manifest;
  return { address, identity, facts, files, manifest: raw.toString('utf8') };
};

const textOf = (bytes: Buffer, file: string): string => {
  if (!isUtf8(bytes)) throw new BundleFault(file, 'is not UTF-8');
  return bytes.toString('utf8');
};
