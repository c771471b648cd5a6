// SPDX-License-Identifier: GPL-3.0-only
import type { Part } from '../part.ts';
import type { Case, Cases } from './case.ts';
import { NoPackage } from './repository.ts';
import { sources } from './sources.ts';
import { docComments } from './specs/doc-comments.ts';
import { documents } from './specs/documents.ts';
import { exportsOfModules } from './specs/exports.ts';
import { joined, tests } from './specs/others.ts';
import { renames } from './specs/renames.ts';
import { copyright, headers, whitespace } from './specs/texts.ts';
import { type Tried, tryRepository } from './trial.ts';

const parts: readonly Cases[] = [
  ...[renames, exportsOfModules, docComments, tests, joined],
  ...[headers, copyright, whitespace, documents],
];

/** Shares of those that were opened, and of those that rules can do. */
const goals = { wrong: 0.01, refused: 0.15 };

/** Specs of many kinds on real projects, each repository worked in a real night by rules. */
export const repositories: Part = async () => {
  const { tried, skipped } = tryAll(Object.keys(sources));
  const count = (verdict: Tried['verdict']): number =>
    tried.filter((one) => one.verdict === verdict).length;
  const [right, wrong, refused] = [count('right'), count('wrong'), count('refused though doable')];
  const wrongly = `${wrong} of ${right + wrong} approved are wrong`;
  const needlessly = `${refused} of ${right + wrong + refused} doable are refused`;
  return {
    lines: [
      ...tried.map(({ id, verdict, why }) => `${verdict.padEnd(22)}${id}: ${why}`),
      ...skipped.map((why) => `skipped: ${why}`),
      `${tried.length} specs on ${Object.keys(sources).length - skipped.length} repositories: ${wrongly}, ${needlessly}, ${count('rightly refused')} others are refused rightly, ${skipped.length} repositories are skipped`,
    ],
    missed: [
      ...(wrong > goals.wrong * (right + wrong) ? [wrongly] : []),
      ...(refused >= goals.refused * (right + wrong + refused) && refused > 0 ? [needlessly] : []),
    ],
  };
};

const tryAll = (
  names: readonly string[],
): { readonly tried: readonly Tried[]; readonly skipped: readonly string[] } => {
  const tried: Tried[] = [];
  const skipped: string[] = [];
  for (const name of names) {
    const source = sources[name];
    const cases: Readonly<Record<string, Case>> = Object.assign(
      {},
      ...parts.map((one) => one[name] ?? {}),
    );
    if (source === undefined) throw new Error(`there is no repository ${name}`);
    try {
      for (const one of tryRepository(source, cases)) {
        tried.push({ ...one, id: `${name}/${one.id}` });
        console.error(`${one.verdict.padEnd(22)}${name}/${one.id}: ${one.why}`);
      }
    } catch (error) {
      if (!(error instanceof NoPackage)) throw error;
      skipped.push(`${name}: ${error.message}`);
      console.error(`skipped: ${name}: ${error.message}`);
    }
  }
  return { tried, skipped };
};

// Some of them alone, with their names behind.
if (import.meta.main) tryAll(process.argv.slice(2));
