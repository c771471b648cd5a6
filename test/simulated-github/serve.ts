// SPDX-License-Identifier: GPL-3.0-only
import { parseArgs } from 'node:util';
import { startSimulatedGithub } from './server.ts';

/*
 * The simulated GitHub as a process of its own, for a workflow run by act:
 *
 *     node test/simulated-github/serve.ts --repository octo/vault --remote BARE.git --file STATE.json
 *
 * Its address is the first line it prints; everything it knows, violations of the description too,
 * lies in the state file. Any of the tokens given by --token is taken for the bot of Actions.
 */

const { values } = parseArgs({
  options: {
    repository: { type: 'string', default: 'octo/vault' },
    remote: { type: 'string' },
    file: { type: 'string' },
    port: { type: 'string', default: '0' },
    token: { type: 'string', multiple: true },
  },
});

const bot = { login: 'github-actions[bot]', type: 'Bot' } as const;
const github = await startSimulatedGithub({
  repository: values.repository,
  port: Number(values.port),
  ...(values.remote !== undefined && { remote: values.remote }),
  ...(values.file !== undefined && { file: values.file }),
  ...(values.token && { tokens: Object.fromEntries(values.token.map((token) => [token, bot])) }),
});
process.stdout.write(`${github.url}\n`);
process.on('SIGTERM', () => github.close().then(() => process.exit(0)));
