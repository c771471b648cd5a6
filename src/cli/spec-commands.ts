// SPDX-License-Identifier: GPL-3.0-only
import type { Command } from 'commander';
import { repoOption } from './shared/repo-option.ts';

/** Adds the commands about what may be asked for. */
export const addChores = (program: Command): void => {
  program
    .command('chores [name]')
    .description('list the chores, or show how one is asked for')
    .option(...repoOption)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
A spec asks for a chore in a sentence, or exactly under "do". The repository's own chores are those
of its last commit.

Examples:
  pantheon chores
  pantheon chores rename`,
    )
    .action(async (name, options) => (await import('./chores.ts')).choresCommand(name, options));
};

/** Adds the commands that draft, review and check a spec. */
export const addSpec = (program: Command): void => {
  const about = `
Shows the whole text and asks before it sends anything; --yes answers for a script. Set
PANTHEON_DAY_URL (the URL before /chat/completions), PANTHEON_DAY_MODEL and, if there is one,
PANTHEON_DAY_KEY, or write url, model and key into pantheon/day.yaml in your own config folder. This
never runs at night or in CI, and nothing in a repository can start it.`;
  const spec = program
    .command('spec')
    .description('check a spec; by day: draft and review one with a model');
  addSpecCheck(spec);
  spec
    .command('draft <wish>')
    .description('by day: draft a spec from a wish, as YAML')
    .option('--repo <dir>', "also send the names of this repository's files")
    .option('--out <file>', 'write the spec to a file instead of printing it')
    .option('--force', 'replace the file if it exists')
    .option('--yes', 'send without asking')
    .addHelpText('after', about)
    .action(async (wish, options) => (await import('./spec.ts')).draftCommand(wish, options));
  spec
    .command('critique <file>')
    .description('by day: review a spec, and write a better one as YAML')
    .option('--repo <dir>', "also send the names of this repository's files")
    .option('--out <file>', 'write the spec to a file instead of printing it')
    .option('--force', 'replace the file if it exists')
    .option('--yes', 'send without asking')
    .addHelpText('after', about)
    .action(async (file, options) => (await import('./spec.ts')).critiqueCommand(file, options));
};

const addSpecCheck = (spec: Command): void => {
  spec
    .command('check <file>')
    .description('plan a spec and try its work on the files as they are')
    .option(...repoOption)
    .option('--profile <name>', 'a profile of pantheon.yaml (default: its "profile")')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Reads the files of the checkout, committed or not. Says how each sentence is understood and prints
the patch; nothing is written, tested or reviewed.

Examples:
  pantheon spec check specs/tidy.yaml
  pantheon spec check specs/tidy.yaml | git apply    take the change as it is

Exit codes: 0 it would be worked, 1 the plan or a part of the work fails, 2 a mistake in the file.`,
    )
    .action(async (file, options) => (await import('./spec-check.ts')).checkCommand(file, options));
};
