// SPDX-License-Identifier: GPL-3.0-only
import { Command } from 'commander';
import { addCommands } from '../../src/cli/commands.ts';
import { markdownTable } from './table.ts';

const intro = [
  "<!-- Written by bin/write-docs.ts from the command line's own help; do not edit. -->",
  '',
  '# The command line',
  '',
  '`bin/pantheon` finds the Node that came with the packages. Every command prints its part of this page',
  'with `--help`.',
  '',
  '## Exit codes',
  '',
  markdownTable([
    ['code', 'meaning'],
    ['0', 'done: every spec of a night reached an end; failures are in red bins'],
    ['1', '`night --strict`: some specs are red; other commands: the check failed, see their help'],
    [
      '2',
      'a mistake to fix, in one or two lines on standard error; `night`: some specs could not be read',
    ],
    ['130', 'interrupted; the last line says how to continue'],
  ]),
  '',
  'A defect of Pantheon prints a stack and ends with 1.',
  '',
  '## All commands',
  '',
].join('\n');

/** docs/cli.md: what `--help` says of every command. */
export const cliPage = (): string => {
  const program = new Command('pantheon');
  addCommands(program);
  return [intro, fenced(helpOf(program)), ...leavesOf(program).map(section)].join('\n');
};

/** Commands that do something themselves, in the order of the help. */
const leavesOf = (command: Command): readonly Command[] =>
  command.commands.length === 0 ? [command] : command.commands.flatMap(leavesOf);

const section = (command: Command): string =>
  [`## ${nameOf(command)}`, '', fenced(helpOf(command))].join('\n');

const fenced = (text: string): string => ['```text', text, '```', ''].join('\n');

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
