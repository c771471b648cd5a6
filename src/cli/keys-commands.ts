// SPDX-License-Identifier: GPL-3.0-only
import type { Command } from 'commander';
import { repoOption } from './shared/repo-option.ts';

/** Adds the commands of the keys that sign nights. */
export const addKeys = (program: Command): void => {
  const keys = program.command('keys').description('the keys that sign nights');
  keys.addHelpText(
    'after',
    `
Each night is signed at its end, and what outlives it is sealed, with a key of this machine, made on first
use in $PANTHEON_KEYS (default: pantheon/keys in the XDG config folder). No agent, model or command of a
night sees that folder.

Examples:
  pantheon keys list
  pantheon keys export && git add pantheon-keys.json   so that others can verify your nights
  pantheon keys rotate                                 a new key; what the old one signed stays valid
  pantheon keys seal                                   accept exams and ledger as they are now`,
  );
  keys
    .command('new')
    .description('make the first key of this machine')
    .action(async () => (await import('./keys/keys.ts')).newKey());
  keys
    .command('list')
    .description('list the keys of this machine')
    .option('--json', 'print JSON')
    .action(async (options) => (await import('./keys/keys.ts')).listKeys(options));
  keys
    .command('rotate')
    .description('make a new key that signs from now on')
    .action(async () => (await import('./keys/keys.ts')).rotateCommand());
  keys
    .command('export')
    .description('add the public keys of this machine to pantheon-keys.json')
    .option(...repoOption)
    .option('--out <file>', 'another file, or - to print them')
    .action(async (options) => (await import('./keys/keys.ts')).exportKeys(options));
  keys
    .command('seal')
    .description('accept exam results, ledger and outcomes as they are now')
    .option(...repoOption)
    .addHelpText(
      'after',
      `
A night does not begin where a line of exams.jsonl, ledger.jsonl or outcomes.jsonl was edited, removed or
added by anything but Pantheon. Look at what was changed before you accept it: these files say whose
approval counts. Without exams.jsonl and ledger.jsonl the reviewers sit their exams again.`,
    )
    .action(async (options) => (await import('./keys/keys.ts')).sealCommand(options));
};
