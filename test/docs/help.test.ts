// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { Command } from 'commander';
import { addCommands } from '../../src/cli/commands.ts';

const program = new Command('pantheon');
addCommands(program);

const all = (command: Command): readonly Command[] => [
  ...command.commands,
  ...command.commands.flatMap(all),
];

test('the help has three groups, and every command is in one', (t) => {
  const help = program.helpInformation();
  t.deepEqual(help.match(/^\w.*:$/gm), [
    'Options:',
    'Everyday:',
    'GitHub:',
    'Plumbing (the jobs of a compiled workflow):',
  ]);
});

for (const command of all(program)) {
  test(`${command.parent?.name()} ${command.name()} says in one line what it does`, (t) => {
    const about = command.description();
    t.regex(about, /^[a-z].+[^.]$/);
    t.true(about.length <= 72, `${about.length} characters`);
  });
  for (const { long, description } of command.options) {
    test(`${command.parent?.name()} ${command.name()} ${long} has a description`, (t) => {
      t.regex(description, /^(?!what )\S.+[^.]$/);
    });
  }
}
