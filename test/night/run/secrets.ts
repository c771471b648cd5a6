// SPDX-License-Identifier: GPL-3.0-only
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { planted, textWith } from '../../secrets/planted.ts';
import { readBundles } from '../support/snapshot.ts';
import { tinyHouse, tinySpec } from '../support/tiny-house.ts';
import { wholeFile } from '../support/whole-file.ts';
import { makeHouse } from '../support/with-night.ts';

const kinds = Object.keys(planted);
const values = Object.values(planted).flatMap(([value]) =>
  value.split('\n').filter((line) => line.length > 8),
);
const [token = ''] = planted['GitHub token'] ?? [];
const noteOf = (kind: string): string => `box/${kind.replaceAll(' ', '-')}.txt`;

/** A test that prints what it reads and fails with it, as any test may. */
const leaking = String(tinyHouse['agents/checker/agent.js'])
  .replace(
    "' breaks it'",
    `' breaks it: ' + ['gh', 'p_'].join('') + '${token.slice(4)}' + 'x '.repeat(20_000)`,
  )
  .replace('testsLog: JSON.stringify(counts)', 'testsLog: message')
  .replace('result: counts', 'result: { ...counts, failures: [message] }');

const files = {
  'agents/checker/agent.js': leaking,
  'specs/notes.yaml': tinySpec('box/'),
  ...Object.fromEntries(kinds.map((kind) => [noteOf(kind), textWith(kind)])),
  'box/plain.txt': 'plain\n',
  'specs/near.yaml': tinySpec('near/', 'context: far/\n'),
  'near/a.txt': 'a\n',
  'far/a.txt': 'a\n',
  'far/key.txt': textWith('GitHub token'),
  'specs/red.yaml': tinySpec('red/'),
  'red/a.txt': 'a lines 1 BREAKS-TESTS\n',
  'specs/title.yaml': `title: Use ${token}\nscope: box/\nacceptance: [x]\n`,
  'specs/escaped.yaml': `title: "Use \\x67${token.slice(1)}"\nscope: box/\nacceptance: [x]\n`,
  'specs/broken.yaml': `title: [\nscope: ${token}\n`,
};

const shared = wholeFile();
const worked = makeHouse(shared, files).then(async (house) => ({
  house,
  end: await house.night(),
}));

for (const kind of kinds) {
  test(`a unit whose file holds a secret is refused before it is asked: ${kind}`, async (t) => {
    const { end } = await worked;
    const unit = end.spec('notes').unitDetails.find(({ paths }) => paths[0] === noteOf(kind));
    t.is(unit?.state, 'red');
    t.is(unit?.node, 'work');
    t.is(unit?.code, 'secret.in-file');
    t.regex(
      unit?.reason ?? '',
      new RegExp(`${noteOf(kind)}:2 contains what looks like an? ${kind}`),
    );
    const bundle = readBundles(end.folder).get(`notes/${unit?.id}/work`);
    t.deepEqual(Object.keys(bundle?.files ?? {}).sort(), ['error.json', 'metrics.json']);
  });
}

test('its peers are worked', async (t) => {
  const { house, end } = await worked;
  const { outcome, branch } = end.spec('notes');
  t.is(outcome, 'pull-request');
  t.is(house.run(['diff', '--name-only', 'main', branch ?? '']), 'box/plain.txt\n');
});

test('a unit whose context holds a secret is refused', async (t) => {
  const { end } = await worked;
  const [unit] = end.spec('near').unitDetails;
  t.is(unit?.code, 'secret.in-file');
  t.regex(unit?.reason ?? '', /far\/key\.txt:2 contains what looks like a GitHub token/);
});

test('a spec that holds a secret is a mistake with its line, also behind escapes', async (t) => {
  const { end } = await worked;
  const [broken, escaped, title, ...others] = [...end.mistakes].sort();
  t.deepEqual(others, []);
  const what = 'contains what looks like a GitHub token, so nothing is made of it';
  t.true(title?.startsWith(`specs/title.yaml:1: ${what}`), title);
  t.true(escaped?.startsWith(`specs/escaped.yaml:1:1: ${what}`), escaped);
  t.true(broken?.startsWith(`specs/broken.yaml:2: ${what}`), broken);
});

test('a test that shows a secret is told without it, and cut', async (t) => {
  const { end } = await worked;
  const [unit] = end.spec('red').unitDetails;
  t.regex(unit?.reason ?? '', /red\/a\.txt breaks it: \[removed: GitHub token\]/);
  t.true((unit?.reason ?? '').length < 11_000);
  const log = readBundles(end.folder).get(`red/${unit?.id}/test`)?.files['tests.log'];
  t.regex(log ?? '', /\[removed: GitHub token\]/);
});

test('no value is anywhere in what the night leaves and says', async (t) => {
  const { house, end } = await worked;
  const left = new Map<string, string>();
  for (const entry of readdirSync(house.state.root, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    // The copy of the committed code is repository content.
    if (entry.isFile() && !file.startsWith(house.state.code))
      left.set(file, readFileSync(file, 'latin1'));
  }
  for (const [address, { files }] of readBundles(end.folder)) {
    for (const [name, text] of Object.entries(files)) left.set(`${address}/${name}`, String(text));
  }
  left.set('said', end.said.join('\n'));
  left.set('events', JSON.stringify(end.events));
  left.set('commits', house.run(['log', '--all', '--format=%B']));
  t.true(left.size > 100, `${left.size} files`);
  for (const [name, text] of left) {
    for (const value of values)
      t.false(text.includes(value), `${name} holds ${value.slice(0, 6)}...`);
  }
});

test('repository content is as it was', async (t) => {
  const { house } = await worked;
  for (const kind of kinds) {
    t.is(readFileSync(join(house.folder, noteOf(kind)), 'utf8'), textWith(kind));
    t.is(house.run(['show', `main:${noteOf(kind)}`]), textWith(kind));
  }
});
