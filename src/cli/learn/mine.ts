// SPDX-License-Identifier: GPL-3.0-only
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { discoverAgents } from '../../agent/registry.ts';
import { countNoun } from '../../data/count-noun.ts';
import { installationFolder } from '../../data/installation.ts';
import { printable, printableLines } from '../../data/printable.ts';
import { UserError } from '../../data/user-error.ts';
import { datasetCard } from '../../learn/mine/dataset-card.ts';
import { type DecidedUnits, decidedUnits } from '../../learn/mine/decided-units.ts';
import { leftOutReasons } from '../../learn/mine/left-out.ts';
import { type Mined, mine } from '../../learn/mine/mine.ts';
import { appendDataset } from '../../learn/mine/mined-datasets.ts';
import { stagesBy } from '../../learn/mine/stage.ts';
import { committedConfig, openForge } from '../../night/open/open-forge.ts';
import { putAside } from '../../night/record/night-folder.ts';
import { publishedNights, type TraceArguments, tracesOf } from '../shared/nights.ts';
import { nightsSince } from '../shared/nights-since.ts';
import { repositoryChores } from '../shared/repository-chores.ts';
import { locate } from '../shared/state.ts';

type MineArguments = TraceArguments & {
  readonly since?: string;
  readonly agent?: string;
  readonly out?: string;
  readonly heldOut: string;
  readonly licence: string;
  readonly dryRun?: true;
  readonly json?: true;
};

/** `pantheon mine`: writes rows and their card into `--out`; exit code 1 where there are no rows. */
export const mineCommand = async (args: MineArguments): Promise<void> => {
  const heldOut = readShare(args.heldOut);
  if (!/^[a-z0-9][a-z0-9.-]*$/.test(args.licence)) {
    throw new UserError(`--licence: "${args.licence}" is not an id. Write one such as gpl-3.0`);
  }
  const out = args.dryRun ? undefined : await emptyFolder(args.out);
  const { nights, mined } = await mineNights(args, heldOut, out);
  if (out !== undefined && mined.files.length > 0) {
    const [first = '', last = ''] = [nights[0], nights.at(-1)];
    const command = commandOf(args, first);
    const card = datasetCard(mined, { licence: args.licence, command, nights: [first, last] });
    await writeFile(join(out, 'dataset.json'), `${JSON.stringify(mined, null, 2)}\n`);
    await writeFile(join(out, 'README.md'), card);
    await remember(out, nights, mined, args);
  }
  const text = args.json
    ? JSON.stringify(mined, null, 2)
    : printableLines(linesOf(mined).join('\n'));
  process.stdout.write(`${text}\n`);
  if (mined.files.length === 0) process.exitCode = 1;
};

/** Mines the nights of a repository; without a folder rows are only counted. */
export const mineNights = async (
  args: TraceArguments & { readonly since?: string; readonly agent?: string },
  heldOut: number,
  out: string | undefined,
): Promise<{ readonly nights: readonly string[]; readonly mined: Mined }> => {
  const traces = await tracesOf(args);
  const nights = await chosenNights(traces, args.since);
  const chores = await repositoryChores(args.repo);
  const mined = await mine({
    nights: nights.map((night) => join(traces, night)),
    decided: await decidedIn(args.repo),
    stageOf: stagesBy(chores),
    makers: { chores, prompts: await pickingPrompts() },
    ...{ agent: args.agent, heldOut, out },
  });
  return { nights, mined };
};

/** `decide.txt` of each agent that ships and can pick. */
const pickingPrompts = async (): Promise<ReadonlyMap<string, string>> => {
  const entries = await discoverAgents([join(installationFolder, 'actions')]);
  const picking = [...entries.values()].filter(
    ({ manifest }) => manifest.kind === 'model' && manifest.decision,
  );
  return new Map(
    await Promise.all(
      picking.map(
        async ({ manifest: { name }, folder }) =>
          [name, await readFile(join(folder, 'decide.txt'), 'utf8')] as const,
      ),
    ),
  );
};

