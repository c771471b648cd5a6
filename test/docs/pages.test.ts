// SPDX-License-Identifier: GPL-3.0-only
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'ava';
import { Command } from 'commander';
import { addCommands } from '../../src/cli/commands.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { loadFlow } from '../../src/flow/load-flow.ts';
import { loadSpecFile } from '../../src/spec/load-specs.ts';
import { faultOfCommand } from './command-lines.ts';
import { type Page, pages, readPage, root } from './pages.ts';

const eachPage = (what: string, faultsOf: (page: Page) => readonly string[]) => {
  for (const page of pages()) {
    test(`${page.path}: ${what}`, (t) => t.deepEqual(faultsOf(page), []));
  }
};

const headingsOf = (path: string): readonly string[] =>
  [...readFileSync(join(root, path), 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, text = '']) =>
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

eachPage('links lead somewhere', ({ path, links }) =>
  links
    .filter((link) => !/^[a-z]+:/.test(link))
    .filter((link) => {
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? path : join(dirname(path), file);
      if (!existsSync(join(root, target))) return true;
      return anchor !== undefined && !headingsOf(target).includes(anchor);
    }),
);

eachPage('commands and options exist', ({ fences, spans }) => {
  const lines = [
    ...fences.filter(({ language }) => language === 'sh').flatMap(({ text }) => text.split('\n')),
    ...spans,
  ];
  return lines.flatMap((line) => faultOfCommand(line) ?? []);
});

eachPage('paths of this repository exist', ({ spans }) =>
  spans
    .filter((span) => /^(?:src|actions|bin|test|docs|flows|schemas|\.ci)\/[\w./-]+$/.test(span))
    .filter((path) => !existsSync(join(root, path))),
);

eachPage('nothing of one machine', ({ text }) => [
  ...(text.match(/\/(?:home|root|work|Users)\/(?!\.\.)[a-z][\w/.-]*/g) ?? []),
  ...(text.match(/localhost:\d+|registry\.(?!yaml|schema)\S+/g) ?? []),
]);

/** Files shown on a page say in their first line what they are. */
const loaders: readonly (readonly [RegExp, (name: string, text: string) => unknown])[] = [
  [/^# (pantheon\.yaml)\n/, (name, text) => loadConfig({ name, text })],
  [/^# (specs\/\S+)\n/, (name, text) => loadSpecFile({ name, text })],
  [/^# (flows\/\S+)\n/, (name, text) => loadFlow({ name, text })],
  [/^\{ "title"/, (_, text) => loadSpecFile({ name: 'spec.json', text })],
];

let loaded = 0;
for (const { path, fences } of pages()) {
  for (const { text } of fences) {
    const [form, load] = loaders.find(([pattern]) => pattern.test(text)) ?? [];
    if (!form || !load) continue;
    loaded += 1;
    const name = form.exec(text)?.[1] ?? 'a spec';
    test(`${path}: ${name} loads as it is shown (${loaded})`, (t) => {
      t.notThrows(() => load(name, text));
    });
  }
}
test('shown files were found', (t) => t.true(loaded >= 7, `${loaded}`));

test('the defaults are those of docs/configuration.md', (t) => {
  const { fences } = readPage('docs/configuration.md');
  const text = fences.find((fence) => fence.text.startsWith('# pantheon.yaml'))?.text ?? '';
  t.deepEqual(loadConfig({ name: 'pantheon.yaml', text }), loadConfig(undefined));
});

test('docs/dependencies.md names every package and no other', (t) => {
  const { text } = readPage('docs/dependencies.md');
  const named = [...text.matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => name ?? '');
  const { dependencies, peerDependencies, devDependencies, overrides } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  );
  const direct = { ...dependencies, ...peerDependencies, ...devDependencies };
  const used = [
    ...Object.keys(direct).map((name) => name.replace(/^@types\/.*/, '@types/*')),
    ...[...JSON.stringify(overrides).matchAll(/"npm:(.+?)@[^"]*"/g)].map(([, name]) => name ?? ''),
  ];
  t.deepEqual(named.sort(), [...new Set(used)].sort());
});

test('decisions are numbered without a gap and say all five things', (t) => {
  const decisions = pages().filter(({ path }) => /^docs\/decisions\/\d/.test(path));
  for (const [index, { path, text }] of decisions.entries()) {
    const number = String(index + 1).padStart(4, '0');
    t.true(path.startsWith(`docs/decisions/${number}-`), path);
    t.true(text.startsWith(`# ${number}. `), path);
    const parts = [...text.matchAll(/^## (.+)$/gm)].map(([, title]) => title);
    t.deepEqual(parts.slice(0, 4), ['Status', 'Context', 'Decision', 'Consequences'], path);
  }
});

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
