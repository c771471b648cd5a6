// SPDX-License-Identifier: GPL-3.0-only
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { abilitiesTable } from './docs/abilities-table.ts';
import { actionPages } from './docs/action-pages.ts';
import { choreTables } from './docs/chore-tables.ts';
import { cliPage } from './docs/cli-page.ts';
import { type ExampleNight, runExampleNight } from './docs/example-night.ts';
import { findingsPage } from './docs/findings-page.ts';
import { innerOrders } from './docs/house-order.ts';
import { houseSvg } from './docs/house-svg.ts';
import { fence, fillParts, placesIn } from './docs/parts.ts';
import { terminalSvg } from './docs/terminal-svg.ts';

/*
 * `node_modules/.bin/node bin/write-docs.ts` writes the pictures, excerpts and help in README.md, the
 * docs and the actions' pages from the code and from a real example night.
 */

/** Pages that show files of this repository. */
const showing = ['docs/agents.md', 'docs/tools.md', 'docs/chores.md'] as const;

/** Files and parts of files that are written from the code and from a real example night, by path. */
const writtenDocs = async (
  root: string,
  night: ExampleNight,
): Promise<ReadonlyMap<string, string>> =>
  new Map([
    ['docs/cli.md', cliPage()],
    ['docs/findings.md', findingsPage()],
    ...(await actionPages(root)),
    ['docs/house.svg', houseSvg(root)],
    ['CONTRIBUTING.md', await writeContributing(root)],
    ['docs/night.svg', terminalSvg(`$ ${night.command}\n${night.output}`, 'A night in a terminal')],
    ['README.md', await writeReadme(root, night)],
    ['docs/engines.md', await writeEngines(root)],
    ['docs/specs.md', await writeChores(root, 'docs/specs.md')],
    ...(await Promise.all(showing.map(async (path) => [path, await show(root, path)] as const))),
  ]);

const writeReadme = async (root: string, night: ExampleNight): Promise<string> => {
  const page = await readFile(join(root, 'README.md'), 'utf8');
  const [, reds = ''] = /\n## Red bins\n\n([\s\S]*?)\n(?:\n## |$)/.exec(night.report) ?? [];
  const parts = new Map([
    ['pull-request', fence('pr.md', (await night.pullRequest('export-handover')).trimEnd())],
    ['red-bins', quote(reds)],
  ]);
  return fillParts(page, 'written', (name) => parts.get(name));
};

const writeContributing = async (root: string): Promise<string> =>
  fillParts(await readFile(join(root, 'CONTRIBUTING.md'), 'utf8'), 'written', (name) =>
    name === 'inner' ? innerOrders(root) : undefined,
  );

const writeEngines = async (root: string): Promise<string> =>
  fillParts(await readFile(join(root, 'docs/engines.md'), 'utf8'), 'written', (name) =>
    name === 'abilities' ? abilitiesTable() : undefined,
  );

/** The list's own lines and what is said of each group, without the lines of units. */
const quote = (list: string): string =>
  list
    .split('\n')
    .filter((line) => !line.startsWith('  '))
    .map((line) => `> ${line}`.trimEnd())
    .join('\n');

const writeChores = async (root: string, path: string): Promise<string> =>
  fillParts(await readFile(join(root, path), 'utf8'), 'written', (name) => choreTables()[name]?.());

const show = async (root: string, path: string): Promise<string> => {
  const page = await writeChores(root, path);
  const files = new Map<string, string>();
  for (const name of placesIn(page, 'file')) {
    files.set(name, fence(name, (await readFile(join(root, name), 'utf8')).trimEnd()));
  }
  return fillParts(page, 'file', (name) => files.get(name));
};

/** Paths whose file differs from what would be written. */
export const driftedDocs = async (
  root: string,
  night: ExampleNight,
): Promise<readonly string[]> => {
  const drifted: string[] = [];
  for (const [path, text] of await writtenDocs(root, night)) {
    const present = await readFile(join(root, path), 'utf8').catch(() => undefined);
    if (present !== text) drifted.push(path);
  }
  return drifted;
};

if (import.meta.main) {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const night = await runExampleNight(root);
  try {
    for (const [path, text] of await writtenDocs(root, night)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
    }
  } finally {
    await night.remove();
  }
}
