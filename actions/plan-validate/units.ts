// SPDX-License-Identifier: GPL-3.0-only
import type { ModelManifest, Unit } from '../../src/agent/schema.ts';
import { unitId } from '../../src/agent/unit-id.ts';
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
