// SPDX-License-Identifier: GPL-3.0-only
import type { Command } from 'commander';
import { addFlow, addJobs } from './github-commands.ts';
import { repoOption } from './shared/repo-option.ts';

/*
 * Every command's code is imported when it is asked for: `pantheon --help` and an action's single
 * node must not pay for the parts they do not use.
 */

/** Adds every command with its help to the program. */
export const addCommands = (program: Command): void => {
  addNight(program);
  addDoctor(program);
  addNode(program);
  addJobs(program);
  addPullRequests(program);
  addForge(program);
  addTrace(program);
  addReview(program);
  addDeps(program);
  addModels(program);
  addSpec(program);
  addFlow(program);
};

const addNight = (program: Command): void => {
  program
    .command('night')
    .description('work the queue: plan, work, test, two reviews and the gate for every spec')
    .option('--example', 'the example specs on a fresh copy of the example vault')
    .option(...repoOption)
    .option('--specs <dir>', 'a folder of spec files (default: specs/ of the commit)')
    .option('--profile <name>', 'a profile of pantheon.yaml')
    .option('--retry <spec>', 'work this spec again although nothing has changed')
    .option('--resume', 'only finish the night that was interrupted')
    .option('--date <iso>', "the night's date and the date of its commits (default: now)")
    .option('--json', 'print the summary as JSON and nothing else')
    .option('--strict', 'exit with 1 when a spec ended red')
    .addHelpText(
      'after',
      `
Examples:
  pantheon night --example              see a whole night, nothing needed
  pantheon night                        work specs/ of the repository you are in
  pantheon night --repo ../site --specs queue --json > night.json
  pantheon night --resume               finish what was interrupted

Exit codes: 0 every spec reached an end, 1 some are red (--strict), 2 a mistake to mend (the night
did not start, or it worked but some spec files were not read), 130 interrupted.`,
    )
    .action(async (options) => (await import('./night.ts')).nightCommand(options));
};

const addDoctor = (program: Command): void => {
  program
    .command('doctor')
    .description('say which profiles work here and now, and the next step for each other')
    .option(...repoOption)
    .option('--profile <name>', 'look at this profile only')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Looks at this machine, and at every engine that a profile of pantheon.yaml binds: installed,
reachable, local, model, adapter, chat template, context, schema, slots, memory; and at whether the two
reviewers count as two. Engines are loaded and asked one small question each; nothing leaves the machine.

Exit codes: 0 the chosen profile works, 1 it does not, 2 a mistake in pantheon.yaml.`,
    )
    .action(async (options) => (await import('./doctor/doctor.ts')).doctorCommand(options));
};

const addNode = (program: Command): void => {
  program
    .command('node <id>')
    .description('run one node of a decided night for every unit that is ready for it')
    .requiredOption('--night <dir>', 'the folder that holds night.json')
    .option(...repoOption)
    .option('--shard <i/n>', 'only the specs of this shard, from 0 on')
    .option('--artifacts <dir>', 'put the night together from a folder per earlier artifact')
    .option('--digest <sha256>', 'of the night that is meant, as collect printed it')
    .option('--out <dir>', "leave this job's own files there")
    .option('--attempt <number>', 'the how-manieth try of this job', '1')
    .option('--json', 'print the counts as JSON')
    .addHelpText(
      'after',
      `
What one action does in a workflow: each node can run in a process of its own, in the order of the
flow. Exit code 0 when every unit reached an end; what failed travels in the bundles.`,
    )
    .action(async (id, options) => {
      await (await import('./jobs/node.ts')).nodeCommand(id, options);
    });
};

const addPullRequests = (program: Command): void => {
  program
    .command('prs')
    .description('list the pull requests of a repository')
    .option(...repoOption)
    .option('--all', 'those that are merged or closed too')
    .option('--json', 'print JSON')
    .action(async (options) => (await import('./pull-requests.ts')).listPullRequests(options));
  program
    .command('accept <pull-request>')
    .description('record that a pull request (branch or spec id) is accepted')
    .option(...repoOption)
    .option('--merge', 'merge its branch into the one that is checked out')
    .option('--why <text>', 'a reason to learn from')
    .action(async (name, options) =>
      (await import('./pull-requests.ts')).decidePullRequest('accept', name, options),
    );
  program
    .command('reject <pull-request>')
    .description('record that a pull request (branch or spec id) is rejected')
    .option(...repoOption)
    .requiredOption('--why <text>', 'the reason, to learn from (required)')
    .action(async (name, options) =>
      (await import('./pull-requests.ts')).decidePullRequest('reject', name, options),
    );
};

const addForge = (program: Command): void => {
  program
    .command('sync')
    .description('send what waits for GitHub, and learn what people decided there')
    .option(...repoOption)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Finished pull requests, comments and labels wait on disk while GitHub is out of reach; this sends them
in order, each exactly once. PANTHEON_GITHUB_TOKEN (or GITHUB_TOKEN) is the token; the repository is
that of the remote "origin". The next night does the same before it begins.

Exit code 1 when something still waits or was refused.`,
    )
    .action(async (options) => (await import('./github/sync.ts')).syncCommand(options));
  program
    .command('intake')
    .description('check a spec that was filed as an issue on GitHub, and answer below it')
    .option(...repoOption)
    .option('--issue <number>', 'the issue (default: the one a workflow was started by)')
    .action(async (options) => (await import('./github/intake.ts')).intakeCommand(options));
  for (const [name, about] of [
    ['init', 'put workflows, flows, issue form, config and an example spec into a repository'],
    ['upgrade', 'move the pinned release and compiled files forward, and show the diff'],
  ] as const) {
    program
      .command(name)
      .description(about)
      .option(...repoOption)
      .option('--actions <ref>', 'the release that workflows use: OWNER/pantheon@COMMIT')
      .option('--dry-run', 'say what would be written')
      .option('--force', 'replace files that differ or were edited by hand')
      .action(async (options) => {
        const { initCommand, upgradeCommand } = await import('./github/init.ts');
        await (name === 'init' ? initCommand : upgradeCommand)(options);
      });
  }
};

