// SPDX-License-Identifier: GPL-3.0-only

import { readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { UserError } from '../data/user-error.ts';
import type { WorkNight } from '../night/child/outside.ts';
import { createExample } from '../night/example.ts';
import { unfinishedNights } from '../night/record/night-folder.ts';
import { type NightEnd, type NightOptions, startNight } from '../night/start-night.ts';
import type { shadowNight } from '../night/trial/shadow-night.ts';
import { printPreview } from './night-preview.ts';
import { atNight } from './shared/at-night.ts';
import { Interrupted } from './shared/interrupt.ts';
import { readDate } from './shared/night-date.ts';
import { renderOutcomes } from './shared/outcome-table.ts';
import { locate } from './shared/state.ts';
import { workerOf } from './shared/worker.ts';

export type NightArguments = {
  readonly example?: true;
  readonly repo: string;
  readonly specs?: string;
  readonly profile?: string;
  readonly retry?: string;
  readonly only?: readonly string[];
  readonly resume?: true;
  readonly giveUp?: true;
  readonly preview?: true;
  readonly date?: string;
  readonly json?: true;
  readonly strict?: true;
};

/** `pantheon night`: see its help for the exit codes. */
export const nightCommand = async (
  args: NightArguments,
  worker: (args: NightArguments) => Promise<WorkNight> = workerOf,
): Promise<void> => {
  const startedAt = readDate(args.date);
  if (args.giveUp && (args.resume || args.preview))
    throw new UserError('--give-up begins a new night; leave out --resume and --preview');
  if (args.preview) return preview(args, startedAt, await worker(args));
  let state: NightOptions['state'] | undefined;
  const quiet = args.json === true;
  const from = performance.now();
  const { end, place } = await atNight(
    { quiet },
    () => farewell(args, state),
    async (running) => {
      const place = await placeOf(args, startedAt);
      state = place.state;
      const end = await startNight({
        ...place,
        ...running,
        ...chosen(args),
        startedAt,
        resume: args.resume === true,
        giveUp: args.giveUp === true,
        work: await worker(args),
      });
      return { end, place };
    },
  );
  print(args, end, relativeTo(place.repository));
  process.exitCode = exitCodeOf(args, end);
  if (!(await hasAdapters(end))) return;
  const mostMs = Math.max(leastShadowMs, performance.now() - from);
  await shadow(end, { quiet }, { ...place, mostMs, work: await worker(args) });
};

/** Loading a model takes its time, however short the night was. */
const leastShadowMs = 10 * 60_000;

/** Whether a name in the profile stood for a version of `registry.yaml`; most nights load nothing for shadows. */
const hasAdapters = async ({ folder }: NightEnd): Promise<boolean> =>
  'adapters' in JSON.parse(await readFile(join(folder, 'night.json'), 'utf8'));

/** What candidates work beside the champions once the night is over; its end and its exit code stay as they are. */
const shadow = async (
  end: NightEnd,
  { quiet }: { readonly quiet: boolean },
  run: Omit<Parameters<typeof shadowNight>[1], 'say' | 'signal'>,
): Promise<void> => {
  const { shadowNight } = await import('../night/trial/shadow-night.ts');
  const stopped = 'Interrupted; the night has ended, and what works in the shadow was stopped.';
  await atNight(
    { quiet },
    async () => stopped,
    ({ say, signal }) => shadowNight(end, { ...run, say, signal }),
  ).catch((error) => {
    if (!(error instanceof Interrupted)) throw error;
    console.error(error.message);
  });
};

const chosen = ({ profile, retry, only, example }: NightArguments) => ({
  ...{ profile, retry, example: example === true },
  only: only?.flatMap((ids) => ids.split(',')).filter((id) => id !== ''),
});

const preview = async (args: NightArguments, startedAt: string, work: WorkNight): Promise<void> => {
  if (args.resume) throw new UserError('--preview begins nothing; leave out --resume');
  const options = { ...(await placeOf(args, startedAt)), ...chosen(args), startedAt, work };
  const json = args.json === true;
  const { mistakes } = await printPreview(options, { json, quiet: json });
  process.exitCode = mistakes.length > 0 ? 2 : 0;
};

/** What a person can do after a Ctrl-C; only a night that was decided can be resumed. */
const farewell = async (
  { example, repo }: NightArguments,
  state: NightOptions['state'] | undefined,
): Promise<string> => {
  if (example) return 'Interrupted. Run the example again for a fresh one.';
  const unfinished = state ? await unfinishedNights(state.traces) : [];
  if (unfinished.length === 0) return 'Interrupted before anything was decided; run it again.';
  const how = `${process.env.PANTHEON_COMMAND ?? 'pantheon'} night --resume${repo === '.' ? '' : ` --repo ${repo}`}`;
  return `Interrupted; every finished step is kept. With --give-up it is put aside; to go on: ${how}`;
};

const placeOf = async (
  args: NightArguments,
  startedAt: string,
): Promise<Pick<NightOptions, 'repository' | 'specs' | 'state'>> => {
  if (args.example) {
    if (args.repo !== '.')
      throw new UserError('--example brings its own repository; leave out --repo');
    const example = await createExample(startedAt);
    return { ...example, ...(args.specs !== undefined && { specs: resolve(args.specs) }) };
  }
  const { repository, state } = await locate(args.repo);
  return {
    repository: repository.root,
    state,
    ...(args.specs !== undefined && { specs: args.specs }),
  };
};

const print = (
  args: NightArguments,
  { summary, folder, mistakes }: NightEnd,
  repository: string,
): void => {
  if (args.json) {
    process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
    return;
  }
  const elsewhere = args.repo === '.' ? undefined : args.repo;
  const repo = args.example ? repository : elsewhere;
  const width = process.stdout.isTTY ? process.stdout.columns || 80 : undefined;
  const around = { folder: relativeTo(folder), repo, mistakes, width };
  process.stdout.write(renderOutcomes(summary, around));
};

/** The shorter of a path from here and from the top. */
const relativeTo = (path: string): string => {
  const here = relative(process.cwd(), path);
  return here === '' ? '.' : here.startsWith('..') ? path : here;
};

const exitCodeOf = (args: NightArguments, { summary, mistakes }: NightEnd): number => {
  if (mistakes.length > 0) return 2;
  return args.strict && summary.counts.redBins > 0 ? 1 : 0;
};
