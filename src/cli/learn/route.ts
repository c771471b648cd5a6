// SPDX-License-Identifier: GPL-3.0-only
import { countNoun } from '../../data/count-noun.ts';
import { printable, printableLines } from '../../data/printable.ts';
import { adapterName } from '../../engine/models/adapter-name.ts';
import { registryName } from '../../engine/models/registry-names.ts';
import type { JudgedTable, Regret } from '../../learn/route/judge-table.ts';
import type { RouteRow } from '../../learn/route/table.ts';
import { learnRoutes } from '../../night/trial/learn-routes.ts';
import { readCount } from '../shared/count-option.ts';
import type { TraceArguments } from '../shared/nights.ts';
import { publishedFolders } from '../shared/nights-since.ts';
import { locate } from '../shared/state.ts';
import { whileDay } from '../shared/while-day.ts';
import { workerOf } from '../shared/worker.ts';
import { judgedLines, nextStep } from './promote.ts';

type RouteArguments = TraceArguments & {
  readonly since?: string;
  readonly leastSpecs: string;
  readonly leastPairs: string;
  readonly dryRun?: true;
  readonly json?: true;
};

/** `pantheon route AGENT`: learns which version works which specs best, and proposes that where it is better. */
export const routeCommand = async (agent: string, args: RouteArguments): Promise<void> => {
  const leastSpecs = readCount('--least-specs', args.leastSpecs, 100_000);
  const leastPairs = readCount('--least-pairs', args.leastPairs, 100_000);
  const farewell = 'Interrupted; nothing was proposed.';
  await whileDay('pantheon route', farewell, async (signal) => {
    const request = {
      ...(await locate(args.repo)),
      ...{ agent, leastSpecs, leastPairs, signal },
      nights: await publishedFolders(args),
      work: await workerOf({}),
      say: (line: string): void => console.error(printable(line)),
    };
    await learnRoutes(request, async ({ champion, learned, routed, propose }) => {
      const lines = [...tableLines(agent, learned, champion), ...judgementLines(learned)];
      const said = { agent, champion, ...learned };
      const isBetter = learned.judged.verdict === 'PROMOTE' && routed.length > 0;
      if (!isBetter) process.exitCode = 1;
      if (!isBetter || args.dryRun) return print(args, said, [...lines, 'Nothing was proposed.']);
      const { branch, where } = await propose(lines.map((line) => `    ${line}`));
      print(args, { ...said, branch }, [...lines, `${branch}: ${nextStep(branch, where)}`]);
    });
  });
};

const choresText = ({ chores }: RouteRow): string =>
  chores.length === 0 ? 'no chore' : chores.join(', ');

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

const tableLines = (agent: string, { table }: JudgedTable, champion: number): readonly string[] =>
  table.length === 0
    ? [`No night and no evaluation has specs that a version of ${agent} in ${registryName} worked.`]
    : table.map((row) => {
        const counts = row.versions.map(
          ({ version, specs, accepted, estimate }) =>
            `@${version} ${accepted} of ${specs} (${percent(estimate)})`,
        );
        const choice =
          row.choice === champion ? 'the champion' : adapterName({ agent, version: row.choice });
        return `${choresText(row)}: ${choice}; ${counts.join(', ')}`;
      });

const judgementLines = ({ judged, regret }: JudgedTable): readonly string[] => [
  ...judgedLines('The routes', judged, 'the champion'),
  ...regretLines(regret),
];

const regretLines = ({
  specs,
  best,
  routed,
  champion,
  ofRoutes,
  ofChampion,
  unseen,
}: Regret): readonly string[] => {
  const regret = (lost: number, effect: Regret['ofRoutes']): string =>
    `${lost} of ${specs}${effect ? `, ${(100 * effect.value).toFixed(1)} % (${(100 * effect.low).toFixed(1)} to ${(100 * effect.high).toFixed(1)} %)` : ''}`;
  return [
    `  accepted of ${countNoun(specs, 'spec')} that were not learned from: best in hindsight ${best}, routed ${routed}, the champion alone ${champion}`,
    `  regret of the routes: ${regret(best - routed, ofRoutes)}`,
    `  regret of the champion alone: ${regret(best - champion, ofChampion)}`,
    ...(unseen === 0
      ? []
      : [`  left out: ${countNoun(unseen, 'spec')} that the version they are given did not work`]),
  ];
};

const print = (
  { json }: Pick<RouteArguments, 'json'>,
  value: object,
  lines: readonly string[],
): void => {
  const said = json ? JSON.stringify(value, null, 2) : printableLines(lines.join('\n'));
  process.stdout.write(`${said}\n`);
};
