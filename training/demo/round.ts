// SPDX-License-Identifier: GPL-3.0-only
import { mkdtemp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeSpecs } from './notes.ts';
import { base, commitAll, type DemoPlace, learner, pantheon, writeProfiles } from './place.ts';

/** How the nights of a round are named. */
export const nightOf = { picks: 'picks', rules: 'rules' } as const;

const heldOut = '0.05';

/** What a night's units became, by the path of their note. */
type NightResult = { readonly approved: readonly string[]; readonly red: readonly string[] };

const unitSchema = z.object({ state: z.string(), paths: z.array(z.string()) });
const summarySchema = z.object({
  specs: z.array(z.object({ unitDetails: z.array(unitSchema).default([]) })),
});

/** Works notes by a profile in one night, five to a spec. */
export const workNotes = async (
  place: DemoPlace,
  {
    name,
    date,
    profile,
    paths,
  }: Readonly<Record<'name' | 'date' | 'profile', string>> & { readonly paths: readonly string[] },
): Promise<NightResult> => {
  const specs = await mkdtemp(join(place.folder, 'specs-'));
  await writeSpecs(specs, name, paths, 5);
  const args = ['--specs', specs, '--profile', profile, '--date', date, '--json'];
  const summary = summarySchema.parse(JSON.parse(await pantheon(place, ['night', ...args])));
  const units = summary.specs.flatMap(({ unitDetails }) => unitDetails);
  const pathsOf = (state: string) =>
    units.filter((unit) => unit.state === state).flatMap((unit) => unit.paths);
  return { approved: pathsOf('approved'), red: pathsOf('red') };
};

/** Rows that were mined: of the learner's own picks that both reviewers approved, and of what rules worked. */
export type MinedRows = { readonly folder: string; readonly own: number; readonly rules: number };

/** `pantheon mine` of all nights so far. */
export const mineNights = async (place: DemoPlace): Promise<MinedRows> => {
  const folder = await mkdtemp(join(place.folder, 'rows-'));
  await pantheon(place, ['mine', '--agent', learner, '--out', folder, '--held-out', heldOut]);
  const rows = await readFile(join(folder, 'decisions.train.jsonl'), 'utf8');
  const specs = rows
    .split('\n')
    .filter(Boolean)
    .map((row) => z.object({ id: z.string() }).parse(JSON.parse(row)).id.split('/')[1] ?? '');
  const own = specs.filter((spec) => spec.startsWith(nightOf.picks)).length;
  return { folder, own, rules: specs.length - own };
};

const trainedSchema = z.object({
  name: z.string(),
  rows: z.object({ train: z.number() }),
  loss: z.object({ first: z.number(), last: z.number() }),
});

/** What `pantheon train` says of an adapter. */
export type TrainedAdapter = Readonly<z.output<typeof trainedSchema>>;

/** `pantheon train` on rows: a LoRA adapter, registered as the candidate. */
export const trainCandidate = async (
  place: DemoPlace,
  rows: string,
  { python, epochs }: Readonly<Record<'python' | 'epochs', string>>,
): Promise<TrainedAdapter> => {
  const recipe = ['--rank', '16', '--epochs', epochs, '--rate', '0.001'];
  const asked = ['--dialect', 'decision', '--base', base.trained, '--rows', rows];
  const said = await pantheon(place, [
    ...['train', learner, ...asked, ...recipe],
    ...['--python', python, '--json'],
  ]);
  const trained = trainedSchema.parse(JSON.parse(said));
  const proposed = await pantheon(place, ['promote', trained.name, '--as', 'candidate', '--json']);
  const { branch } = z.object({ branch: z.string() }).parse(JSON.parse(proposed));
  await pantheon(place, ['accept', branch, '--merge']);
  return trained;
};

const count = z.number();
const judgedSchema = z.object({
  verdict: z.enum(['PROMOTE', 'REJECT', 'EXTEND', 'INCONCLUSIVE']),
  code: z.string(),
  pairs: z.object({ both: count, candidate: count, incumbent: count, neither: count }),
  p: z.number(),
  effect: z.object({ value: count, low: count, high: count }).nullable(),
  branch: z.string().optional(),
});

/** What `pantheon promote` says of a version. */
export type JudgedAdapter = Readonly<Omit<z.output<typeof judgedSchema>, 'branch'>>;

/**
 * `pantheon eval` on specs of no night and `pantheon promote`, at one look. Where it promotes, its pull request is merged
 * and the profile asks for the champion.
 */
export const judgeVersion = async (
  place: DemoPlace,
  version: string,
  specs: string,
): Promise<JudgedAdapter> => {
  await pantheon(place, ['eval', version, '--specs', specs, '--profile', 'picker', '--json']);
  const said = await pantheon(place, ['promote', version, '--looks', '1', '--json']);
  const { branch, ...judged } = judgedSchema.parse(JSON.parse(said));
  if (branch === undefined) return judged;
  await pantheon(place, ['accept', branch, '--merge']);
  await writeProfiles(place, true);
  await commitAll(place, `Use what ${version} made better`);
  return judged;
};
