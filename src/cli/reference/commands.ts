// SPDX-License-Identifier: GPL-3.0-only
import type { Command } from 'commander';

/** Adds the commands that look something up and read no repository. */
export const addReference = (program: Command): void => {
  program
    .command('explain [code]')
    .description('say what a code in a report means, and what to do')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Every spec or unit that ends red or skipped has a code: in report.md, summary.json, journal.jsonl and the
comment below its issue. Without a code it lists all; with the name of a group, those of the group.

Examples:
  pantheon explain gate.rejected
  pantheon explain gate`,
    )
    .action(async (code, options) => (await import('./explain.ts')).explainCommand(code, options));
  program
    .command('schema [name]')
    .description('list the JSON Schemas of all files, or print one')
    .addHelpText('after', '\nExample:\n  pantheon schema summary > summary.schema.json')
    .action(async (name) => (await import('./schema.ts')).schemaCommand(name));
};
