// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { conventionsFor, forbiddingLine } from '../../../src/night/open/repository-policy.ts';
import { openTraces } from '../../../src/trace/open-traces.ts';
import { openBaseTree } from '../../../src/workspace/base-tree.ts';
import { makeRepository } from '../../workspace/with-repository.ts';
import { tinyConfig, tinySpec } from '../support/tiny-house.ts';
import { makeHouse } from '../support/with-night.ts';

const turnedAway = [
  'AI agents are not allowed.',
  'AI-generated contributions are not accepted!',
  '- **AI agents must not open pull requests**.',
  'No AI-generated pull requests.',
  'no automated contributions please',
  'Do not use AI agents in this repository.',
  'Automated pull requests are rejected',
  'Welcome. Coding agents may not contribute.',
  'Bots are not welcome.',
];
for (const line of turnedAway) {
  test(`agents are turned away by: ${line}`, (t) => {
    t.is(forbiddingLine(`# Rules\n\n${line}\n`), 3);
  });
}

const rules = [
  'Agents must not edit generated files.',
  'AI agents are not allowed to touch `src/vendor`.',
  'Do not use tabs.',
  'Contributions are not accepted without tests.',
  'No agent has to run the tests.',
  'AI agents are welcome.',
  'Never use AI agents to answer issues of others, and run the tests.',
];
for (const line of rules) {
  test(`a rule turns nobody away: ${line}`, (t) => {
    t.is(forbiddingLine(line), undefined);
  });
}

test('no night works where agents are turned away, and it says where', async (t) => {
  const files = { 'specs/a.yaml': tinySpec('box/'), 'box/a.txt': 'a\n' };
  const house = await makeHouse(t, { ...files, 'AGENTS.md': '# Agents\n\nNo AI agents.\n' });
  await t.throwsAsync(house.night(), { message: /^AGENTS\.md:3: turns agents away, so no night/ });
  t.deepEqual(house.branches(), []);
  house.commit({ 'AGENTS.md': '# Agents\n\nWrite plain words.\n' });
  t.is((await house.night()).spec('a').outcome, 'pull-request');
});

test('the nearest words count, and secrets among them are shown to nobody', async (t) => {
  const { folder, run } = makeRepository(t, {
    'AGENTS.md': 'top\n',
    'docs/AGENTS.md': 'docs\n',
    'docs/deep/AGENTS.md': `key: ${'AK' + 'IA'}QYLPMN5HHHFPZAM2\n`,
    'docs/a.md': 'a\n',
  });
  const base = await openBaseTree(folder, run(['rev-parse', 'HEAD']).trim());
  t.teardown(base.close);
  const fileFor = async (...paths: string[]) => (await conventionsFor(base, paths))?.file;
  t.is(await fileFor('docs/a.md'), 'docs/AGENTS.md');
  t.is(await fileFor('docs/other/b.md', 'docs/a.md'), 'docs/AGENTS.md');
  t.is(await fileFor('src/a.ts', 'docs/a.md'), 'AGENTS.md');
  t.is(await fileFor('docsx/a.md'), 'AGENTS.md');
  t.is(await fileFor('docs/deep/a.md'), undefined);
  t.is((await conventionsFor(base, ['docs/a.md']))?.text, 'docs\n');
});

test('more pull requests than may be open wait, the least important first', async (t) => {
  const house = await makeHouse(t, {
    'pantheon.yaml': tinyConfig('gate: { maxOpen: 2 }\n'),
    'specs/low.yaml': tinySpec('low/'),
    'specs/high.yaml': tinySpec('high/', 'priority: 2\n'),
    'specs/middle.yaml': tinySpec('middle/', 'priority: 1\n'),
    'low/a.txt': 'a\n',
    'high/a.txt': 'a\n',
    'middle/a.txt': 'a\n',
  });
  const first = await house.night();
  t.is(first.spec('high').outcome, 'pull-request');
  t.is(first.spec('middle').outcome, 'pull-request');
  t.regex(first.spec('low').reason, /^waits for room: gate\.maxOpen is 2, and 0 pull requests are/);
  const second = await house.night();
  t.regex(second.spec('low').reason, /^waits for room: .* 2 pull requests are open; merge or/);
  const [branch = ''] = house.branches();
  house.run(['merge', '-q', '--no-ff', '-m', 'Take it', branch]);
  t.is((await house.night()).spec('low').outcome, 'pull-request');
});

test('a reviewer is not shown what the worker says of its patch', async (t) => {
  const files = { 'specs/a.yaml': tinySpec('box/'), 'box/a.txt': 'a\n' };
  const house = await makeHouse(t, files);
  const { folder } = await house.night();
  const traces = openTraces(folder);
  const [unit = ''] = traces.list('a').flatMap(({ unit }) => (unit.startsWith('_') ? [] : [unit]));
  const shown = (node: string) =>
    JSON.parse(traces.read({ spec: 'a', unit, node })?.files['input.json'] ?? '{}').inputs;
  t.is(shown('test').work.notes, 'did box/a.txt');
  for (const node of ['reviewA', 'reviewB']) {
    t.is(shown(node).work.notes, '');
    t.is(shown(node).test.notes, '1 passed');
  }
});
