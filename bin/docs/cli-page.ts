// SPDX-License-Identifier: GPL-3.0-only
import { Command } from 'commander';
import { addCommands } from '../../src/cli/commands.ts';

const intro = [
  "<!-- Written by bin/write-docs.ts from the command line's own help; do not edit. -->",
  '',
  '# The command line',
  '',
  '`bin/pantheon` finds the Node that came with the packages; it needs nothing else. Every command says',
  'the same with `--help`. A mistake that a person can mend is one or two lines on standard error and',
  'exit code 2.',
  '',
].join('\n');

/** docs/cli.md: what `--help` says of every command. */
export const cliPage = (): string => {
  const program = new Command('pantheon');
  addCommands(program);
  return [intro, ...leavesOf(program).map(section)].join('\n');
};

/** Commands that do something themselves, in the order of the help. */
const leavesOf = (command: Command): readonly Command[] =>
  command.commands.length === 0 ? [command] : command.commands.flatMap(leavesOf);

const section = (command: Command): string =>
  [`## ${nameOf(command)}`, '', '```text', helpOf(command), '```', ''].join('\n');

const nameOf = (command: Command): string =>
  command.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name();

/** The texts added after the help come only with `outputHelp`. */
const helpOf = (command: Command): string => {
  const parts: string[] = [];
  command.configureOutput({
    writeOut: (text) => parts.push(text),
    getOutHelpWidth: () => 100,
    getOutHasColors: () => false,
  });
  command.outputHelp();
  return parts.join('').trimEnd();
};
