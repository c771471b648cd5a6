// SPDX-License-Identifier: GPL-3.0-only
import type { Bundle, BundleAddress, BundleFacts, BundleFiles } from './bundle.ts';

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
  /** Addresses of a spec's finished bundles, sorted. @throws BundleFault when a pack is not readable. */
  readonly list: (spec: string) => readonly BundleAddress[];
  /** Ids of the specs that left something, sorted. */
  readonly specs: () => readonly string[];
  /** Ends a spec: its pack becomes a zip any tool reads, and what is held about it is dropped. */
  readonly pack: (spec: string) => void;
  /** Lets go of open files; what was written stays, finished or not. */
  readonly close: () => void;
};

/**
 * Opens the bundles under `traces/<night>/`. `pack` names this process's packs: processes that write
 * to one night at the same time (shards) must each bring their own.
 */
export declare const openTraces: (nightFolder: string, options?: { readonly pack?: string }) => Traces;
