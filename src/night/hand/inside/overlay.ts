// SPDX-License-Identifier: GPL-3.0-only
import type { BaseTree } from '../../../workspace/base-tree.ts';
import { createOverlay, type Overlay, type OverlayReach } from '../../../workspace/overlay.ts';
import type { OverlayData, ToHand, WrittenFile } from '../messages.ts';
import type { Ask } from './channel.ts';

/** A base tree whose files are asked for, each when it is read. */
export const askedBase = (
  { commit, entries }: Extract<ToHand, { readonly is: 'base' }>,
  ask: Ask,
): BaseTree => ({
  repository: '',
  commit,
  entries: new Map(entries),
  read: async (oid) => {
    const answer = await ask({ blob: oid });
    return new Uint8Array(Buffer.from('bytes' in answer ? answer.bytes : '', 'base64'));
  },
  close: async () => {},
});

/** Whoever made the call judges again: here a rule only tells code at once what it may not do. */
const lenient: OverlayReach = { mayRead: () => true, mayWrite: () => true };

/** The tree of a call, and what was written to it since. */
export const openOverlay = async (
  { rule, written }: OverlayData,
  base: BaseTree,
): Promise<{ readonly overlay: Overlay; readonly changed: () => Promise<WrittenFile[]> }> => {
  const reach = rule ? (await import('../reach.ts')).reachOf(rule) : lenient;
  // What is there was judged when it was written.
  let laid = false;
  const overlay = createOverlay(base, {
    ...reach,
    mayWrite: (path) => !laid || reach.mayWrite(path),
  });
  for (const [path, bytes] of written) {
    if (bytes === null) overlay.remove(path);
    else overlay.write(path, Buffer.from(bytes, 'base64'));
  }
  laid = true;
  const before = oidsIn(overlay);
  return {
    overlay,
    changed: async () => {
      const after = oidsIn(overlay);
      const paths = [...new Set([...before.keys(), ...after.keys()])];
      const changed = paths.filter((path) => before.get(path) !== after.get(path));
      return Promise.all(changed.map((path) => fileOf(overlay, path, after.has(path))));
    },
  };
};

const oidsIn = (overlay: Overlay): ReadonlyMap<string, string> =>
  new Map(overlay.changes().map(({ path, oid }) => [path, oid]));

/** A file that is as it was in the base tree is read from there. */
const fileOf = async (overlay: Overlay, path: string, isChange: boolean): Promise<WrittenFile> => {
  const { base } = overlay;
  const entry = base.entries.get(path);
  const bytes = isChange ? overlay.written(path) : entry && (await base.read(entry.oid));
  return [path, bytes ? Buffer.from(bytes).toString('base64') : null];
};
