// SPDX-License-Identifier: GPL-3.0-only
import type { ModelManifest, Unit } from '../../src/agent/schema.ts';
import { sha256 } from '../../src/data/digest.ts';
import type { Spec } from '../../src/spec/schema.ts';

/** One unit per file, or one for the spec, as the worker declares. */
export const splitIntoUnits = (
  spec: Spec,
  worker: ModelManifest,
  files: readonly string[],
): readonly Unit[] =>
  worker.unit === 'file'
    ? files.map((path) => ({ id: unitId(path, [path]), kind: 'file', paths: [path] }))
    : [{ id: unitId(spec.id, spec.scope), kind: 'spec', paths: [...spec.scope] }];

/** A slug for people and a hash of the paths for uniqueness, safe as a folder name. */
const unitId = (name: string, paths: readonly string[]): string => {
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(-40)
    .replace(/^-+/, '');
  return `${slug || 'file'}-${sha256(paths.join('\0')).slice(0, 10)}`;
};
