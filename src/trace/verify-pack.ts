// SPDX-License-Identifier: GPL-3.0-only
import { BundleFault } from './bundle.ts';
import { verifyBundle } from './bundle-codec.ts';
import { indexPack, readExtent } from './pack.ts';

/** What a pack from elsewhere must contain, and nothing else. */
export type PackFacts = {
  readonly night: string;
  readonly spec: string;
  /** The only node that it may have bundles of. */
  readonly node?: string;
};

/**
 * Reads every bundle of a pack and checks its manifest, its address and its night.
 * @throws BundleFault naming the first thing that is not as it was written.
 */
export const verifyPack = (path: string, { night, spec, node }: PackFacts): void => {
  const { bundles, finished } = indexPack(path);
  if (!finished) throw new BundleFault(path, 'was not finished');
  for (const [key, extent] of bundles) {
    const [unit = '', bundleNode = ''] = key.split('/');
    if (node !== undefined && bundleNode !== node)
      throw new BundleFault(path, `contains a bundle of ${bundleNode}, not only of ${node}`);
    const { facts } = verifyBundle(
      { spec, unit, node: bundleNode },
      readExtent(path, extent),
      path,
    );
    if (facts.night !== night) {
      throw new BundleFault(path, `contains a bundle of night ${facts.night}, not of ${night}`);
    }
  }
};
