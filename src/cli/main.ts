// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { printableLines } from '../data/printable.ts';
import { UserError } from '../data/user-error.ts';
import { addCommands } from './commands.ts';
import { Interrupted } from './shared/interrupt.ts';

const manifest = new URL('../../package.json', import.meta.url);
const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string };

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

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof Interrupted) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 130;
  } else if (error instanceof UserError) {
    process.stderr.write(`pantheon: ${printableLines(error.message)}\n`);
    process.exitCode = 2;
  } else {
    const { explain } = await import('./explain.ts');
    const line = explain(error);
    if (line === undefined) throw error;
    process.stderr.write(`pantheon: ${printableLines(line)}\n`);
    process.exitCode = 2;
  }
}
