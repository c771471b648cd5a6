// SPDX-License-Identifier: GPL-3.0-only
import { UserError } from '../data/user-error.ts';
import { type BundleAddress, formatAddress, manifestName } from './bundle.ts';
import { writeBundleFolder } from './bundle-folder.ts';
import { openTraces } from './open-traces.ts';

/**
 * Writes a bundle as plain files into `folder`, verified first.
 * @throws UserError where there is none; BundleFault when it was altered.
 */
export const extractBundle = (
  nightFolder: string,
  address: BundleAddress,
  folder: string,
): void => {
  const bundle = openTraces(nightFolder).read(address);
  if (!bundle) throw new UserError(`${nightFolder} has no bundle ${formatAddress(address)}`);
  const texts = [...Object.entries(bundle.files), [manifestName, bundle.manifest] as const];
  writeBundleFolder(
    folder,
    new Map(texts.map(([name, text]) => [name, Buffer.from(text, 'utf8')])),
  );
};
