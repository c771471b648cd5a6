// SPDX-License-Identifier: GPL-3.0-only
import { countNoun } from '../../data/count-noun.ts';
import { printable } from '../../data/printable.ts';
import { UserError } from '../../data/user-error.ts';
import { ForgeFault } from '../../forge/forge-fault.ts';
import { openClient } from '../../forge/github/client.ts';
import { readGithubRepository } from '../../forge/github/repository.ts';
import { fetchNight } from '../../night/jobs/fetch-night.ts';
import { originOf } from '../../night/open/open-forge.ts';
import { untilInterrupted } from '../shared/interrupt.ts';
import { keysThatCount } from '../shared/keys-that-count.ts';
import { locate } from '../shared/state.ts';

type FetchArguments = {
  readonly repo: string;
  readonly last?: true;
  readonly keys?: string;
  readonly json?: true;
};

/** `pantheon trace fetch` */
export const fetchCommand = async (
  night: string | undefined,
  args: FetchArguments,
): Promise<void> => {
  if ((night === undefined) !== (args.last === true)) {
    throw new UserError('say which night is fetched: its name, or --last');
  }
  const { repository, state } = await locate(args.repo);
  const github = readGithubRepository(process.env, await originOf(repository));
  if (github.token === undefined) {
    throw new UserError(
      'there is no token for GitHub. Set PANTHEON_GITHUB_TOKEN to one that may read actions',
    );
  }
  const keys = await keysThatCount(args);
  const say = (line: string): void => void process.stderr.write(`${printable(line)}\n`);
  await untilInterrupted('Interrupted; nothing was kept.', async (signal) => {
    const client = openClient(github, { signal });
    const fetched = await fetchNight({
      client,
      traces: state.traces,
      night,
      keys,
      say,
      signal,
    }).catch((error) => {
      if (!(error instanceof ForgeFault)) throw error;
      throw new UserError(`${error.message}. Nothing was kept`, { cause: error });
    });
    const line = `${fetched.night}: as ${fetched.keyid} signed it, with ${countNoun(fetched.bundles, 'bundle')}. See "pantheon report ${fetched.night}".`;
    process.stdout.write(args.json ? `${JSON.stringify(fetched, null, 2)}\n` : `${line}\n`);
  });
};
