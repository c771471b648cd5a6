// SPDX-License-Identifier: GPL-3.0-only
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { type Replayed, replay } from '../../src/night/replay.ts';
import type { Bundle } from '../../src/trace/bundle.ts';
import { openTraces } from '../../src/trace/open-traces.ts';
import { makeRepository, temporaryFolder } from '../workspace/with-repository.ts';
import { tinySpec } from './support/tiny-house.ts';
import { wholeFile } from './support/whole-file.ts';
import {
  type House,
  houseIn,
  makeHouse,
  nodesOf,
  passExams,
  type Worked,
} from './support/with-night.ts';

/** Replays every bundle of a night, by `spec/unit/node`. */
const replayAll = async (
  { folder: repository, state }: House,
  { folder }: Worked,
): Promise<Readonly<Record<string, Replayed>>> => {
  const traces = openTraces(folder);
  const replayed: Record<string, Replayed> = {};
  for (const { spec, unit, node, bundle: there } of nodesOf(folder)) {
    const bundle = there === undefined ? undefined : traces.read({ spec, unit, node });
    if (!bundle) continue;
    const { signal } = new AbortController();
    const name = `${spec}/${unit}/${node}`;
    replayed[name] = await replay({ repository, state, folder, bundle, signal });
  }
  return replayed;
};

const everyEnd = {
  'specs/one.yaml': tinySpec('box/'),
  'specs/lost.yaml': tinySpec('nowhere/*.txt'),
  'box/a.txt': 'a\n',
  'box/b.txt': 'b fail no idea\n',
  'box/c.txt': 'c lines 2 REJECT-A not like this\n',
  'box/d.txt': 'd lines 2 BREAKS-TESTS\n',
  'box/e.txt': 'e keep\n',
  'box/f.txt': Buffer.from('f\0binary'),
};

const files = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();

const assertSame = (t: ExecutionContext, replayed: Readonly<Record<string, Replayed>>) => {
  for (const [name, { differences, changed }] of Object.entries(replayed)) {
    t.deepEqual(differences, [], name);
    t.deepEqual(changed, [], name);
  }
};

test('every node of every end gives the same again, and nothing is written', async (t) => {
  const house = await makeHouse(t, everyEnd);
  const night = await house.night();
  const before = files(house.state.root);
  const refs = house.run(['for-each-ref']);
  const journal = readFileSync(`${night.folder}/journal.jsonl`, 'utf8');
  const replayed = await replayAll(house, night);
  t.is(Object.keys(replayed).filter((address) => !address.includes('/_exam-')).length, 19);
  t.true('one/_spec/plan' in replayed && 'one/_spec/merge' in replayed);
  assertSame(t, replayed);
  t.deepEqual(files(house.state.root), before);
  t.is(house.run(['for-each-ref']), refs);
  t.is(readFileSync(`${night.folder}/journal.jsonl`, 'utf8'), journal);
});

test('shipped agents give the same again', async (t) => {
  const repository = makeRepository(t, {
    'specs/notes.json': JSON.stringify({
      title: 'Tidy',
      scope: 'notes/',
      flow: 'docops',
      acceptance: ['The frontmatter of every note is normalised'],
    }),
    'notes/a.md': '# A note\n\nSome #words.\n',
    'notes/b.md': '---\na: 1\na: 2\n---\nTwice.\n',
  });
  const house = houseIn(t, repository);
  await passExams(repository.folder, house.state, ['docops']);
  const night = await house.night();
  t.is(night.spec('notes').outcome, 'pull-request', night.spec('notes').reason);
  const replayed = await replayAll(house, night);
  t.deepEqual(
    Object.keys(replayed).filter((name) => name.includes('_spec')),
    ['notes/_spec/plan.validate', 'notes/_spec/merge'],
  );
  assertSame(t, replayed);
});

test('a night for the units left red replays as the night it was', async (t) => {
  const house = await makeHouse(t, {
    'specs/one.yaml': tinySpec('box/'),
    'box/a.txt': 'a\n',
    'box/b.txt': 'b fail no\n',
  });
  const first = await house.night();
  house.run(['merge', '-q', first.spec('one').branch ?? '']);
  house.commit({ 'box/b.txt': 'b\n' });
  const second = await house.night();
  t.regex(second.spec('one').branch ?? '', /-r2$/);
  assertSame(t, await replayAll(house, second));
  // The first one still stands on its own base.
  assertSame(t, await replayAll(house, first));
});

