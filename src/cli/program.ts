// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { addCommands } from './commands.ts';

const manifest = new URL('../../package.json', import.meta.url);
const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string };

/** Reads the command line and runs its command. @throws what the command throws. */
export const runProgram = async (): Promise<void> => {
  const program = new Command('pantheon')
    .description('A night shift of small local models: specs in, reviewed pull requests out.')
    .version(version)
    .configureOutput({
      outputError: (text, write) => write(text.replace(/^error: /, 'pantheon: ')),
    })
    .showHelpAfterError('(pantheon --help lists the commands)')
    .exitOverride((error) => {
      // Commander has printed its own line by now; a wrong option is a user's mistake.
      process.exit(error.exitCode === 0 ? 0 : 2);
    });
  addCommands(program);
  await program.parseAsync();
};
