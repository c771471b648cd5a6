// SPDX-License-Identifier: GPL-3.0-only
import type { Command } from 'commander';
import { repoOption } from './shared/repo-option.ts';

/** Adds the jobs of a compiled workflow. */
export const addJobs = (program: Command): void => {
  program
    .command('collect')
    .description('decide a night whose nodes run in jobs of their own')
    .requiredOption('--night <dir>', 'an empty folder, for the night')
    .option(...repoOption)
    .option('--shards <number>', 'spread the specs over so many jobs, at most', '1')
    .option('--flow <name>', 'only specs of this flow')
    .option('--only <spec...>', 'only these specs')
    .option('--retry <spec>', 'work this spec again although nothing has changed')
    .option('--specs <dir>', 'a folder of spec files (default: specs/ of the commit)')
    .option('--profile <name>', 'a profile of pantheon.yaml')
    .option('--date <iso>', "the night's date and the date of its commits (default: now)")
    .option('--attempt <number>', 'the how-manieth try of this job', '1')
    .option('--example', 'the repository is a copy of the example vault')
    .option('--json', 'print what the jobs need to know as JSON')
    .addHelpText(
      'after',
      `
The first job of a compiled workflow. It does the preflight once, and freezes what it found.`,
    )
    .action(async (options) => (await import('./jobs/collect.ts')).collectCommand(options));
  program
    .command('publish')
    .description('open the pull requests of a night whose nodes ran in jobs of their own')
    .option('--night <dir>', 'its folder (default: in the state folder)')
    .option(...repoOption)
    .option('--artifacts <dir>', 'put the night together from a folder per earlier artifact')
    .option('--digest <sha256>', 'of the night that is meant, as collect printed it')
    .option('--out <dir>', 'leave summary and report there too')
    .option('--attempt <number>', 'the how-manieth try of this job', '1')
    .option('--dry-run', 'say what would be opened, and keep nothing')
    .option('--json', 'print the summary as JSON')
    .addHelpText(
      'after',
      `
Computes every digest again from the commit that is sent; a difference from what both reviewers
approved, or an artifact that is not as its job left it, costs its own specs and no others.`,
    )
    .action(async (options) => (await import('./jobs/publish.ts')).publishCommand(options));
  program
    .command('report')
    .description('print how a night went, as Markdown that fits into a job summary')
    .option('--night <dir>', 'a folder with summary.json')
    .option('--artifacts <dir>', 'a folder per earlier artifact')
    .option('--digest <sha256>', 'of the night that is meant, as collect printed it')
    .option('--jobs <json>', 'results of the jobs: the context "needs" of a workflow')
    .action(async (options) => (await import('./jobs/report.ts')).reportCommand(options));
  program
    .command('action <name>')
    .description('what a step of a workflow runs: an action of this installation')
    .addHelpText('after', '\nInputs and folders come from the environment, as GitHub sets it.')
    .action(async (name) => (await import('./jobs/action.ts')).actionCommand(name));
};

/** Adds what turns flows into workflows. */
export const addFlow = (program: Command): void => {
  const flow = program
    .command('flow')
    .description('flows as workflows for GitHub, and as pictures');
  flow
    .command('compile')
    .description('write .github/workflows/night-<flow>.yml for every flow')
    .option(...repoOption)
    .option('--dry-run', 'say what would be written')
    .option('--force', 'overwrite what was edited by hand')
    .addHelpText(
      'after',
      `
From flows/*.yaml and pantheon.yaml (its part github) as they lie there. The same input gives the
same bytes: commit what it writes.`,
    )
    .action(async (options) => (await import('./github/flow.ts')).compileCommand(options));
  flow
    .command('check')
    .description('fail when a workflow is not what its flow gives: for CI')
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
