// SPDX-License-Identifier: GPL-3.0-only
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { openChores } from '../../src/chore/chores.ts';
import { collectSpecs, loadSpecs } from '../../src/spec/load-specs.ts';
import { compileScope } from '../../src/spec/scope.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, 'examples/specs');
const loaded = loadSpecs(folder);
const specOf = async (id: string) => (await loaded).specs.find((spec) => spec.id === id);

const vault = readdirSync(join(root, 'examples/vault'), { recursive: true, encoding: 'utf8' });

test('all load', async (t) => {
  const { mistakes, ignored } = await collectSpecs(folder);
  t.deepEqual(mistakes, []);
  t.deepEqual(ignored, []);
  t.deepEqual(
    (await loaded).specs.map(({ id }) => id),
    [
      'add-header',
      'export-handover',
      'faster-rota',
      'normalise-notes',
      'tidy-decisions',
      'tidy-elsewhere',
    ],
  );
});

test('the printed spec is the printed spec', (t) => {
  const { $schema, ...rest } = JSON.parse(readFileSync(join(folder, 'add-header.json'), 'utf8'));
  t.is(
    JSON.stringify(rest),
    '{"title":"Add header","scope":"docs/","acceptance":["All *.md have GPL header"]}',
  );
  t.truthy($schema);
});

test('each names its schema for editors', (t) => {
  for (const name of readdirSync(folder)) {
    const text = readFileSync(join(folder, name), 'utf8');
    const schema = /^# yaml-language-server: \$schema=(\S+)|"\$schema": "(.*?)"/.exec(text);
    const path = schema?.[1] ?? schema?.[2] ?? 'none';
    t.true(existsSync(join(folder, path)), `${name}: ${path}`);
  }
});

const reaches = test.macro({
  async exec(t, id: string, minimum: number) {
    const covers = compileScope((await specOf(id))?.scope ?? []);
    t.true(vault.filter(covers).length >= minimum);
  },
  title: (_, id) => `${id} covers files of the vault`,
});

test(reaches, 'add-header', 6);
test(reaches, 'normalise-notes', 15);
test(reaches, 'tidy-decisions', 2);
test(reaches, 'export-handover', 1);
test(reaches, 'faster-rota', 8);

const understood = test.macro({
  async exec(t, id: string, expected: boolean) {
    const read = (await specOf(id))?.acceptance.map(
      (sentence) => openChores().read(sentence) !== undefined,
    );
    t.is(read?.every(Boolean), expected);
  },
  title: (_, id, expected) => `${id} says what ${expected ? 'can' : 'cannot'} be checked`,
});

test(understood, 'add-header', true);
test(understood, 'normalise-notes', true);
test(understood, 'tidy-decisions', true);
test(understood, 'export-handover', true);
test(understood, 'faster-rota', false);

test('the escaping one covers nothing of the vault', async (t) => {
  const covers = compileScope((await specOf('tidy-elsewhere'))?.scope ?? []);
  t.deepEqual(vault.filter(covers), []);
});
