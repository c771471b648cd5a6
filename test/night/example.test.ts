// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import test from 'ava';
import { type ExampleNight, runExampleNight } from '../../bin/docs/example-night.ts';
import { driftedDocs } from '../../bin/write-docs.ts';
import type { SpecSummary, Summary } from '../../src/morning/summary.ts';
import { stateAt } from '../../src/night/record/state-folder.ts';
import { replay } from '../../src/night/replay.ts';
import { openTraces } from '../../src/trace/open-traces.ts';
import { root } from '../docs/pages.ts';
import { plainGit } from '../workspace/with-repository.ts';
import { nodesOf, readJson } from './support/with-night.ts';

/*
 * The example night as `npm run night` works it: the shipped agents, the reviewers' exam, tests that
 * are really run.
 */

const made: { night?: ExampleNight } = {};

test.before(async (t) => {
  t.timeout(180_000);
  made.night = await runExampleNight(root);
});
test.after.always(() => made.night?.remove());

const example = (): ExampleNight => made.night as ExampleNight;
const vault = (): string => join(example().place, 'vault');
const summary = (): Summary => readJson(example().folder, 'summary.json') as Summary;
const specOf = (id: string): SpecSummary => {
  const spec = summary().specs.find((one) => one.id === id);
  if (!spec) throw new Error(`there is no ${id} in the summary`);
  return spec;
};

/** Outcome, and what the reason must say. */
const expected: Readonly<
  Record<string, readonly [outcome: SpecSummary['outcome'], reason: RegExp]>
> = {
  'add-header': ['pull-request', /approved by both reviewers|units approved/],
  'export-handover': ['pull-request', /approved by both reviewers/],
  'faster-rota': ['red-bin', /^plan: no chore covers the sentence /],
  'normalise-notes': ['pull-request', /units approved/],
  'tidy-decisions': [
    'red-bin',
    /^gate: rejected by reviewA: [^|]*"Passed over: .*reviewB: .*"Passed over: /,
  ],
  'tidy-elsewhere': ['red-bin', /^plan: .*\.\./],
};

for (const [id, [outcome, reason]] of Object.entries(expected)) {
  test(`${id} ends as ${outcome}`, (t) => {
    const spec = specOf(id);
    t.is(spec.outcome, outcome, spec.reason);
    t.regex(spec.reason, reason);
  });
}

test('there are no other specs, and only their branches', (t) => {
  t.deepEqual(
    summary()
      .specs.map(({ id }) => id)
      .sort(),
    Object.keys(expected).sort(),
  );
  t.deepEqual(
    plainGit(vault())(['for-each-ref', '--format=%(refname:short)', 'refs/heads/pantheon/'])
      .split('\n')
      .filter(Boolean)
      .sort(),
    summary()
      .specs.flatMap(({ branch }) => branch ?? [])
      .sort(),
  );
});

test('both reviewers passed their exams for what they judged', (t) => {
  const { reviewers } = summary();
  t.deepEqual(reviewers.map(({ flow }) => flow).sort(), ['docops', 'hasty', 'spec2code']);
  for (const { exams, state, kappa } of reviewers) {
    t.true(exams.length >= 2 && exams.every(({ passed }) => passed));
    t.is(state, 'ok');
    t.true((kappa ?? 0) > 0.6);
  }
});

test('every note that was left alone has its reason', (t) => {
  const { unitDetails } = specOf('normalise-notes');
  const red = unitDetails.filter(({ state }) => state === 'red');
  t.true(red.length >= 3);
  t.true(red.every(({ reason, code, node }) => reason && code && node));
  const reasons = red.map(({ reason }) => reason).join('\n');
  t.regex(reasons, /conflict/);
  t.regex(reasons, /binary/);
  t.regex(reasons, /twice|duplicate|unique/i);
});

/** A note's text after its frontmatter, as bytes. */
const bodyOf = (text: string): string =>
  text.replace(/^\uFEFF?---\r?\n(?:[\s\S]*?\r?\n)??---[ \t]*(?:\r?\n|$)/, '');

test('bodies are byte for byte what they were, outside what the spec allows', (t) => {
  const git = plainGit(vault());
  const { branch } = specOf('normalise-notes');
  const paths = git(['diff', '--name-only', '-z', 'main', branch ?? ''])
    .split('\0')
    .filter(Boolean);
  t.true(paths.length >= 12);
  for (const path of paths) {
    const [before, after] = [git(['show', `main:${path}`]), git(['show', `${branch}:${path}`])];
    const body = bodyOf(after);
    t.true(before.endsWith(body), path);
    const lost = before.slice(0, before.length - body.length).replace(/^\uFEFF/, '');
    t.true(lost === '' || /^---\r?\n[\s\S]*---[ \t]*\r?\n$/.test(lost), `${path}: ${lost}`);
  }
});

test('the change to code passes its own tests where it is opened', (t) => {
  const git = plainGit(vault());
  const { branch, units } = specOf('export-handover');
  t.deepEqual(units, { approved: 1, red: 0, skipped: 0 });
  t.deepEqual(
    git(['diff', '--name-only', 'main', branch ?? ''])
      .trim()
      .split('\n'),
    ['tools/rota/src/index.ts', 'tools/rota/test/handover.test.ts'],
  );
});

test('every node of it gives the same again, plan, tests and gate included', async (t) => {
  const traces = openTraces(example().folder);
  const { signal } = new AbortController();
  const ids = ['export-handover', 'faster-rota', 'tidy-decisions'];
  const records = nodesOf(example().folder).filter(
    ({ spec, bundle }) => ids.includes(spec) && bundle,
  );
  t.true(records.length > 12);
  for (const { spec, unit, node } of records) {
    const bundle = traces.read({ spec, unit, node });
    if (!bundle) throw new Error(`${spec}/${unit}/${node} left no bundle`);
    const options = {
      repository: vault(),
      state: stateAt(example().place),
      folder: example().folder,
    };
    const replayed = await replay({ ...options, bundle, signal });
    t.deepEqual(replayed, { differences: [], changed: [] }, `${spec}/${unit}/${node}`);
  }
});

test('what is written from the code and from this night is as written', async (t) => {
  const drifted = await driftedDocs(root, example());
  t.deepEqual(drifted, [], 'run: node_modules/.bin/node bin/write-docs.ts');
});
