// SPDX-License-Identifier: GPL-3.0-only
import { parseArgs } from 'node:util';
import { nightCommand } from '../../../src/cli/night.ts';
import { Interrupted } from '../../../src/cli/shared/interrupt.ts';
import { UserError } from '../../../src/data/user-error.ts';
import { workHere } from '../../../src/night/child/work-here.ts';

/*
 * `pantheon night` with its two parts in one process: what is preloaded into it sees the writes of both,
 * and a kill ends both at once, as it does where they are two.
 */

const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    resume: { type: 'boolean' },
    repo: { type: 'string', default: '.' },
    date: { type: 'string', default: '' },
  },
});
try {
  const { json, resume, repo, date } = values;
  await nightCommand(
    { repo, date, ...(json && { json }), ...(resume && { resume }) },
    async () => workHere,
  );
} catch (error) {
  if (!(error instanceof Interrupted || error instanceof UserError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error instanceof Interrupted ? 130 : 2;
}
