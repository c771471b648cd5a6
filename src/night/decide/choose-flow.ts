// SPDX-License-Identifier: GPL-3.0-only
import type { Chores } from '../../chore/chores.ts';
import { readAsked } from '../../chore/read-asked.ts';
import type { Spec } from '../../spec/schema.ts';

/** The flow a spec is worked by. */
export type ChooseFlow = (spec: Spec) => string;

/** The one that the spec names, else the one that works all chores it asks for, else the default. */
export const flowChooser =
  (chores: Chores, flows: ReadonlySet<string>, defaultFlow: string): ChooseFlow =>
  (spec) => {
    if (spec.flow !== undefined) return spec.flow;
    const wanted = readAsked(spec, chores).asked.flatMap(
      ({ chore }) => chores.all.get(chore)?.manifest.flow ?? [],
    );
    const [only, ...others] = new Set(wanted);
    return only !== undefined && others.length === 0 && flows.has(only) ? only : defaultFlow;
  };
