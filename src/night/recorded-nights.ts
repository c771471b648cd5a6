// SPDX-License-Identifier: GPL-3.0-only
import type { RuleBook } from '../boundary/rules/rule-book.ts';
import { UserError } from '../data/user-error.ts';
import type { BundleAddress } from '../trace/bundle.ts';
import { openTraces } from '../trace/open-traces.ts';
import { type BaseTree, openBaseTree } from '../workspace/base-tree.ts';
import { GitFault } from '../workspace/git.ts';
import { readNight } from './record/night-folder.ts';
import { type RecordedProposal, recordedProposals } from './recorded-proposals.ts';

export type NightProposal = RecordedProposal & {
  readonly night: string;
  readonly address: BundleAddress;
};

/** A night that has nothing to judge by, and why. */
export type PassedOver = { readonly night: string; readonly why: string };

/**
 * Every call and patch in the bundles of some nights, by their names and folders. A night of another version, or
 * whose base commit the repository no longer has, is passed over and told.
 */
export async function* proposalsOf(
  repository: string,
  nights: readonly (readonly [night: string, folder: string])[],
  rules: RuleBook,
  tell: (passed: PassedOver) => void,
): AsyncGenerator<NightProposal, void> {
  for (const [night, folder] of nights) {
    const base = await openBase(repository, folder);
    if ('why' in base) {
      tell({ night, why: base.why });
      continue;
    }
    try {
      const traces = openTraces(folder);
      for (const address of traces.specs().flatMap((spec) => traces.list(spec))) {
        const bundle = traces.read(address);
        for (const proposal of bundle ? await recordedProposals(bundle, base, rules) : []) {
          yield { ...proposal, night, address };
        }
      }
    } finally {
      await base.close();
    }
  }
}

const openBase = async (
  repository: string,
  folder: string,
): Promise<BaseTree | Omit<PassedOver, 'night'>> => {
  try {
    const { commit } = (await readNight(folder)).base;
    return await openBaseTree(repository, commit).catch((cause: unknown) => {
      if (!(cause instanceof GitFault)) throw cause;
      return { why: `its base commit ${commit} is not in the repository any more` };
    });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { why: error.message };
  }
};
