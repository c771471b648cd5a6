// SPDX-License-Identifier: GPL-3.0-only
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { digestOf } from '../../data/digest.ts';
import { readSummary } from '../../morning/read-summary.ts';
import type { Summary } from '../../morning/summary.ts';
import { readExamResults, recordExamResults } from '../../review/exam/stored-results.ts';
import { extendLedger, readLedger } from '../../review/kappa/ledger.ts';
import type { Spec } from '../../spec/schema.ts';
import { extendSealed } from '../../trace/sign/seal.ts';
import { resolveRepository } from '../../workspace/repository.ts';
import { decideOnly } from '../preview-night.ts';
import { readNight, unfinishedNights } from '../record/night-folder.ts';
import type { Night } from '../record/night-schemas.ts';
import { type StateFolder, stateAt } from '../record/state-folder.ts';
import { type NightOptions, startNight } from '../start-night.ts';
import { makeTrialRepository, type TrialTree } from './trial-repository.ts';

/** A night that opens nothing: its repository, its state and its branches lie in a folder of its own. */
export type Trial = Pick<NightOptions, 'example' | 'work' | 'watch' | 'say' | 'signal'> & {
  readonly tree: TrialTree;
  readonly specs: readonly Spec[];
  /** Repository and state go into a folder that is named so, with an ending; of another trial's it is removed. */
  readonly place: string;
  /** State folders whose reviewers sat exams before; packages that are prepared in them serve. */
  readonly examined: readonly StateFolder[];
};

/** The state folders of the trials in a folder. */
export const trialStates = (folder: string): readonly StateFolder[] =>
  (existsSync(folder) ? readdirSync(folder) : [])
    .map((name) => join(folder, name, 'state'))
    .filter((state) => existsSync(state))
    .map(stateAt);

type Prepared = Pick<NightOptions, 'repository' | 'state' | 'specs'>;

/** How a trial ended; forgotten, it is not gone on with but worked again. */
export type TrialEnd = {
  readonly summary: Summary;
  readonly folder: string;
  readonly forget: () => void;
};

/**
 * Runs a trial to its end, or goes on with the one that was begun in its place.
 * @throws UserError as a night does; the signal's reason when interrupted.
 */
export const runTrial = async (trial: Trial): Promise<TrialEnd> => {
  const prepared = await prepare(trial);
  const { state } = prepared;
  const unfinished = await unfinishedNights(state.traces);
  const forget = (): void => rmSync(join(state.root, '..', markName), { force: true });
  const [ended] = unfinished.length > 0 ? [] : nightsThere(state);
  if (ended !== undefined) {
    const folder = join(state.traces, ended);
    return { summary: await readSummary(folder), folder, forget };
  }
  const { summary, folder } = await startNight({
    ...optionsOf(trial, prepared),
    resume: unfinished.length > 0,
  });
  return { summary, folder, forget };
};

/** Decides a trial and works none of it: what would judge it, and by what. */
export const decideTrial = async (trial: Trial): Promise<Night> => {
  const prepared = await prepare(trial);
  const repository = await resolveRepository(prepared.repository);
  return decideOnly(optionsOf(trial, prepared), repository);
};

/** The night of a trial that has ended. */
export const trialNight = (folder: string): Promise<Night> => readNight(folder);

const optionsOf = (
  { tree, example, work, watch, say, signal }: Trial,
  prepared: Prepared,
): Omit<NightOptions, 'resume'> => ({
  ...prepared,
  startedAt: tree.date,
  ...{ example, work, watch, say, signal },
});

const nightsThere = ({ traces }: StateFolder): readonly string[] =>
  (existsSync(traces) ? readdirSync(traces) : []).filter((name) =>
    existsSync(join(traces, name, 'summary.json')),
  );

const markName = 'trial.json';

/**
 * The same trial finds its folder as it left it. A new one has a name of its own: what is sealed in a folder
 * that is gone would be missed.
 */
const prepare = async ({ tree, specs, place, examined }: Trial): Promise<Prepared> => {
  const [parent, prefix] = [dirname(place), `${basename(place)}.`];
  const plan = digestOf({ ...tree, specs });
  const before = (existsSync(parent) ? readdirSync(parent) : [])
    .filter((name) => name.startsWith(prefix))
    .map((name) => join(parent, name));
  const same = before.find(
    (folder) =>
      existsSync(join(folder, markName)) && readFileSync(join(folder, markName), 'utf8') === plan,
  );
  if (same !== undefined) return placesIn(same);
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, prefix));
  const places = placesIn(folder);
  await makeTrialRepository(tree, places.repository);
  mkdirSync(places.specs);
  for (const spec of specs) {
    // It stands alone here: what it waited for is in its base or is not.
    const text = JSON.stringify({ ...spec, dependsOn: [] });
    writeFileSync(join(places.specs, `${spec.id}.json`), text);
  }
  mkdirSync(places.state.root);
  await takeExams(places.state, examined);
  const packages = examined.map(({ root }) => join(root, 'deps')).find((one) => existsSync(one));
  if (packages !== undefined) symlinkSync(packages, join(places.state.root, 'deps'));
  writeFileSync(join(folder, markName), plan);
  for (const other of before) rmSync(other, { recursive: true, force: true });
  return places;
};

const placesIn = (folder: string) => ({
  repository: join(folder, 'repository'),
  specs: join(folder, 'specs'),
  state: stateAt(join(folder, 'state')),
});

/** Reviewers that passed an exam need not sit it again: a result is tied to what answered. */
const takeExams = async (
  { root }: StateFolder,
  examined: readonly StateFolder[],
): Promise<void> => {
  const results = new Map<string, Awaited<ReturnType<typeof readExamResults>>[number]>();
  const pairs = new Map<string, Awaited<ReturnType<typeof readLedger>>[number]>();
  for (const state of examined) {
    for (const result of await readExamResults(state.root)) results.set(digestOf(result), result);
    for (const pair of await readLedger(state.root)) {
      if (pair.source === 'exam') pairs.set(digestOf(pair), pair);
    }
  }
  const extend = extendSealed(root);
  if (results.size > 0) await recordExamResults(root, [...results.values()], extend);
  if (pairs.size > 0) await extendLedger(root, [...pairs.values()], extend);
};
