// SPDX-License-Identifier: GPL-3.0-only
import { glob, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { runChore } from './docs/chore.ts';
import { type Trial, variantsOf } from './docs/variants.ts';
import { findDamage } from './docs/witness.ts';

/*
 * The frontmatter chore on real documents and generated variants of them: each must end normalised
 * or refused with its reason, with nothing damaged. Usage: evaluate-docs.ts [FOLDER...]; without
 * folders the corpora beside the repository, where they are there.
 */

const beside = join(import.meta.dirname, '../../shared/corpus');
const spec = {
  title: 'Normalise the notes',
  scope: '**/*.md',
  acceptance: [
    'The frontmatter of every note is normalised',
    'The body of every note is unchanged',
    'Every link resolves',
  ],
};

type Tally = {
  files: number;
  normalised: number;
  already: number;
  refused: number;
  faults: string[];
};
type Reasons = Map<string, number>;

const evaluate = async (folder: string): Promise<number> => {
  const paths: string[] = [];
  for await (const found of glob('**/*.{md,markdown}', { cwd: folder })) paths.push(found);
  for await (const found of glob('**/.*/**/*.{md,markdown}', { cwd: folder })) paths.push(found);
  const unique = [...new Set(paths)].sort();
  if (unique.length === 0) {
    console.log(`skipped ${folder}: no Markdown files there`);
    return 0;
  }
  const [real, made] = [newTally(), newTally()];
  const reasons: Reasons = new Map();
  for (const path of unique) {
    const bytes = await readFile(join(folder, path));
    for (const trial of variantsOf(path, bytes)) {
      await judge(trial, trial.variant === 'as it is' ? real : made, reasons);
    }
  }
  const name = relative(join(import.meta.dirname, '..'), folder);
  report(`${name}, as they are`, real);
  report(`${name}, variants`, made);
  for (const [reason, count] of [...reasons].sort((a, b) => b[1] - a[1]))
    console.log(`  ${String(count).padStart(6)} refused: ${reason}`);
  return real.faults.length + made.faults.length;
};

const newTally = (): Tally => ({ files: 0, normalised: 0, already: 0, refused: 0, faults: [] });

const judge = async (trial: Trial, tally: Tally, reasons: Reasons): Promise<void> => {
  tally.files += 1;
  const fault = (what: string) => tally.faults.push(`${trial.path} (${trial.variant}): ${what}`);
  const first = await runChore(trial.path, trial.bytes, spec);
  if (first.status === 'fail') {
    tally.refused += 1;
    const reason = first.notes
      .replaceAll(trial.path, '')
      .replace(/\(line \d+\)|\d{3,} bytes/g, '')
      .trim();
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    if (!first.after.equals(trial.bytes)) fault('refused and changed all the same');
    if (trial.kept && !trial.mustRefuse) fault(`refused without need: ${first.notes}`);
    return;
  }
  if (trial.mustRefuse) fault('was not refused');
  const damage = findDamage(trial, first.after);
  if (damage !== undefined) fault(`damaged: ${damage}`);
  if (!first.tests?.green) fault(`test.docs is red: ${first.tests?.notes}`);
  if (first.after.equals(trial.bytes)) {
    tally.already += 1;
    return;
  }
  tally.normalised += 1;
  const second = await runChore(trial.path, first.after, spec);
  if (second.status !== 'ok' || second.calls !== 0 || !second.after.equals(first.after)) {
    fault(`a second run changes it again: ${second.notes}`);
  }
};

const report = (name: string, { files, normalised, already, refused, faults }: Tally): void => {
  console.log(
    `${name}: ${files} documents, ${normalised} normalised, ${already} already so, ${refused} refused, ${faults.length} faults`,
  );
  for (const fault of faults.slice(0, 20)) console.log(`  FAULT ${fault}`);
};

const folders = process.argv.slice(2);
const chosen = folders.length > 0 ? folders : ['docs', 'jekyll'].map((name) => join(beside, name));
let faults = 0;
for (const folder of chosen) faults += await evaluate(folder);
process.exitCode = faults === 0 ? 0 : 1;
