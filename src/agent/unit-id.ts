// SPDX-License-Identifier: GPL-3.0-only
import { sha256 } from '../data/digest.ts';

/** A unit's id: a slug for people and a hash of the paths for uniqueness, safe as a folder name. */
export const unitId = (name: string, paths: readonly string[]): string => {
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(-40)
    .replace(/^-+/, '');
  return `${slug || 'file'}-${sha256(paths.join('\0')).slice(0, 10)}`;
};
