// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import { choresAsked } from '../../chore/read-asked.ts';
import { countNoun } from '../../data/count-noun.ts';
import { canonicalJson } from '../../data/digest.ts';
import { printable, printableLines } from '../../data/printable.ts';
import { UserError } from '../../data/user-error.ts';
import { adapterName } from '../../engine/models/adapter-name.ts';
import { type AgentVersions, versionsOf, withAgent } from '../../engine/models/registry.ts';
import { registryName } from '../../engine/models/registry-names.ts';
import { findVersion } from '../../learn/eval/find-version.ts';
import type { KeptEval } from '../../learn/eval/kept-eval.ts';
import { decidedUnits } from '../../learn/mine/decided-units.ts';
import { usualBar } from '../../learn/promote/judge-eval.ts';
import { type JudgedTable, judgeTable, type Regret } from '../../learn/route/judge-table.ts';
import type { RouteRow } from '../../learn/route/table.ts';
import { openForge } from '../../night/open/open-forge.ts';
import { committedChores } from '../../night/open/open-setup.ts';
import { type CommittedFiles, readCommit } from '../../night/open/read-commit.ts';
import { proposeRegistry } from '../../night/propose-registry.ts';
import type { StateFolder } from '../../night/record/state-folder.ts';
import { routeEpisodes } from '../../night/route-episodes.ts';
import { isJudgedAsToday } from '../../night/trial/judged-as-today.ts';
import { openBaseTree } from '../../workspace/base-tree.ts';
import type { Repository } from '../../workspace/repository.ts';
import { readCount } from '../shared/count-option.ts';
import { publishedNights, type TraceArguments, tracesOf } from '../shared/nights.ts';
import { nightsSince } from '../shared/nights-since.ts';
import { locate } from '../shared/state.ts';
import { whileDay } from '../shared/while-day.ts';
import { workerOf } from '../shared/worker.ts';
import { judgedLines, nextStep } from './promote.ts';
import { evidenceOf, keptEvals, refuseMixed, routableVersions } from './route-evidence.ts';

type RouteArguments = TraceArguments & {
  readonly since?: string;
  readonly leastSpecs: string;
  readonly leastPairs: string;
  readonly dryRun?: true;
  readonly json?: true;
};

const say = (line: string): void => console.error(printable(line));

type Opened = {
  readonly repository: Repository;
  readonly state: StateFolder;
  readonly commit: CommittedFiles;
};

/** `pantheon route AGENT`: learns which version works which specs best, and proposes that where it is better. */
export const routeCommand = async (agent: string, args: RouteArguments): Promise<void> => {
  const leastSpecs = readCount('--least-specs', args.leastSpecs, 100_000);
  const leastPairs = readCount('--least-pairs', args.leastPairs, 100_000);
  const farewell = 'Interrupted; nothing was proposed.';
  await whileDay('pantheon route', farewell, async (signal) => {
    const { repository, state } = await locate(args.repo);
    const base = await openBaseTree(repository.root, repository.head);
    try {
      const commit = await readCommit(base);
      const opened = { repository, state, commit };
      const { champion, versions, learned } = await learn(agent, args, opened, {
        leastSpecs,
        leastPairs,
        signal,
      });
      const table = learned.table.filter(({ choice }) => choice !== champion.version);
      const lines = [...tableLines(agent, learned, champion.version), ...judgementLines(learned)];
      const said = { agent, champion: champion.version, ...learned };
      const isBetter = learned.judged.verdict === 'PROMOTE' && table.length > 0;
      if (!isBetter || args.dryRun) {
        print(args, said, [...lines, 'Nothing was proposed.']);
        if (!isBetter) process.exitCode = 1;
        return;
      }
      const registry = await commit.registry();
      const before = versionsOf(registry, agent) as AgentVersions;
      const routes = {
        champion: champion.version,
        table: table.map(({ chores, choice }) => ({ chores: [...chores], version: choice })),
      };
      if (canonicalJson(before.routes ?? null) === canonicalJson(routes)) {
        throw new UserError(`${registryName} has these routes already`);
      }
      const named = new Set(table.map(({ choice }) => choice));
      const listed = new Set(before.versions.map(({ version }) => version));
      const added = versions.filter(({ version }) => named.has(version) && !listed.has(version));
      const { branch, where } = await proposeRegistry({
        ...opened,
        registry: withAgent(registry, agent, {
          ...before,
          routes,
          versions: [...before.versions, ...added],
        }),
        title: `Route the specs of ${agent}`,
        body: lines.map((line) => `    ${line}`),
        say,
      });
      print(args, { ...said, branch }, [...lines, `${branch}: ${nextStep(branch, where)}`]);
    } finally {
      await base.close();
    }
  });
};

