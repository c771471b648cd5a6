// SPDX-License-Identifier: GPL-3.0-only
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

type Rule = {
  readonly name: string;
  readonly from: { readonly path?: string; readonly pathNot?: string };
  readonly to: { readonly path?: string };
};

/** Folders from top to bottom; those of one row know nothing of each other. */
type Rows = readonly (readonly string[])[];

export type HouseOrder = {
  readonly rooms: readonly string[];
  /** The folders of each room that has an order of its own. */
  readonly inner: ReadonlyMap<string, Rows>;
};

/**
 * The order of the house and of its rooms, from the rules in `.dependency-cruiser.cjs`.
 * @throws Error when they list what is not there.
 */
export const readHouseOrder = (root: string): HouseOrder => {
  const { forbidden }: { readonly forbidden: readonly Rule[] } = createRequire(import.meta.url)(
    join(root, '.dependency-cruiser.cjs'),
  );
  const gone = (path: string) => !existsSync(join(root, 'src', path));
  const byName = new Map(forbidden.map((rule) => [rule.name, rule]));
  const rooms = namesIn(byName.get('every-room-is-listed')?.from.pathNot);
  const inner = rooms.flatMap((room) => {
    const folders = namesIn(byName.get(`every-folder-of-${room}-is-listed`)?.from.pathNot);
    const refused = (folder: string) =>
      namesIn(byName.get(`arrows-point-down-from-${room}-${folder}`)?.to.path);
    return folders.length === 0 ? [] : [[room, rowsOf(folders, refused)] as const];
  });
  const paths = inner.flatMap(([room, rows]) => rows.flat().map((folder) => `${room}/${folder}`));
  const missing = [...rooms, ...paths].filter(gone);
  if (missing.length > 0) throw new Error(`.dependency-cruiser.cjs lists ${missing.join(', ')}`);
  return { rooms, inner: new Map(inner) };
};

/** The alternatives of a rule's expression. */
const namesIn = (expression: string | undefined): readonly string[] =>
  /\(\?:(.*?)\)/.exec(expression ?? '')?.[1]?.split('|') ?? [];

const rowsOf = (
  folders: readonly string[],
  refused: (folder: string) => readonly string[],
): Rows => {
  const rows: string[][] = [];
  for (const folder of folders) {
    const last = rows.at(-1);
    const beside = last?.[0] !== undefined && refused(last[0]).includes(folder);
    if (last && beside) last.push(folder);
    else rows.push([folder]);
  }
  return rows;
};

/** The inner orders as lines of text. */
export const innerOrders = (root: string): string =>
  [...readHouseOrder(root).inner]
    .map(([room, rows]) => {
      const steps = rows.map((row) => (row.length === 1 ? row.join('') : `(${row.join(' ')})`));
      return `    ${`${room}:`.padEnd(8)}${steps.join(' > ')}`;
    })
    .join('\n');
