// SPDX-License-Identifier: GPL-3.0-only
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { addCommands } from '../../src/cli/commands.ts';
import { root } from './pages.ts';

const program = new Command('pantheon');
addCommands(program);

const { scripts }: { readonly scripts: Readonly<Record<string, string>> } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
);

/** What is wrong with a line of a shell block, if it calls something of this repository. */
export const faultOfCommand = (line: string): string | undefined => {
  for (const part of line.replace(/(?:^|\s)# .*$/, '').split(/&&|;|\|/)) {
    const words = part.trim().match(/"[^"]*"|\S+/g) ?? [];
    const fault = faultOf(words);
    if (fault !== undefined) return `${line.trim()}: ${fault}`;
  }
  return undefined;
};

const faultOf = ([command = '', ...words]: readonly string[]): string | undefined => {
  if (command === 'pantheon' || command === 'bin/pantheon') return faultOfCall(program, words);
  if (command === 'npm' && words[0] === 'run' && words[1] !== undefined) {
    return Object.hasOwn(scripts, words[1]) ? undefined : `there is no script "${words[1]}"`;
  }
  if (/^(?:bin|\.ci)\/[\w./-]+$/.test(command)) {
    return existsSync(join(root, command)) ? undefined : 'there is no such file';
  }
  return undefined;
};

const faultOfCall = (command: Command, words: readonly string[]): string | undefined => {
  const [first] = words;
  const known = command.commands.find((child) => child.name() === first);
  if (known) return faultOfCall(known, words.slice(1));
  if (first !== undefined && !first.startsWith('-') && command.commands.length > 0) {
    return `there is no command "${first}"`;
  }
  const unknown = words
    .filter((word) => word.startsWith('--'))
    .find((word) => word !== '--help' && !command.options.some(({ long }) => long === word));
  return unknown === undefined ? undefined : `${command.name()} has no option ${unknown}`;
};