const learn = async (
  agent: string,
  args: RouteArguments,
  { repository, state, commit }: Opened,
  {
    leastSpecs,
    leastPairs,
    signal,
  }: {
    readonly leastSpecs: number;
    readonly leastPairs: number;
    readonly signal: AbortSignal;
  },
) => {
  const registry = await commit.registry();
  const chores = await (await committedChores(commit, state.code))();
  const all = keptEvals(state, agent);
  const { champion, versions } = routableVersions(registry, agent, all);
  refuseMixed(agent, versions, all);
  const kept: KeptEval[] = [];
  for (const one of all) {
    if (one.result.incumbent.adapter !== champion.adapter) continue;
    const why = await whyLeftOut(one, { repository, state, commit }, signal);
    if (why === undefined) kept.push(one);
    else {
      const name = adapterName({ agent, version: one.result.candidate.version });
      say(`The evaluation of ${name} is left out: ${why}. "pantheon eval ${name}" makes another.`);
    }
  }
  const numbers = new Map(versions.map(({ adapter, version }) => [adapter, version]));
  const versionOf = (digest: string): number | undefined => numbers.get(digest);
  const evidence = evidenceOf(kept, champion, versionOf, chores);
  const traces = await tracesOf(args);
  const nights = await publishedNights(traces);
  const since = args.since === undefined ? nights : await nightsSince(traces, nights, args.since);
  const worked = await routeEpisodes({
    nights: since.map((night) => join(traces, night)),
    ...{ agent, versionOf },
    choresOf: (spec) => choresAsked(spec, chores),
    rejected: await rejectedSpecs({ repository, state, commit }),
  });
  // What was compared on purpose counts before what happened to be worked.
  const learned = judgeTable(
    [...worked, ...evidence.episodes],
    evidence.pairs,
    { champion: champion.version, leastSpecs },
    { ...usualBar, leastPairs },
  );
  return { champion, versions, learned };
};

/** Specs of which people rejected a unit, as `night/spec`. */
const rejectedSpecs = async ({
  repository,
  state,
  commit,
}: Opened): Promise<ReadonlySet<string>> => {
  const { config } = commit;
  const forge = await openForge({ repository, state, config, say, otherwise: 'local' });
  const units = decidedUnits(await forge.resolutions(new Date()));
  return new Set(
    [...units].flatMap(([address, resolution]) =>
      resolution === 'rejected' ? address.split('/').slice(0, 2).join('/') : [],
    ),
  );
};

/** Why an evaluation says nothing of today's version: other files, or other judges. */
const whyLeftOut = async (
  kept: KeptEval,
  opened: Opened,
  signal: AbortSignal,
): Promise<string | undefined> => {
  const { agent, candidate } = kept.result;
  const { commit } = opened;
  try {
    const there = await findVersion(agent, candidate.version, await commit.models());
    if (there.candidate.adapter !== candidate.adapter) {
      return `its files have changed since: sha256 ${candidate.adapter} then, ${there.candidate.adapter} now`;
    }
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  const today = { ...opened, registry: await commit.registry() };
  return (await isJudgedAsToday(kept, today, { say, signal, work: await workerOf({}) }))
    ? undefined
    : 'other agents, reviewers, rules or settings judge today';
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
