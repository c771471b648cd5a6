// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { foldersUp, joinFolder } from '../../src/boundary/dependencies.ts';
import type { Overlay, TreeSide } from '../../src/workspace/overlay.ts';

/** A package whose tests are AVA's, on the base or on the patched side. */
export type AvaPackage = {
  readonly folder: string;
  /** What its test script hands to AVA beyond the defaults: files and flags. */
  readonly args: readonly string[];
  /** The patched side is AVA's no more: its tests went away with the patch. */
  readonly lost: boolean;
};

const manifestSchema = z.object({
  dependencies: z.record(z.string(), z.unknown()).optional(),
  devDependencies: z.record(z.string(), z.unknown()).optional(),
  scripts: z.record(z.string(), z.unknown()).optional(),
});

type Manifest = z.output<typeof manifestSchema>;

/**
 * The AVA packages that a patch concerns: the nearest around each changed path and, once there is
 * one, around the unit's own paths too, sorted by folder.
 */
export const findAvaPackages = async (
  overlay: Overlay,
  unitPaths: readonly string[],
): Promise<readonly AvaPackage[]> => {
  const nearest = nearestPackage(overlay);
  const changed = await collect(
    overlay.changes().map(({ path }) => folderOf(path)),
    nearest,
  );
  if (changed.size === 0) return [];
  const around = await collect(unitPaths.map(literalFolder), nearest);
  const byFolder = new Map([...changed, ...around]);
  return [...byFolder.values()].sort((a, b) => (a.folder < b.folder ? -1 : 1));
};

const collect = async (
  folders: readonly string[],
  nearest: (folder: string) => Promise<AvaPackage | undefined>,
): Promise<ReadonlyMap<string, AvaPackage>> => {
  const byFolder = new Map<string, AvaPackage>();
  for (const folder of new Set(folders)) {
    const avaPackage = await nearest(folder);
    if (avaPackage) byFolder.set(avaPackage.folder, avaPackage);
  }
  return byFolder;
};

const nearestPackage = (overlay: Overlay) => {
  const files = {
    base: new Set(overlay.list('base')),
    patched: new Set(overlay.list('patched')),
  };
  const manifest = async (folder: string, side: TreeSide): Promise<Manifest | undefined> => {
    const path = joinFolder(folder, 'package.json');
    return files[side].has(path) ? readManifest(await overlay.read(path, side)) : undefined;
  };
  return async (start: string): Promise<AvaPackage | undefined> => {
    for (const folder of foldersUp(start)) {
      const base = await manifest(folder, 'base');
      const patched = await manifest(folder, 'patched');
      if (base && namesAva(base)) {
        return { folder, args: scriptArgs(base), lost: !patched || !namesAva(patched) };
      }
      if (patched && namesAva(patched)) {
        return { folder, args: scriptArgs(patched), lost: false };
      }
    }
    return undefined;
  };
};

/** A manifest that does not parse names nothing; running its tests on the patched side will tell. */
const readManifest = (bytes: Uint8Array | undefined): Manifest => {
  try {
    return manifestSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return {};
  }
};

const namesAva = ({ dependencies, devDependencies, scripts }: Manifest): boolean =>
  dependencies?.ava !== undefined ||
  devDependencies?.ava !== undefined ||
  /(?:^|[\s;&|])ava(?:$|[\s;&|])/.test(String(scripts?.test ?? ''));

/** Flags that would change what is printed or keep AVA running. */
const unwanted = /^(?:--tap|-t|--watch|-w|--verbose|-v|--color|--no-color)$/;

/** From a script that is one plain call of AVA; anything more is not taken apart. */
const scriptArgs = ({ scripts }: Manifest): readonly string[] => {
  const words = /^\s*ava((?:\s+(?:[\w@%+=:,./*!{}[\]-]+|'[^'$`]*'|"[^"$`\\]*"))*)\s*$/.exec(
    String(scripts?.test ?? ''),
  );
  const args = words?.[1]?.match(/'[^']*'|"[^"]*"|\S+/g) ?? [];
  return args
    .map((arg) => arg.replace(/^(['"])(.*)\1$/, '$2'))
    .filter((arg) => !unwanted.test(arg));
};

const folderOf = (path: string): string => path.split('/').slice(0, -1).join('/');

/** The folder that a literal path or a pattern stays in. */
const literalFolder = (pattern: string): string => {
  const parts = pattern.split('/').slice(0, -1);
  const magic = parts.findIndex((part) => /[*?[\]{}()!+@|\\]/.test(part));
  return (magic < 0 ? parts : parts.slice(0, magic)).join('/');
};
