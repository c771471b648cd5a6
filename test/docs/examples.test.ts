// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'ava';
import { houseIn, passExams } from '../night/support/with-night.ts';
import { type Files, makeRepository } from '../workspace/with-repository.ts';

const shown = (path: string): string =>
  readFileSync(new URL(`../../docs/examples/${path}`, import.meta.url), 'utf8');

/** Where docs/agents.md and docs/tools.md say that each file goes. */
const asTold: Files = {
  'agents/doc-title/agent.yaml': shown('agent/agent.yaml'),
  'agents/doc-title/prompt.md': shown('agent/prompt.md'),
  'agents/doc-title/rules/default.ts': shown('agent/rules/default.ts'),
  'tools/first_heading.ts': shown('tool/first_heading.ts'),
  'flows/titles.yaml': shown('titles-flow.yaml'),
  'specs/titles.yaml': shown('titles-spec.yaml'),
  'notes/fish.md': '```sh\n# no heading\n```\n\n# Fish and *chips*\n',
  'notes/soup.md': '---\ntitle: Soup\n---\n# Tomato soup\n',
  'notes/plain.md': 'Nothing stands above this.\n',
};

test('the agent and the tool of the documentation open a pull request', async (t) => {
  const repository = makeRepository(t, asTold);
  const house = houseIn(t, repository);
  // A user's state folder may lie below a CommonJS package.
  writeFileSync(join(dirname(house.state.root), 'package.json'), '{ "type": "commonjs" }');
  await passExams(repository.folder, house.state, ['titles']);
  const { spec, events } = await house.night();
  const { outcome, reason, branch, units } = spec('titles');
  t.is(outcome, 'pull-request', reason);
  t.deepEqual(units, { approved: 1, red: 1, skipped: 1 });
  t.regex(reason, /notes\/plain\.md has no heading/);
  t.is(house.run(['diff', '--name-only', 'main', branch ?? '']), 'notes/fish.md\n');
  t.is(
    house.run(['show', `${branch}:notes/fish.md`]),
    `---\ntitle: Fish and chips\n---\n${asTold['notes/fish.md']}`,
  );
  t.true(events.some(({ node, state }) => node === 'title' && state === 'ok'));
});

const ownChore = (...names: readonly string[]): Files =>
  Object.fromEntries(
    ['chore.yaml', 'work.ts', ...names].map((name) => [
      `chores/todo-owner/${name}`,
      shown(`chore/todo-owner/${name}`),
    ]),
  );

const owned: Files = {
  'package.json': '{"type":"module"}\n',
  'src/a.ts': '// TODO: shorter\nexport const a = 1; // TODO: longer\n',
  'src/b.md': 'TODO: say more\n',
};

test('the chore of the documentation is judged and opens a pull request', async (t) => {
  const repository = makeRepository(t, {
    ...owned,
    ...ownChore('judge.ts', 'redo.ts'),
    'specs/owners.yaml':
      'title: Owners\nscope: src/\nacceptance: [Every TODO in src/ has the owner `ada`]\n',
  });
  const house = houseIn(t, repository);
  await passExams(repository.folder, house.state, ['spec2code']);
  const { spec } = await house.night();
  const { outcome, reason, branch } = spec('owners');
  t.is(outcome, 'pull-request', reason);
  t.is(house.run(['show', `${branch}:src/b.md`]), 'TODO(ada): say more\n');
});
