// SPDX-License-Identifier: GPL-3.0-only
import { type Secret, secretInBytes } from '../../secrets/find-secrets.ts';
import type { Overlay } from '../../workspace/overlay.ts';

/** The first secret that a patch would write, and where. */
export const secretInPatch = ({
  changes,
  written,
}: Pick<Overlay, 'changes' | 'written'>):
  | { readonly path: string; readonly secret: Secret }
  | undefined => {
  for (const { path } of changes()) {
    const secret = secretInBytes(written(path) ?? new Uint8Array());
    if (secret) return { path, secret };
  }
  return undefined;
};
