// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import { countNoun } from '../data/count-noun.ts';
import { printableLines } from '../data/printable.ts';
import { workedHours } from '../morning/metrics/expected-accepted.ts';
import { hoursText } from '../morning/panels/figures.ts';
import { summaryIfReadable } from '../morning/read-summary.ts';
import { type NightPreview, previewNight } from '../night/preview-night.ts';
import { readNodes } from '../night/publish/morning-page.ts';
import { measuredNights } from '../night/record/measured-seconds.ts';
import { atNight } from './shared/at-night.ts';
import { publishedNights } from './shared/nights.ts';

type PreviewOptions = Omit<Parameters<typeof previewNight>[0], 'watch' | 'say' | 'signal'>;

/** Prints what a night that began now would do, why, and how long it would take as the last ones went. */
export const printPreview = async (
  options: PreviewOptions,
  { json, quiet }: { readonly json: boolean; readonly quiet: boolean },
): Promise<NightPreview> => {
  const farewell = async () => 'Interrupted; nothing was begun.';
  const preview = await atNight({ quiet }, farewell, (running) =>
    previewNight({ ...options, ...running }),
  );
  const pace = await measurePace(options.state.traces);
  const said = json
    ? JSON.stringify({ ...asData(preview), hours: hoursOf(preview, pace), pace }, null, 2)
    : printableLines(describe(preview, pace).join('\n'));
  process.stdout.write(`${said}\n`);
  return preview;
};

/** What the last nights took, all of a night counted: [h] and specs that were worked. */
type Pace = { readonly nights: number; readonly specs: number; readonly hours: number };

const measurePace = async (traces: string): Promise<Pace> => {
  const nights = (await publishedNights(traces)).slice(-measuredNights);
  let [specs, hours] = [0, 0];
  for (const night of nights) {
    const folder = join(traces, night);
    const summary = await summaryIfReadable(folder);
    if (!summary) continue;
    specs += summary.specs.filter(({ outcome }) => outcome !== 'skipped').length;
    hours += workedHours(readNodes(folder).nodes);
  }
  return { nights: nights.length, specs, hours };
};

const hoursOf = ({ worked }: NightPreview, { specs, hours }: Pace): number | null =>
  specs === 0 ? null : (worked.length * hours) / specs;

const asData = ({ unfinished, worked, skipped, adapters, mistakes }: NightPreview) => ({
  unfinished,
  worked: worked.map(({ spec, flow, branch, canary, route, why }) => ({
    ...{ spec: spec.id, flow, branch, why },
    ...(canary !== undefined && { canary }),
    ...(route !== undefined && { route }),
  })),
  skipped: skipped.map(({ spec, skip, skipCode }) => ({
    spec: spec.id,
    reason: skip,
    code: skipCode,
  })),
  adapters,
  mistakes,
});

const adapterLines = (adapters: NightPreview['adapters']): readonly string[] =>
  Object.entries(adapters).flatMap(([node, { agent, alias, version, candidate, routes = [] }]) => {
    const named = alias === undefined ? '' : `, the ${alias}`;
    const share =
      candidate === undefined
        ? ''
        : `; ${agent}@${candidate.version} works ${Math.round(candidate.share * 100)} % of the specs`;
    return [
      `Adapter of ${node}: ${agent}@${version}${named}${share}`,
      ...routes.map(
        (route) =>
          `  ${agent}@${route.version} works what asks for ${route.chores.length === 0 ? 'no chore' : `just ${route.chores.join(', ')}`}`,
      ),
    ];
  });

const describe = (preview: NightPreview, pace: Pace): readonly string[] => {
  const { unfinished, worked, skipped, mistakes } = preview;
  const hours = hoursOf(preview, pace);
  return [
    ...unfinished.map((folder) => `Finished first: ${folder}, which was interrupted`),
    `Worked (${worked.length})`,
    ...worked.map(
      ({ spec, flow, why, canary, route }) =>
        `  ${spec.id} (${flow}): ${why}${canary === undefined ? '' : `; by ${canary}, the candidate`}${route === undefined ? '' : `; by ${route}, its route`}`,
    ),
    ...adapterLines(preview.adapters),
    `Skipped (${skipped.length})`,
    ...skipped.map(({ spec, skip = '', skipCode }) => `  ${spec.id}: ${skip} [${skipCode}]`),
    ...(mistakes.length > 0
      ? [`Not read (${mistakes.length})`, ...mistakes.map((line) => `  ${line}`)]
      : []),
    hours === null
      ? 'How long it takes is not measured yet.'
      : `About ${hoursText(hours)}, as ${countNoun(pace.specs, 'spec')} of the last ${countNoun(pace.nights, 'night')} took ${hoursText(pace.hours)}.`,
    'Nothing was begun, and no engine was asked.',
  ];
};