const addTrace = (program: Command): void => {
  program
    .command('trace')
    .description('read what a night left behind')
    .command('show [address]')
    .description('show a bundle: NIGHT/SPEC/UNIT/NODE; less of it, or nothing, lists what is there')
    .option(...repoOption)
    .option('--traces <dir>', 'the folder that holds the nights')
    .option('--artifacts <dir>', 'a night on GitHub: what `gh run download --dir DIR` left')
    .option('--json', 'print the bundle as JSON')
    .option('--extract <dir>', 'write its files into a folder')
    .action(async (address, options) =>
      (await import('./trace/command.ts')).showCommand(address, options),
    );
  program
    .command('replay <address>')
    .description('run a node again from its bundle (NIGHT/SPEC/UNIT/NODE) and compare')
    .option(...repoOption)
    .option('--traces <dir>', 'the folder that holds the nights')
    .option('--json', 'print JSON')
    .action(async (address, options) =>
      (await import('./trace/replay.ts')).replayCommand(address, options),
    );
};

const addReview = (program: Command): void => {
  program
    .command('review')
    .description('the reviewers')
    .command('exam')
    .description('examine the reviewers on seeded good and bad patches')
    .option(...repoOption)
    .option('--flow <name>', 'whose reviewers (default: flow in pantheon.yaml)')
    .option('--profile <name>', 'a profile of pantheon.yaml')
    .option('--kind <kind>', 'docs or code (default: both)')
    .option('--seed <number>', 'of the mutations', '1')
    .option('--patches <number>', 'good ones, and as many bad ones', '100')
    .option('--json', 'print JSON')
    .action(async (options) => (await import('./exam.ts')).examCommand(options));
};

const addDeps = (program: Command): void => {
  program
    .command('deps')
    .description("by day: install what the repository's lockfiles name, for nights to use")
    .option(...repoOption)
    .option('--dry-run', 'say what would be done')
    .action(async (options) => (await import('./deps-command.ts')).depsCommand(options));
};

const addModels = (program: Command): void => {
  const models = program.command('models').description('by day: the weights that nights run on');
  models
    .command('list')
    .description('list models: those that lie here, are pinned, or are named in pantheon.yaml')
    .option(...repoOption)
    .option('--json', 'print JSON')
    .action(async (options) => (await import('./models/list.ts')).listCommand(options));
  models
    .command('pull [name]')
    .description('by day: fetch a model, check it, and pin it in models.lock')
    .option(...repoOption)
    .option('--from <source>', 'hub:OWNER/REPO[@REVISION], an https address, a file or a folder')
    .option('--file <path...>', 'only these files of a repository of the hub')
    .option('--sha256 <digest>', 'what the file of an https address must have')
    .option('--dry-run', 'say what would be fetched')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Without --from, a model comes from where models.lock says and must be what is pinned there; without a
name, all of them. What was cut off goes on where it ended. HF_ENDPOINT names another hub, HF_TOKEN
an account there, PANTHEON_MODELS the folder.

Examples:
  pantheon models pull qwen3-8b --from hub:Qwen/Qwen3-8B-GGUF --file Qwen3-8B-Q4_K_M.gguf
  pantheon models pull qwen2.5-3b-int4-ov --from hub:OpenVINO/Qwen2.5-3B-Instruct-int4-ov
  pantheon models pull`,
    )
    .action(async (name, options) => (await import('./models/pull.ts')).pullCommand(name, options));
  models
    .command('verify [name]')
    .description('read every byte of the models again and compare with models.lock')
    .option(...repoOption)
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExit code 1 when a model differs from its pin or is missing.')
    .action(async (name, options) =>
      (await import('./models/list.ts')).verifyCommand(name, options),
    );
};

const addSpec = (program: Command): void => {
  const about = `
It asks before the first byte leaves and shows all that would be sent; --yes answers for a script. Set
PANTHEON_DAY_URL (the address before /chat/completions), PANTHEON_DAY_MODEL and, where there is one,
PANTHEON_DAY_KEY, or write url, model and key into pantheon/day.yaml in your own config folder. Never
at night, in CI, or by anything in a repository.`;
  const spec = program
    .command('spec')
    .description('by day: have a planner of your choice help with specs');
  spec
    .command('draft <wish>')
    .description('by day: draft a spec from what you want, as YAML')
    .option('--repo <dir>', "send the names of this repository's files along")
    .option('--out <file>', 'write it there instead of printing it')
    .option('--force', 'replace the file')
    .option('--yes', 'send without asking')
    .addHelpText('after', about)
    .action(async (wish, options) => (await import('./spec.ts')).draftCommand(wish, options));
  spec
    .command('critique <file>')
    .description('by day: have a spec criticised, and a better one written as YAML')
    .option('--repo <dir>', "send the names of this repository's files along")
    .option('--out <file>', 'write it there instead of printing it')
    .option('--force', 'replace the file')
    .option('--yes', 'send without asking')
    .addHelpText('after', about)
    .action(async (file, options) => (await import('./spec.ts')).critiqueCommand(file, options));
};
