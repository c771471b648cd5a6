// SPDX-License-Identifier: GPL-3.0-only
import type { Command } from 'commander';
import { repoOption } from './shared/repo-option.ts';

/** Adds the commands of a repository on GitHub. */
export const addGithub = (program: Command): void => {
  addInit(program);
  addFlow(program);
  program
    .command('sync')
    .description('send what waits, and read what people decided')
    .option(...repoOption)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Finished pull requests, comments and labels wait on disk while GitHub cannot be reached. This sends
them in order, each exactly once; the next night does the same before it begins. The token is in
PANTHEON_GITHUB_TOKEN or GITHUB_TOKEN; the repository is the one of the remote "origin".

Exit code 1 when something still waits or was refused.`,
    )
    .action(async (options) => (await import('./github/sync.ts')).syncCommand(options));
  program
    .command('intake')
    .description('check a spec that was filed as an issue')
    .option(...repoOption)
    .option('--issue <number>', 'the issue (default: the one that started the workflow)')
    .addHelpText(
      'after',
      '\nAnswers with a comment below the issue: how the spec was understood, or what to fix.',
    )
    .action(async (options) => (await import('./github/intake.ts')).intakeCommand(options));
};

const addInit = (program: Command): void => {
  const common = (command: Command): Command =>
    command
      .option(...repoOption)
      .option('--actions <ref>', 'the release that workflows use: OWNER/pantheon@COMMIT')
      .option('--dry-run', 'only print what would be written')
      .option('--force', 'replace files that differ or were edited by hand');
  common(program.command('init'))
    .description('write config, an example spec and workflows into a repository')
    .option('--local', 'for nights on this machine: no workflows')
    .addHelpText(
      'after',
      `
Writes pantheon.yaml, flows/, workflows, the issue form and an example spec; with --local only
pantheon.yaml and the spec.

Examples:
  pantheon init --local
  pantheon init --actions OWNER/pantheon@COMMIT`,
    )
    .action(async (options) => (await import('./github/init.ts')).initCommand(options));
  common(program.command('upgrade'))
    .description('update the pinned release and compiled files')
    .addHelpText('after', '\nShows the diff.')
    .action(async (options) => (await import('./github/init.ts')).upgradeCommand(options));
};

const addFlow = (program: Command): void => {
  const flow = program.command('flow').description('compile, check or draw flows');
  flow
    .command('compile')
    .description('write .github/workflows/night-<flow>.yml for every flow')
    .option(...repoOption)
    .option('--dry-run', 'only print what would be written')
    .option('--force', 'overwrite files that were edited by hand')
    .addHelpText(
      'after',
      `
Reads flows/*.yaml and "github" of pantheon.yaml from the checkout. The same input gives the same
bytes: commit the files.`,
    )
    .action(async (options) => (await import('./github/flow.ts')).compileCommand(options));
  flow
    .command('check')
    .description('for CI: fail when a workflow differs from its flow')
    .option(...repoOption)
    .addHelpText('after', '\nExit code 1 when one is missing, out of date, or edited by hand.')
    .action(async (options) => (await import('./github/flow.ts')).checkCommand(options));
  flow
    .command('graph [name]')
    .description('print a flow, or all of them, as a Mermaid flowchart')
    .option(...repoOption)
    .action(async (name, options) =>
      (await import('./github/flow.ts')).graphCommand(name, options),
    );
};

const digestOption = [
  '--digest <sha256>',
  'the digest of the night, as collect printed it',
] as const;
const attemptOption = ['--attempt <number>', "the number of this job's attempt", '1'] as const;
const artifactsOption = [
  '--artifacts <dir>',
  'assemble the night from the artifacts of earlier jobs, one folder each',
] as const;

/** Adds the jobs of a compiled workflow. */
export const addJobs = (program: Command): void => {
  addCollect(program);
  program
    .command('node [id]')
    .description('run one node of a decided night, or its whole flow')
    .requiredOption('--night <dir>', 'the folder of night.json')
    .option(...repoOption)
    .option('--shard <i/n>', 'only the specs of this shard, counted from 0')
    .option(...artifactsOption)
    .option(...digestOption)
    .option('--out <dir>', "write this job's own files to a folder")
    .option(...attemptOption)
    .option('--json', 'print the counts as JSON')
    .addHelpText(
      'after',
      `
Runs the node for every unit that is ready for it. Each node can run in a process of its own, in the
order of the flow. Without an id all nodes run, one after the other for each unit, as in a night on one
machine. Exit code 0 when every unit reached an end; failures are in the bundles.`,
    )
    .action(async (id, options) => {
      await (await import('./jobs/node.ts')).nodeCommand(id, options);
    });
  program
    .command('publish')
    .description('open the pull requests of a night in jobs')
    .option('--night <dir>', 'the folder of the night')
    .option(...repoOption)
    .option(...artifactsOption)
    .option(...digestOption)
    .option('--out <dir>', 'also write summary and report to a folder')
    .option(...attemptOption)
    .option('--dry-run', 'only print what would be opened, and keep nothing')
    .option('--json', 'print the summary as JSON')
    .addHelpText(
      'after',
      `
Computes every digest again from the commit that is sent. A difference from the patch that both
reviewers approved, or an artifact that was altered, stops its own specs and no others.`,
    )
    .action(async (options) => (await import('./jobs/publish.ts')).publishCommand(options));
  program
    .command('action <name>')
    .description('run an action, as a step of a workflow does')
    .addHelpText('after', '\nInputs and folders come from the environment, as GitHub sets it.')
    .action(async (name) => (await import('./jobs/action.ts')).actionCommand(name));
};

const addCollect = (program: Command): void => {
  program
    .command('collect')
    .description('decide a night whose nodes run in jobs')
    .requiredOption('--night <dir>', 'an empty folder for the night')
    .option(...repoOption)
    .option('--shards <number>', 'the number of jobs to spread the specs over, at most', '1')
    .option('--flow <name>', 'only specs of this flow')
    .option('--only <spec...>', 'only these specs')
    .option('--retry <spec>', 'work this spec again although nothing has changed')
    .option('--specs <dir>', 'a folder of spec files (default: specs/ of the commit)')
    .option('--profile <name>', 'a profile of pantheon.yaml (default: its "profile")')
    .option('--date <iso>', "the night's date and the date of its commits (default: now)")
    .option(...attemptOption)
    .option('--example', 'the repository is a copy of the example vault')
    .option('--json', 'print the facts that the jobs need as JSON')
    .addHelpText(
      'after',
      `
The first job of a compiled workflow. It runs the preflight once and freezes the result.`,
    )
    .action(async (options) => (await import('./jobs/collect.ts')).collectCommand(options));
};
