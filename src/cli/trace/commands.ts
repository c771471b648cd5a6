// SPDX-License-Identifier: GPL-3.0-only
import type { Command } from 'commander';
import { repoOption } from '../shared/repo-option.ts';

const keysOption = [
  '--keys <file>',
  'public keys that count (default: pantheon-keys.json of the commit, and yours)',
] as const;

/** Adds the commands that read what nights left. */
export const addTrace = (program: Command): void => {
  const trace = program.command('trace').description('look into the steps of a night');
  addVerify(trace);
  trace
    .command('show [address]')
    .description('show a step (NIGHT/SPEC/UNIT/NODE), or list the steps')
    .option(...repoOption)
    .option('--traces <dir>', 'the folder of the nights (default: in the state folder)')
    .option('--artifacts <dir>', 'a night on GitHub: the folder of `gh run download --dir DIR`')
    .option('--json', 'print the bundle as JSON')
    .option('--extract <dir>', 'write its files into a folder')
    .addHelpText(
      'after',
      `
Examples:
  pantheon trace show                                     list the nights
  pantheon trace show 2026-11-21                          list the steps of a night
  pantheon trace show 2026-11-21/add-header/_spec/merge   show one step`,
    )
    .action(async (address, options) =>
      (await import('./command.ts')).showCommand(address, options),
    );
  addExport(trace);
  addPrune(trace);
  addFetch(trace);
  program
    .command('replay <address>')
    .description('run a step again and compare the results')
    .option(...repoOption)
    .option('--traces <dir>', 'the folder of the nights (default: in the state folder)')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nThe address is NIGHT/SPEC/UNIT/NODE. Nothing is written. Exit code 1 when the result differs.',
    )
    .action(async (address, options) =>
      (await import('./replay.ts')).replayCommand(address, options),
    );
};

const addVerify = (trace: Command): void => {
  trace
    .command('verify <night>')
    .description('check a night against its signature')
    .option(...repoOption)
    .option('--traces <dir>', 'the folder of the nights (default: in the state folder)')
    .option(...keysOption)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Checks the signature, every bundle, night.json, terms, journal and report, and that each pull request's
bundles were made from each other, from the spec to the patch and both reviews. Names what was changed.

Examples:
  pantheon trace verify 2026-11-21
  pantheon trace verify 2026-11-21 --traces ./their-nights --keys pantheon-keys.json

Exit codes: 0 all is as it was signed, 1 something was changed, 2 a mistake to fix.`,
    )
    .action(async (night, options) => (await import('./verify.ts')).verifyCommand(night, options));
};

const addExport = (trace: Command): void => {
  trace
    .command('export <night>')
    .description('write a night, or a spec of it (NIGHT/SPEC), for other tools')
    .requiredOption('--format <name>', 'otlp, atif or agent-trace')
    .option(...repoOption)
    .option('--traces <dir>', 'the folder of the nights (default: in the state folder)')
    .option('--out <file>', 'a new file for the lines (default: standard output)')
    .option('--json', 'with --out: print JSON')
    .addHelpText(
      'after',
      `
JSON lines:
  otlp         OpenTelemetry spans: a line for each unit. Jaeger opens the file
  atif         trajectories: a line for each step that talked with a model, or with rules in its place
  agent-trace  which lines of which commit an agent wrote: a line for each pull request

Spans contain no word of a prompt or an answer; trajectories contain all of them.

Examples:
  pantheon trace export 2026-11-21 --format otlp --out spans.jsonl
  pantheon trace export 2026-11-21/add-header --format atif | jq .agent
  pantheon trace export 2026-11-21 --format agent-trace`,
    )
    .action(async (night, options) => (await import('./export.ts')).exportCommand(night, options));
};

const addPrune = (trace: Command): void => {
  trace
    .command('prune')
    .description('remove the bundles of old nights that nothing refers to')
    .option(...repoOption)
    .option('--keep <time>', 'keep nights since then: 30d, 8w, a date, or the name of a night')
    .option('--keep-nights <number>', 'keep so many of the last nights')
    .option('--forget <dir...>', 'datasets that are given up: their nights need not be kept')
    .option('--dry-run', 'only say what would be removed')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Always kept: the last night and one that has not ended; nights that a dataset was mined of; nights with a pull
request that is open, that nobody has decided about, or that the forge cannot tell of. Of a pruned night all
that is signed beside the bundles stays, with its report: "pantheon trace verify" says that it was pruned.

Examples:
  pantheon trace prune --keep 30d --dry-run
  pantheon trace prune --keep-nights 20
  pantheon trace prune --keep 8w --forget old-rows --json

Exit codes: 0 done, also where nothing was to be removed; 2 a mistake to fix.`,
    )
    .action(async (options) => (await import('./prune.ts')).pruneCommand(options));
};

const addFetch = (trace: Command): void => {
  trace
    .command('fetch [night]')
    .description('bring a night that jobs on GitHub worked, and verify it')
    .option('--last', 'the last one that was published')
    .option(...repoOption)
    .option(...keysOption)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Fetches the artifacts of the run with PANTHEON_GITHUB_TOKEN or GITHUB_TOKEN, which must be allowed to read
actions, and puts the night among those of this repository. What is not as the runner's key signed it is refused,
and nothing of it is kept.

Examples:
  pantheon trace fetch --last
  pantheon trace fetch 2026-11-21
  GITHUB_REPOSITORY=acme/site pantheon trace fetch --last --keys pantheon-keys.json

Exit codes: 0 it is here, 2 it is not.`,
    )
    .action(async (night, options) => (await import('./fetch.ts')).fetchCommand(night, options));
};
