// SPDX-License-Identifier: GPL-3.0-only
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createCache } from '../data/bounded-cache.ts';
import { UserError } from '../data/user-error.ts';
import {
  type Bundle,
  type BundleAddress,
  type BundleFacts,
  BundleFault,
  type BundleFiles,
  formatAddress,
  isSegment,
  parseAddress,
} from './bundle.ts';
import { type BundleContents, encodeBundle, verifyBundle } from './bundle-codec.ts';
import {
  addressFolders,
  folderEntries,
  isBundleFolder,
  listBundleFolders,
  readBundleFolder,
} from './bundle-folder.ts';
import { appendBundle, finishPack, indexPack, readExtent, recoverPack } from './pack.ts';
import type { Extent, PackIndex } from './pack-index.ts';

/** The bundles of one night. Everything is synchronous: it costs less CPU than a promise per file. */
export type Traces = {
  /**
   * Appends a bundle and returns its identity; after a crash it is there whole or not at all.
   * @throws Error when the address is taken (bundles are never rewritten) or a limit is exceeded.
   */
  readonly write: (address: BundleAddress, files: BundleFiles, facts: BundleFacts) => string;
  /** A verified bundle, or nothing where none was finished. @throws BundleFault when it was altered. */
  readonly read: (address: BundleAddress) => Bundle | undefined;
  /** Whether a finished bundle is there, without verifying it. */
  readonly has: (address: BundleAddress) => boolean;
  /** Addresses of a spec's finished bundles by unit, then node. @throws BundleFault when a pack is not readable. */
  readonly list: (spec: string) => readonly BundleAddress[];
  /** Ids of the specs that left something, sorted. */
  readonly specs: () => readonly string[];
  /** Ends a spec: its pack becomes a zip any tool reads, and what is kept in memory about it is dropped. */
  readonly pack: (spec: string) => void;
};

/** A pack this process appends to. `elsewhere` are the bundles that lay in other places before. */
type OwnPack = {
  readonly bundles: Map<string, Extent>;
  readonly elsewhere: ReadonlySet<string>;
  end: number;
};

/** Packs that are only read keep their indexes up to this many bundles, about 30 MB. */
const keptBundles = 200_000;

/**
 * Opens the bundles under `traces/<night>/`; nothing is created before the first write. `pack` names
 * this process's packs: processes that write to one night (shards) must each bring their own name.
 * While a spec is written to, bundles that others add to it are not noticed.
 */
export const openTraces = (nightFolder: string, { pack: packName = 'bundles' } = {}): Traces => {
  const openPacks = new Map<string, OwnPack>();
  const indexes = createCache<
    string,
    PackIndex & { readonly size: number; readonly mtimeMs: number }
  >(keptBundles, ({ bundles }) => bundles.size);

  const specFolder = (spec: string): string => {
    if (!isSegment(spec)) throw new UserError(`"${spec}" is not the id of a spec`);
    return join(nightFolder, spec);
  };
  const ownPath = (spec: string): string => join(specFolder(spec), `${packName}.zip`);
  const packPaths = (spec: string): readonly string[] =>
    folderEntries(specFolder(spec))
      .filter((entry) => entry.isFile() && entry.name.endsWith('.zip'))
      .map(({ name }) => join(specFolder(spec), name))
      .sort();

  /** The index of any pack, read again when the file changed. */
  const indexOf = (path: string): PackIndex => {
    const { size, mtimeMs } = statSync(path);
    const kept = indexes.get(path);
    if (kept?.size === size && kept.mtimeMs === mtimeMs) return kept;
    const index = { ...indexPack(path), size, mtimeMs };
    indexes.set(path, index);
    return index;
  };

  const openOwn = (spec: string): OwnPack => {
    const opened = openPacks.get(spec);
    if (opened) return opened;
    mkdirSync(specFolder(spec), { recursive: true });
    const { bundles, end } = recoverPack(ownPath(spec));
    const others = packPaths(spec).filter((path) => path !== ownPath(spec));
    const elsewhere = new Set([
      ...others.flatMap((path) => [...indexOf(path).bundles.keys()]),
      ...listBundleFolders(specFolder(spec)),
    ]);
    const state = { bundles, end, elsewhere };
    openPacks.set(spec, state);
    return state;
  };

  const write: Traces['write'] = (address, files, facts) => {
    const key = keyOf(address);
    const state = openOwn(address.spec);
    if (state.bundles.has(key) || state.elsewhere.has(key)) {
      throw new Error(`${formatAddress(address)} is already written. A bundle is never rewritten`);
    }
    const { contents, identity } = encodeBundle(address, files, facts);
    const extent = appendBundle(ownPath(address.spec), state.end, address, contents);
    state.bundles.set(key, extent);
    state.end = extent.end;
    return identity;
  };

  const bundlesIn = (spec: string, path: string): ReadonlyMap<string, Extent> =>
    (path === ownPath(spec) && openPacks.get(spec)?.bundles) || indexOf(path).bundles;

  /** Every copy of a bundle; the own one alone where there is one, since that is written once. */
  const copiesOf = (address: BundleAddress): readonly Copy[] => {
    const key = keyOf(address);
    const inPack = (path: string, extent: Extent): Copy => ({
      path,
      load: () => readExtent(path, extent),
    });
    const open = openPacks.get(address.spec);
    const mine = open?.bundles.get(key);
    if (mine) return [inPack(ownPath(address.spec), mine)];
    if (open && !open.elsewhere.has(key)) return [];
    const packed = packPaths(address.spec).flatMap((path) => {
      const extent = indexOf(path).bundles.get(key);
      return extent ? [inPack(path, extent)] : [];
    });
    const folder = join(specFolder(address.spec), address.unit, address.node);
    return isBundleFolder(folder)
      ? [...packed, { path: folder, load: () => readBundleFolder(folder) }]
      : packed;
  };

  const read: Traces['read'] = (address) => {
    const [first, ...others] = copiesOf(address).map(({ path, load }) =>
      verifyBundle(address, load(), path),
    );
    if (others.some(({ identity }) => identity !== first?.identity)) {
      throw new BundleFault(
        join(specFolder(address.spec), address.unit, address.node),
        'is in this night twice with different contents. Remove one',
      );
    }
    return first;
  };

  const list: Traces['list'] = (spec) => {
    const keys = new Set([
      ...packPaths(spec).flatMap((path) => [...bundlesIn(spec, path).keys()]),
      ...listBundleFolders(specFolder(spec)),
    ]);
    const addresses = [...keys].map((key) => {
      const [unit = '', node = ''] = key.split('/');
      return { spec, unit, node };
    });
    return addresses.sort((a, b) => compare(a.unit, b.unit) || compare(a.node, b.node));
  };

  const pack: Traces['pack'] = (spec) => {
    const path = ownPath(spec);
    const open = openPacks.get(spec);
    if (open) finishPack(path, open.end);
    else if (existsSync(path) && !indexPack(path).finished) finishPack(path, recoverPack(path).end);
    openPacks.delete(spec);
    indexes.delete(path);
  };

  return {
    write,
    read,
    has: (address) => copiesOf(address).length > 0,
    list,
    specs: () => [...addressFolders(nightFolder)].sort(),
    pack,
  };
};

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

type Copy = { readonly path: string; readonly load: () => BundleContents };

/** `unit/node`. @throws UserError for an address that is not a plain path. */
const keyOf = (address: BundleAddress): string => {
  const { unit, node } = parseAddress(formatAddress(address));
  return `${unit}/${node}`;
};
