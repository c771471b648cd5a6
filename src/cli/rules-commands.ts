// SPDX-License-Identifier: GPL-3.0-only
import type { Command } from 'commander';
import { repoOption } from './shared/repo-option.ts';

/** Adds the commands of the rules that judge calls and patches. */
export const addRules = (program: Command): void => {
  const rules = program.command('rules').description('the rules that judge calls and patches');
  rules.addHelpText(
    'after',
    `
Rules are Prolog: those that ship, and rules/*.pl of a repository, which can forbid more. These commands
read them from the checkout, committed or not; a night reads those of its commit. See docs/rules.md.

Examples:
  pantheon rules test                              try the tables of cases
  pantheon rules explain 2026-11-21/tidy/_spec/work   why each call and the patch was allowed or denied
  pantheon rules replay --since 2026-11-01         what the rules of today would have decided
  pantheon rules learn --dry-run                   what to forbid, from what people rejected`,
  );
  rules
    .command('test')
    .description('try the cases that ship and those of rules/cases.yaml')
    .option(...repoOption)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
A case says what is proposed, and the rule that denies it or none:

  - it: a migration that has run is changed
    before: { db/migrations/1.sql: "a" }
    after: { db/migrations/1.sql: "b" }
    denied: migration
  - it: a note is written
    call: { tool: write_file, writes: [docs/a.md] }

Exit codes: 0 all are as the tables say, 1 some are not, 2 a mistake to fix.`,
    )
    .action(async (options) => (await import('./rules.ts')).testRules(options));
  rules
    .command('explain <bundle>')
    .description('show how the rules come to what they say of a bundle')
    .option(...repoOption)
    .option('--traces <dir>', 'the folder of the nights (default: that of the repository)')
    .option('--json', 'print JSON')
    .action(async (bundle, options) => (await import('./rules.ts')).explainRules(bundle, options));
  rules
    .command('replay')
    .description('judge what nights recorded again, and list what is decided otherwise now')
    .option(...repoOption)
    .option('--traces <dir>', 'the folder of the nights (default: that of the repository)')
    .option('--since <night>', 'nights of this name and later ones, such as 2026-11-01')
    .option('--json', 'print JSON')
    .action(async (options) => (await import('./rules.ts')).replayRules(options));
  rules
    .command('learn')
    .description('propose rules that forbid what people rejected and never accepted')
    .option(...repoOption)
    .option('--traces <dir>', 'the folder of the nights (default: that of the repository)')
    .option('--least <n>', 'rejected pull requests that a rule must forbid', '3')
    .option('--dry-run', 'print the rules and open nothing')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Looks for what the patches of rejected pull requests share and those of accepted ones have not: folder,
name, ending, kind, how a file changes, and who changed it. The fewest conditions come first. The rules are
tried on all recorded calls and patches, and opened as a pull request of one file: a rule holds once a
person has merged it.

Examples:
  pantheon rules learn --dry-run
  pantheon rules learn --least 5
  pantheon rules learn --json --dry-run | jq -r .text`,
    )
    .action(async (options) => (await import('./rules-learn.ts')).learnCommand(options));
};
