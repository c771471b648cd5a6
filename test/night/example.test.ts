// SPDX-License-Identifier: GPL-3.0-only
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import type { SpecSummary } from '../../src/morning/summary.ts';
import { replay } from '../../src/night/replay.ts';
import { openTraces } from '../../src/trace/open-traces.ts';
import { makeRepository, plainGit } from '../workspace/with-repository.ts';
import { houseIn, nodesOf, type Worked } from './support/with-night.ts';

/*
 * The example night as `npm run night` works it, on a vault of its own: the shipped agents, the
 * reviewers' exam, tests that are really run.
 */

const root = fileURLToPath(new URL('../..', import.meta.url));
const lasting = { teardown: (clean: () => void) => test.after.always(clean) };
const vault = makeRepository(
  lasting,
  {},
  { before: (folder) => cpSync(join(root, 'examples/vault'), folder, { recursive: true }) },
);
const house = houseIn(lasting, vault);
const worked: { night?: Worked } = {};

test.before(async () => {
  worked.night = await house.night({ specs: join(root, 'examples/specs') });
});

const night = (): Worked => worked.night as Worked;

/** Outcome, and what the reason must say. */
const expected: Readonly<
  Record<string, readonly [outcome: SpecSummary['outcome'], reason: RegExp]>
> = {
  'add-header': ['pull-request', /approved by both reviewers|units approved/],
  'export-handover': ['pull-request', /approved by both reviewers/],
  'faster-rota': ['red-bin', /^plan: no chore covers the sentence /],
  'normalise-notes': ['pull-request', /units approved/],
  'tidy-decisions': ['red-bin', /^gate: rejected by /],
  'tidy-elsewhere': ['red-bin', /^plan: .*\.\./],
};

for (const [id, [outcome, reason]] of Object.entries(expected)) {
  test(`${id} ends as ${outcome}`, (t) => {
    const spec = night().spec(id);
    t.is(spec.outcome, outcome, spec.reason);
    t.regex(spec.reason, reason);
  });
}

test('there are no other specs, and only their branches', (t) => {
  t.deepEqual(
    night()
      .summary.specs.map(({ id }) => id)
      .sort(),
    Object.keys(expected).sort(),
  );
  t.deepEqual(
    [...house.branches()].sort(),
    night()
      .summary.specs.flatMap(({ branch }) => branch ?? [])
      .sort(),
  );
});

test('both reviewers passed their exams for what they judged', (t) => {
  const { reviewers } = night().summary;
  t.deepEqual(reviewers.map(({ flow }) => flow).sort(), ['docops', 'hasty', 'spec2code']);
  for (const { exams, state, kappa } of reviewers) {
    t.true(exams.length >= 2 && exams.every(({ passed }) => passed));
    t.is(state, 'ok');
    t.true((kappa ?? 0) > 0.6);
  }
});

test('every note that was left alone has its reason', (t) => {
  const { unitDetails } = night().spec('normalise-notes');
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
  const git = plainGit(vault.folder);
  const { branch } = night().spec('normalise-notes');
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
  const git = plainGit(vault.folder);
  const { branch, units } = night().spec('export-handover');
  t.deepEqual(units, { approved: 1, red: 0, skipped: 0 });
  t.deepEqual(
    git(['diff', '--name-only', 'main', branch ?? ''])
      .trim()
      .split('\n'),
    ['tools/rota/src/index.ts', 'tools/rota/test/handover.test.ts'],
  );
});

test('every node of it gives the same again, plan, tests and gate included', async (t) => {
  const traces = openTraces(night().folder);
  const { signal } = new AbortController();
  const ids = ['export-handover', 'faster-rota', 'tidy-decisions'];
  const records = nodesOf(night().folder).filter(
    ({ spec, bundle }) => ids.includes(spec) && bundle,
  );
  t.true(records.length > 12);
  for (const { spec, unit, node } of records) {
    const bundle = traces.read({ spec, unit, node });
    if (!bundle) throw new Error(`${spec}/${unit}/${node} left no bundle`);
    const options = { repository: vault.folder, state: house.state, folder: night().folder };
    const replayed = await replay({ ...options, bundle, signal });
    t.deepEqual(replayed, { differences: [], changed: [] }, `${spec}/${unit}/${node}`);
  }
});
