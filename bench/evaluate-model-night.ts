// SPDX-License-Identifier: GPL-3.0-only
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { makeModelHouse, makePlainHouse } from './model-night/house.ts';
import { faultsOf, unlikeRules } from './model-night/judge.ts';
import { findGemma } from './model-night/model.ts';
import { renderNight } from './model-night/table.ts';
import { tallyAnswers } from './model-night/tally.ts';
import { workModelNight } from './model-night/work.ts';

/*
 * A night over the example's specs with a real small language model as every model agent, through
 * the real command. Usage: evaluate-model-night.ts [--model FILE] [--template chatml|plain]
 * [--minutes N] [--keep]. Without --model it takes Gemma 3 270M, which has no chat template, from
 * the cache or installs it there. Ends with 1 on any fault.
 */

const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    template: { type: 'string' },
    minutes: { type: 'string', default: '60' },
    keep: { type: 'boolean', default: false },
  },
});

const given = 6;
const tell = (line: string): void => console.error(line);

const modelFile = async (): Promise<{ readonly path: string } | { readonly skip: string }> => {
  if (values.model === undefined) return findGemma();
  const path = resolve(values.model);
  return (await stat(path).catch(() => undefined)) ? { path } : { skip: `there is no ${path}` };
};

const evaluate = async (model: string, folder: string): Promise<readonly string[]> => {
  const template = values.template ?? (values.model === undefined ? 'plain' : undefined);
  const house = await makeModelHouse(join(folder, 'model'), { model, template });
  const night = await workModelNight(house, Number(values.minutes) * 60_000, tell);
  const answers = tallyAnswers(night.folder);
  console.log(`\n${renderNight(night, answers)}\n`);
  const faults = faultsOf(night.summary, answers, given);
  if (night.summary.counts.pullRequests === 0) return faults;
  const plain = await makePlainHouse(join(folder, 'rules'));
  const { summary } = await workModelNight(plain, 10 * 60_000, () => {});
  const rules = { repository: plain.repository, summary };
  return [
    ...faults,
    ...(await unlikeRules({ repository: house.repository, summary: night.summary }, rules)),
  ];
};

const found = await modelFile();
if ('skip' in found) {
  console.log(`skipped: ${found.skip}`);
} else {
  const folder = await mkdtemp(join(tmpdir(), 'pantheon-model-night-'));
  try {
    const faults = await evaluate(found.path, folder);
    for (const fault of faults) console.log(`FAULT ${fault}`);
    console.log(`${faults.length} faults`);
    if (faults.length > 0) process.exitCode = 1;
  } finally {
    if (values.keep) console.log(`kept: ${folder}`);
    else await rm(folder, { recursive: true, force: true });
  }
}
