// SPDX-License-Identifier: GPL-3.0-only
import type { Summary } from '../../src/morning/summary.ts';
import { readTree, type Tree } from '../nights/repository.ts';
import type { Answers } from './tally.ts';

/** What a night of a weak model must not have done, a line each; the specs are those it was given. */
export const faultsOf = (
  { specs, reviewers }: Summary,
  answers: readonly Answers[],
  given: number,
): readonly string[] => [
  ...(specs.length === given ? [] : [`${given} specs were given and ${specs.length} ended`]),
  ...specs.flatMap(({ id, outcome, reason }) =>
    outcome !== 'pull-request' && reason.trim() === '' ? [`${id} does not say why`] : [],
  ),
  ...specs.flatMap(({ id, flow, outcome }) => {
    const exams = reviewers.find((own) => own.flow === flow)?.exams ?? [];
    const failed = exams.filter(({ passed }) => !passed);
    return outcome === 'pull-request' && failed.length > 0
      ? [`${id} was approved by a reviewer that failed its exam`]
      : [];
  }),
  ...reviewers.flatMap(({ flow, exams }) =>
    exams.flatMap(({ reviewer, kind, broken }) =>
      broken === undefined
        ? []
        : [`${flow}: ${reviewer} could not sit the ${kind} exam: ${broken}`],
    ),
  ),
  ...answers.flatMap(({ spec, schemaErrors }) =>
    schemaErrors === 0 ? [] : [`${spec}: ${schemaErrors} answers did not follow their schema`],
  ),
];

/** Whose branches a night opened. */
type Opened = { readonly repository: string; readonly summary: Summary };

/** Files of opened pull requests that are not byte for byte what the rules make of them. */
export const unlikeRules = async (model: Opened, rules: Opened): Promise<readonly string[]> => {
  const faults: string[] = [];
  for (const { id, branch } of model.summary.specs) {
    if (branch === null) continue;
    const made = changed(
      await readTree(model.repository, 'main'),
      await readTree(model.repository, branch),
    );
    const own = rules.summary.specs.find((spec) => spec.id === id)?.branch;
    const wanted = own ? await readTree(rules.repository, own) : undefined;
    for (const [path, bytes] of made) {
      if (wanted?.get(path)?.bytes.equals(bytes)) continue;
      faults.push(`${id}: ${path} was approved and is not what the rules make of it`);
    }
  }
  return faults;
};

const changed = (base: Tree, after: Tree): ReadonlyMap<string, Buffer> =>
  new Map(
    [...after]
      .filter(([path, { bytes }]) => base.get(path)?.bytes.equals(bytes) !== true)
      .map(([path, { bytes }]) => [path, bytes]),
  );
