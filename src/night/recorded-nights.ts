// SPDX-License-Identifier: GPL-3.0-only
import type { RuleBook } from '../boundary/rules/rule-book.ts';
import type { BundleAddress } from '../trace/bundle.ts';
import { openTraces } from '../trace/open-traces.ts';
import { openBaseTree } from '../workspace/base-tree.ts';
import { readNight } from './record/night-folder.ts';
import { type RecordedProposal, recordedProposals } from './recorded-proposals.ts';

export type NightProposal = RecordedProposal & {
  readonly night: string;
  readonly address: BundleAddress;
};

/** Every call and patch in the bundles of some nights, by their names and folders. @throws UserError for one that cannot be read. */
export async function* proposalsOf(
  repository: string,
  nights: readonly (readonly [night: string, folder: string])[],
  rules: RuleBook,
): AsyncGenerator<NightProposal, void> {
  for (const [night, folder] of nights) {
    const base = await openBaseTree(repository, (await readNight(folder)).base.commit);
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
