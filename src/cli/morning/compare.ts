// SPDX-License-Identifier: GPL-3.0-only
import { printableLines } from '../../data/printable.ts';
import {
  type ChangedSpec,
  type ComparedNight,
  compareNights,
  type NightComparison,
} from '../../morning/compare-nights.ts';
import { hoursText } from '../../morning/panels/figures.ts';
import { readSummary } from '../../morning/read-summary.ts';
import { readNodes } from '../../night/publish/morning-page.ts';
import { openNight, type TraceArguments } from '../shared/nights.ts';

/** `pantheon compare`: what is different in the second of two nights. */
export const compareCommand = async (
  before: string,
  after: string,
  args: TraceArguments & { readonly json?: true },
): Promise<void> => {
  const compared = compareNights(await readCompared(before, args), await readCompared(after, args));
  const said = args.json
    ? JSON.stringify(compared, null, 2)
    : printableLines(describe(compared).join('\n'));
  process.stdout.write(`${said}\n`);
};

const readCompared = async (name: string, args: TraceArguments): Promise<ComparedNight> => {
  const folder = await openNight(name, args);
  return { summary: await readSummary(folder), nodes: readNodes(folder).nodes };
};

const describe = ({
  nights,
  counts,
  specs,
  unchanged,
  agents,
  reds,
  hours,
}: NightComparison): readonly string[] => [
  `${nights[0]} -> ${nights[1]}`,
  `pull requests ${counts[0].pullRequests} -> ${counts[1].pullRequests}, red bins ${counts[0].redBins} -> ${counts[1].redBins}, skipped ${counts[0].skipped} -> ${counts[1].skipped}, worked for ${hoursText(hours[0])} -> ${hoursText(hours[1])}`,
  '',
  `Specs (${specs.length} ended otherwise, ${unchanged} as before)`,
  ...specs.map(({ spec, ...one }) => `  ${spec}: ${ending(one.before)} -> ${ending(one.after)}`),
  ...section(
    'Red by code',
    reds.map(({ code, counts: [first, second] }) => `${code}: ${first} -> ${second}`),
  ),
  ...section('Agents', [
    ...agents.gone.map((agent) => `- ${agent}`),
    ...agents.came.map((agent) => `+ ${agent}`),
  ]),
];

const ending = (one: ChangedSpec['before']): string => {
  if (one === null) return 'not there';
  return one.code === null ? one.outcome : `${one.outcome} (${one.code})`;
};

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
