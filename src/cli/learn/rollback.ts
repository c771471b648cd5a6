// SPDX-License-Identifier: GPL-3.0-only
import { printable } from '../../data/printable.ts';
import { adapterName } from '../../engine/models/adapter-name.ts';
import { rolledBack } from '../../learn/promote/registry-change.ts';
import { readCommit } from '../../night/open/read-commit.ts';
import { proposeRegistry } from '../../night/propose-registry.ts';
import { openBaseTree } from '../../workspace/base-tree.ts';
import { decidePullRequest } from '../pull-requests.ts';
import { locate } from '../shared/state.ts';
import { whileDay } from '../shared/while-day.ts';
import { nextStep } from './promote.ts';

type RollbackArguments = { readonly repo: string; readonly merge?: true };

/** `pantheon rollback AGENT`: the champion before is the champion again, once the change is merged. */
export const rollbackCommand = async (agent: string, args: RollbackArguments): Promise<void> => {
  await whileDay('pantheon rollback', 'Interrupted; nothing was changed.', async () => {
    const { repository, state } = await locate(args.repo);
    const base = await openBaseTree(repository.root, repository.head);
    try {
      const commit = await readCommit(base);
      const { registry, from, to } = rolledBack(await commit.registry(), agent);
      const [before, after] = [from, to].map((version) => adapterName({ agent, version }));
      const { branch, where } = await proposeRegistry({
        ...{ repository, state, commit, registry },
        title: `Go back from ${before} to ${after}`,
        body: [`${after} was the champion before ${before}.`],
        say: (line) => console.error(printable(line)),
      });
      process.stdout.write(`${after} in the place of ${before}\n`);
      if (!args.merge) process.stdout.write(`${branch}: ${nextStep(branch, where)}\n`);
      else await decidePullRequest('accept', branch, { repo: args.repo, merge: true });
    } finally {
      await base.close();
    }
  });
};
