// SPDX-License-Identifier: GPL-3.0-only

import { readGithubRepository } from '../../../src/forge/github/repository.ts';
import { openGithubForge } from '../../../src/forge/github-forge.ts';
import { sendAll } from '../night-writes.ts';

/* What a night writes to GitHub, in a process that can be killed anywhere. */

const { options, environment, pullRequest, timeoutMs } = JSON.parse(process.argv[2] ?? '');
const forge = openGithubForge({
  ...options,
  github: readGithubRepository(environment, undefined),
  timeoutMs,
  say: () => {},
});
await sendAll(forge, pullRequest);