/** What a bundle says was another agent's work. */
type Forged = readonly [node: string, file: string, from: string, to: string, at: RegExp];

const forged: Readonly<Record<string, Forged>> = {
  'a worker’s patch': ['work', 'diff.patch', '+done', '+won', /^line \d+$/],
  'a worker’s notes': ['work', 'output.json', 'did box/a.txt', 'did nothing', /^notes$/],
  'a verdict': ['reviewA', 'review.json', '"approve"', '"reject"', /^verdict$/],
  'the gate’s decision': [
    'merge',
    'output.json',
    '"pull-request"',
    '"nothing"',
    /^result\.outcome$/,
  ],
};

const shared = wholeFile();

/** A night of one approved unit, and the replay of a bundle of it that was changed. */
const small = (async () => {
  const house = await makeHouse(shared, { 'specs/one.yaml': tinySpec('box/'), 'box/a.txt': 'a\n' });
  const night = await house.night();
  const unit = night.spec('one').unitDetails[0]?.id ?? '';
  const read = (node: string): Bundle => {
    const of = ['plan', 'merge'].includes(node) ? '_spec' : unit;
    const bundle = openTraces(night.folder).read({ spec: 'one', unit: of, node });
    if (!bundle) throw new Error(`no bundle of ${node}`);
    return bundle;
  };
  const { folder: repository, state } = house;
  const again = (bundle: Bundle, folder = night.folder) =>
    replay({ repository, state, folder, bundle, signal: new AbortController().signal });
  return { house, night, read, again };
})();

for (const [what, [node, file, from, to, at]] of Object.entries(forged)) {
  test(`${what} that the node does not give is told with its place`, async (t) => {
    const { read, again } = await small;
    const bundle = read(node);
    const text = bundle.files[file as 'output.json'] ?? '';
    const edited = text.replace(from, to);
    t.not(edited, text);
    const { differences } = await again({ ...bundle, files: { ...bundle.files, [file]: edited } });
    t.deepEqual(
      differences.map(({ file, how }) => ({ file, how })),
      [{ file: file as 'output.json', how: 'differs' }],
    );
    t.regex(differences[0]?.at ?? '', at);
  });
}

test('an agent that changed since is named', async (t) => {
  const { night, read, again } = await small;
  const bundle = read('work');
  // A night's own agents come from its commit; what can change is the installation's.
  const folder = temporaryFolder(t);
  cpSync(night.folder, folder, { recursive: true });
  const file = `${folder}/night.json`;
  const edited = JSON.parse(readFileSync(file, 'utf8'));
  edited.agents['tiny.worker'].digest = 'another';
  writeFileSync(file, JSON.stringify(edited));
  const facts = { ...bundle.facts, runtime: 'another' };
  t.deepEqual((await again({ ...bundle, facts }, folder)).changed, [
    'the agent tiny.worker has changed since',
    'its runtime has changed since',
  ]);
});

test('a night that another version wrote is one for that version to replay', async (t) => {
  const { read, again } = await small;
  const folder = temporaryFolder(t);
  writeFileSync(`${folder}/night.json`, '{"version":0}');
  await t.throwsAsync(again(read('work'), folder), {
    name: 'UserError',
    message: `${folder}/night.json: was not written by this version of Pantheon. Replay it with the version that wrote it`,
  });
});

test('later commits do not change what a replay stands on', async (t) => {
  const { house, night } = await small;
  house.commit({
    'box/a.txt': 'other\n',
    'agents/worker/rules/default.js': 'export const answer = () => "no";\n',
    'pantheon.yaml': 'flow: none\n',
    'flows/tiny.yaml': 'nothing\n',
  });
  const replayed = await replayAll(house, night);
  t.is(Object.keys(replayed).length, 6);
  assertSame(t, replayed);
});

test('a bundle of a spec or a node the night had not is refused', async (t) => {
  const { night, read, again } = await small;
  const bundle = read('plan');
  await t.throwsAsync(again({ ...bundle, address: { ...bundle.address, spec: 'two' } }), {
    name: 'UserError',
    message: `night ${basename(night.folder)} had no spec "two"`,
  });
  await t.throwsAsync(again({ ...bundle, address: { ...bundle.address, node: 'plane' } }), {
    name: 'UserError',
    message: 'the flow "tiny" has no node "plane"',
  });
});
