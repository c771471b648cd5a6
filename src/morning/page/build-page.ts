// SPDX-License-Identifier: GPL-3.0-only
import { countNoun } from '../../data/count-noun.ts';
import { UserError } from '../../data/user-error.ts';
import { scrubTexts } from '../../secrets/scrub.ts';
import type { Traces } from '../../trace/open-traces.ts';
import type { PageData, StepRow } from '../client/page-data.ts';
import type { SpecSummary, Summary } from '../summary.ts';
import { packSteps } from './pack-steps.ts';
import { pageDataOf } from './page-data-of.ts';
import { pageBytes, renderPage } from './render-page.ts';
import { bareRow, stepRowOf } from './step-row.ts';

/** What a page reads of a night's bundles. */
export type ReadTraces = Pick<Traces, 'list' | 'read'>;

/** Bytes that are kept for everything but the steps; ten thousand specs take a third of it. */
const restBytes = 3_500_000;

/** Steps of one spec that the page carries. */
const mostSteps = 600;

const order: readonly SpecSummary['outcome'][] = ['red-bin', 'pull-request', 'skipped'];

/** `report.html` in pieces: the steps of red bins first, as far as the room goes. */
export const buildPage = async (
  summary: Summary,
  traces: ReadTraces,
  panels: PageData['panels'] = [],
): Promise<readonly string[]> => {
  const specs = order.flatMap((outcome) =>
    summary.specs.filter((spec) => spec.outcome === outcome).map(({ id }) => id),
  );
  const steps = (spec: string): readonly StepRow[] => scrubTexts(stepsOf(traces, spec));
  const packed = await packSteps(specs, steps, pageBytes - restBytes);
  return renderPage(scrubTexts(pageDataOf(summary, packed, panels)), packed.parts);
};

/** A bundle that cannot be read has a row that says so; it is nobody else's loss. */
const stepsOf = (traces: ReadTraces, spec: string): readonly StepRow[] => {
  const addresses = readable(() => traces.list(spec));
  if (typeof addresses === 'string') {
    return [bareRow({ spec, unit: '_spec', node: 'bundles' }, 'unreadable', addresses)];
  }
  const more = addresses.length - mostSteps;
  const rows = addresses.slice(0, mostSteps).flatMap((address) => {
    const bundle = readable(() => traces.read(address));
    if (typeof bundle === 'string') return bareRow(address, 'unreadable', bundle);
    return bundle ? stepRowOf(bundle) : [];
  });
  if (more <= 0) return rows;
  const told = `${countNoun(more, 'more step')}: "pantheon trace show" has them.`;
  return [...rows, bareRow({ spec, unit: 'More', node: 'steps' }, 'left out', told)];
};

/** What was read, or why it could not be. */
const readable = <Value>(read: () => Value): Value | string => {
  try {
    return read();
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
};
