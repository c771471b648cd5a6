// SPDX-License-Identifier: GPL-3.0-only
import type { DependencyFinder } from '../../boundary/dependencies.ts';
import { memoiseByObject } from '../../data/memoise.ts';
import { messageOf } from '../../data/message-of.ts';
import type { BaseTree } from '../../workspace/base-tree.ts';
import { Denied } from '../../workspace/denied.ts';
import type { Overlay } from '../../workspace/overlay.ts';
import { isRegular } from '../../workspace/tree-index.ts';
import type { Answer, HandWants, OverlayData, WrittenFile } from './messages.ts';

/** What a call may use beside its input. */
export type Lent = {
  readonly overlay?: Overlay;
  readonly dependencies?: DependencyFinder;
  /** The folders that `dependencies` may name. */
  readonly modules?: readonly string[];
};

let bases = 0;

/** Two trees are the same where their numbers are. */
export const baseNumber = memoiseByObject((_: BaseTree): number => {
  bases += 1;
  return bases;
});

/** A tree as a hand gets it: names, what is written so far, and what it may do to it. */
export const overlayData = (overlay: Overlay): OverlayData => ({
  base: baseNumber(overlay.base),
  rule: overlay.reach.rule,
  written: overlay.changes().map(({ path }): WrittenFile => {
    const bytes = overlay.written(path);
    return [path, bytes ? Buffer.from(bytes).toString('base64') : null];
  }),
});

/** Does to a tree what a hand did to its own. @throws Denied */
export const applyWritten = (overlay: Overlay, written: readonly WrittenFile[]): void => {
  for (const [path, bytes] of written) {
    if (bytes === null) overlay.remove(path);
    else overlay.write(path, Buffer.from(bytes, 'base64'));
  }
};

/** What a hand gets of what it asks for: files that the call may read, dependencies that it is shown. */
export const answerTo = async (wants: HandWants, lent: Lent): Promise<Answer> => {
  try {
    if ('blob' in wants) return { bytes: await readBlob(wants.blob, lent.overlay) };
    const { dependencies = async () => [], modules = [] } = lent;
    const folders = await dependencies(wants.modules);
    return { modules: folders.filter(({ source }) => modules.includes(source)) };
  } catch (error) {
    if (!(error instanceof Denied)) throw error;
    return { refused: messageOf(error) };
  }
};

const pathsByBlob = memoiseByObject(({ entries }: BaseTree): ReadonlyMap<string, string[]> => {
  const paths = new Map<string, string[]>();
  for (const [path, { oid, mode }] of entries) {
    if (isRegular(mode)) paths.set(oid, [...(paths.get(oid) ?? []), path]);
  }
  return paths;
});

const readBlob = async (oid: string, overlay: Overlay | undefined): Promise<string> => {
  const paths = overlay ? (pathsByBlob(overlay.base).get(oid) ?? []) : [];
  const path = paths.find((one) => overlay?.reach.mayRead(one));
  const bytes = path === undefined ? undefined : await overlay?.read(path, 'base');
  if (!bytes) throw new Denied('scope', 'That file may not be read.');
  return Buffer.from(bytes).toString('base64');
};
