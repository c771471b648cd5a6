// SPDX-License-Identifier: GPL-3.0-only
import type { ExecutionContext } from 'ava';
import { openBaseTree } from '../../src/workspace/base-tree.ts';
import { createOverlay, type Overlay, type OverlayReach } from '../../src/workspace/overlay.ts';
import { everything, type Files, makeRepository } from '../workspace/with-repository.ts';

/** An overlay over a real repository of `files`, patched with `patch` (`null` removes a file). */
export const patchedOverlay = async (
  t: ExecutionContext<unknown>,
  files: Files,
  patch: Readonly<Record<string, string | null>> = {},
  reach: OverlayReach = everything,
): Promise<Overlay> => {
  const { folder, head } = makeRepository(t, files);
  const base = await openBaseTree(folder, head);
  t.teardown(() => base.close());
  const overlay = createOverlay(base, reach);
  for (const [path, text] of Object.entries(patch)) {
    if (text === null) overlay.remove(path);
    else overlay.write(path, Buffer.from(text));
  }
  return overlay;
};