/** The share of `--held-out`. @throws UserError for what is none. */
export const readShare = (text: string): number => {
  const share = Number(text);
  if (/^\d*\.?\d+$/.test(text) && share < 1) return share;
  throw new UserError(
    `--held-out: "${text}" is not a share. Write one from 0 to below 1, such as 0.1`,
  );
};

const chosenNights = async (
  traces: string,
  since: string | undefined,
): Promise<readonly string[]> => {
  const nights = (await publishedNights(traces)).filter((night) => !night.endsWith(putAside));
  const chosen = since === undefined ? nights : await nightsSince(traces, nights, since);
  if (chosen.length > 0) return chosen;
  throw new UserError(
    nights.length === 0
      ? `no night has ended yet in ${traces}. Run "pantheon night", or name the folder of nights with --traces`
      : `no night began since ${since}; the last one is ${nights.at(-1)}. Give an earlier --since`,
  );
};

/** @throws UserError where there is something in it: old rows beside new ones would be one dataset. */
const emptyFolder = async (out: string | undefined): Promise<string> => {
  if (out === undefined) {
    throw new UserError(
      'nothing says where the rows go. Add --out DIR, or --dry-run to count them',
    );
  }
  const folder = resolve(out);
  try {
    await mkdir(folder, { recursive: true });
    if ((await readdir(folder)).length === 0) return folder;
  } catch (cause) {
    throw new UserError(`--out: ${folder} is not a folder that can be written. Name another`, {
      cause,
    });
  }
  throw new UserError(`--out: ${folder} is not empty. Name another folder, or empty it`);
};

const decidedIn = async (repo: string): Promise<DecidedUnits> => {
  const { repository, state } = await locate(repo);
  const say = (line: string): void => console.error(printable(line));
  const config = await committedConfig(repository);
  const forge = await openForge({ repository, state, config, say, otherwise: 'local' });
  return decidedUnits(await forge.resolutions(new Date()));
};

/** Nights of the state folder are kept for it by `pantheon trace prune`. */
const remember = async (
  folder: string,
  nights: readonly string[],
  { bundles }: Mined,
  { traces, repo }: MineArguments,
): Promise<void> => {
  const { state } = await locate(repo);
  if (traces !== undefined && resolve(traces) !== state.traces) return;
  appendDataset(state.datasets, { folder, nights: [...nights], bundles });
};

/** What builds it again: a time such as 7d is another one tomorrow, so the first night stands for it. */
const commandOf = ({ agent, heldOut, licence }: MineArguments, first: string): string =>
  [
    `pantheon mine --out rows --since ${first} --held-out ${heldOut}`,
    ...(agent === undefined ? [] : [`--agent '${printable(agent).replaceAll(/['`]/g, '')}'`]),
    ...(licence === 'other' ? [] : [`--licence ${licence}`]),
  ].join(' ');

const linesOf = ({ bundles, nights, files, groups, audit, leftOut }: Mined): readonly string[] => {
  const cut = audit.train.characters.cut + audit['held-out'].characters.cut;
  const width = Math.max(...files.map(({ name }) => name.length));
  return [
    `${countNoun(bundles.count, 'step')} of ${countNoun(nights, 'night')} became rows; ${countNoun(groups.train, 'group')} for training, ${groups['held-out']} held out.`,
    ...files.map(({ name, rows }) => `  ${name.padEnd(width)} ${countNoun(rows, 'row')}`),
    `Steps: ${audit.train.steps.trained + audit['held-out'].steps.trained} trained, ${audit.train.steps.masked + audit['held-out'].steps.masked} masked; ${cut} characters cut.`,
    ...Object.entries(leftOutReasons).flatMap(([reason, words]) => {
      const count = leftOut[reason as keyof typeof leftOut];
      return count === 0 ? [] : [`Left out: ${count}, because ${words}.`];
    }),
  ];
};
