// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import type { SpecFile } from '../src/spec/schema.ts';
import { causesOf } from './nights/causes.ts';
import { judgeHeader } from './nights/headers.ts';
import { type Judge, judgeNight, judgeNote } from './nights/judge.ts';
import { headerPerFolder, headerSpec, oneSpec, specPerFolder } from './nights/specs.ts';
import { type Row, renderRefusals, renderRows } from './nights/table.ts';
import { tryNight } from './nights/trial-night.ts';
import { below, makeVariants, readVault, type Vault } from './nights/vaults.ts';

/*
 * Real nights on repositories made of real documents and of variants generated from them: every
 * file of every pull request is compared with the base, and what was merged must leave later nights
 * nothing to do. Usage: evaluate-nights.ts [EACH], the variants of each document. Ends with 1 on
 * any fault.
 */

type Plan = {
  readonly name: string;
  readonly vault: Vault;
  readonly specs: (vault: Vault) => readonly SpecFile[];
  readonly judge: Judge;
};

const beside = join(import.meta.dirname, '../../shared/corpus');

const together = (...vaults: readonly Vault[]): Vault =>
  new Map(vaults.flatMap((vault) => [...vault]));

const onlyMd = (vault: Vault): Vault =>
  new Map([...vault].filter(([path]) => path.endsWith('.md')));

const withoutRefused = (vault: Vault): Vault =>
  new Map([...vault].filter(([, trial]) => causesOf(trial).length === 0));

const plansFor = (docs: Vault, jekyll: Vault, each: number): readonly Plan[] => {
  const variantsOf = (many: number): Vault =>
    together(below('docs', makeVariants(docs, many)), below('jekyll', makeVariants(jekyll, many)));
  const notes = [
    { name: 'docs', vault: docs },
    { name: 'jekyll', vault: jekyll },
    { name: 'variants', vault: variantsOf(each) },
  ].flatMap(({ name, vault }): readonly Plan[] => [
    { name: `${name}, one spec`, vault, specs: oneSpec, judge: judgeNote },
    { name: `${name}, a spec per folder`, vault, specs: specPerFolder, judge: judgeNote },
  ]);
  const written = below('docs', docs);
  const pages = onlyMd(below('docs', jekyll));
  const headers: readonly Plan[] = [
    { name: 'headers: docs, one spec', vault: written, specs: headerSpec, judge: judgeHeader },
    {
      name: 'headers: docs without those refused',
      vault: withoutRefused(written),
      specs: headerSpec,
      judge: judgeHeader,
    },
    {
      name: 'headers: docs, a spec per folder',
      vault: written,
      specs: headerPerFolder,
      judge: judgeHeader,
    },
    {
      name: 'headers: jekyll, a spec per folder',
      vault: pages,
      specs: headerPerFolder,
      judge: judgeHeader,
    },
    {
      name: 'headers: variants without those refused, a spec per folder',
      vault: withoutRefused(onlyMd(variantsOf(3))),
      specs: headerPerFolder,
      judge: judgeHeader,
    },
  ];
  return [...notes, ...headers].filter(({ vault }) => vault.size > 0);
};

const main = async (each: number): Promise<void> => {
  const [docs, jekyll] = [
    await readVault(join(beside, 'docs')),
    await readVault(join(beside, 'jekyll')),
  ];
  for (const [name, vault] of Object.entries({ docs, jekyll })) {
    if (vault.size === 0)
      console.log(`skipped ${name}: there is no folder ../shared/corpus/${name}`);
  }
  const rows: Row[] = [];
  for (const { name, vault, specs, judge } of plansFor(docs, jekyll, each)) {
    const queue = specs(vault);
    const tried = await tryNight(vault, queue);
    const tally = judgeNight(vault, tried, judge);
    const { seconds, again } = tried;
    rows.push({ name, specs: queue.length, tally, seconds, again });
    console.log(`${name}: ${tally.faults.length + again.length} faults`);
    for (const fault of [...tally.faults, ...again].slice(0, 20)) console.log(`  FAULT ${fault}`);
  }
  if (rows.length === 0) return;
  console.log(`\n${renderRows(rows)}\n\n${renderRefusals(rows)}`);
  if (rows.some(({ tally, again }) => tally.faults.length + again.length > 0)) process.exitCode = 1;
};

await main(Number(process.argv[2] ?? 8));
