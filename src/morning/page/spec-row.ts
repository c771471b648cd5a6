// SPDX-License-Identifier: GPL-3.0-only
import { countNoun } from '../../data/count-noun.ts';
import { describeTests } from '../../forge/pull-request-text.ts';
import { gateRules, passedRules } from '../../review/gate/gate-rules.ts';
import type { SpecRow, UnitRow } from '../client/page-data.ts';
import { versionWhy } from '../report.ts';
import type { SpecSummary, UnitSummary } from '../summary.ts';

/** A spec as the page shows it; `chunk` is the part of the page that has its steps. */
export const specRowOf = (spec: SpecSummary, chunk?: number): SpecRow => {
  const { id, title, flow, reason, url, branch, left = [] } = spec;
  const link = url !== undefined && /^https?:\/\//.test(url) ? url : undefined;
  return {
    id,
    title,
    flow,
    reason: spec.waiting === undefined ? reason : `${reason}. It waits to be sent: ${spec.waiting}`,
    facts: factsOf(spec),
    units: spec.unitDetails.map(unitRowOf),
    left,
    ...(link !== undefined && { link }),
    ...(branch !== null && { command: commandsFor(branch) }),
    ...(chunk !== undefined && { chunk }),
  };
};

const commandsFor = (branch: string): string =>
  `git switch ${branch}\npantheon accept ${branch} --merge\npantheon reject ${branch} --why "..."`;

const factsOf = ({
  patch,
  tests,
  units,
  unitDetails,
  versions = [],
}: SpecSummary): readonly string[] => [
  ...(patch
    ? [`+${patch.insertions} −${patch.deletions} in ${countNoun(patch.files, 'file')}`]
    : []),
  ...(tests ? [describeTests(tests).replace(/\.$/, '')] : []),
  ...verdictsOf(unitDetails),
  ...(units.approved > 0 ? [`${countNoun(units.approved, 'unit')} approved`] : []),
  ...(units.red > 0 ? [`${units.red} red`] : []),
  ...(units.skipped > 0 ? [`${units.skipped} already as asked`] : []),
  ...versions.map(({ node, adapter, why }) => `${node} by ${adapter}, ${versionWhy[why]}`),
];

/** `reviewA approved 12 of 13`, over the units that it judged. */
const verdictsOf = (units: readonly UnitSummary[]): readonly string[] => {
  const reviews = units.flatMap((unit) => unit.reviews ?? []);
  return [...Map.groupBy(reviews, ({ reviewer }) => reviewer)].map(([reviewer, own]) => {
    const approvals = own.filter(({ verdict }) => verdict === 'approve').length;
    return `${reviewer} approved ${approvals} of ${own.length}`;
  });
};

const unitRowOf = ({
  id,
  state,
  paths,
  node,
  code,
  reason,
  reviews = [],
}: UnitSummary): UnitRow => {
  const passed = state === 'approved' ? gateRules.length : passedRules(code);
  return {
    id,
    state: state === 'skipped' ? 'already as asked' : state,
    paths,
    ...(reason !== undefined && { reason: node === undefined ? reason : `${node}: ${reason}` }),
    reviews,
    ...(passed !== undefined && { passed }),
  };
};
