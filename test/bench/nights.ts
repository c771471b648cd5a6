// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { faultsOf } from '../../bench/model-night/judge.ts';
import type { Answers } from '../../bench/model-night/tally.ts';
import { judgeHeader } from '../../bench/nights/headers.ts';
import { judgeNight, judgeNote, type Tally } from '../../bench/nights/judge.ts';
import type { Tree } from '../../bench/nights/repository.ts';
import { oneSpec } from '../../bench/nights/specs.ts';
import { tryNight } from '../../bench/nights/trial-night.ts';
import { makeVariants, type Vault } from '../../bench/nights/vaults.ts';
import type { SpecSummary, Summary, UnitSummary } from '../../src/morning/summary.ts';
import { each } from '../each.ts';

const vaultOf = (files: Readonly<Record<string, string>>): Vault =>
  new Map(
    Object.entries(files).map(([path, text]) => [
      path,
      { path, variant: 'as it is', bytes: Buffer.from(text) },
    ]),
  );

const treeOf = (files: Readonly<Record<string, string>>): Tree =>
  new Map(
    Object.entries(files).map(([path, text]) => [
      path,
      { mode: '100644', bytes: Buffer.from(text) },
    ]),
  );

const base = {
  'a.md': '---\nkey: 1 # why\ntags: b\n---\n# A 🎉\n\n#c\n',
  'b.md': 'text\n',
  'x.md': '<<<<<<< HEAD\n',
};

type Night = {
  readonly files?: Readonly<Record<string, string>>;
  readonly units?: Readonly<Record<string, Partial<UnitSummary>>>;
};

const good: Required<Night> = {
  files: {
    ...base,
    'a.md': '---\nkey: 1 # why\ntitle: A\ntags:\n  - b\n  - c\n---\n# A 🎉\n\n#c\n',
    'b.md': '---\ntitle: B\n---\ntext\n',
  },
  units: {
    'a.md': { state: 'approved' },
    'b.md': { state: 'approved' },
    'x.md': {
      state: 'red',
      node: 'doc',
      code: 'agent.declined',
      reason: 'x.md has unresolved merge-conflict markers (line 1)',
    },
  },
};

const judged = ({ files, units }: Night): Tally => {
  const unitDetails = Object.entries({ ...good.units, ...units }).map(([path, unit]) => ({
    id: path,
    state: 'approved' as const,
    paths: [path],
    ...unit,
  }));
  const specs = [{ id: 'all', reason: '', unitDetails } as Partial<SpecSummary> as SpecSummary];
  const tree = treeOf({ ...good.files, ...files });
  for (const path of Object.keys(files ?? {})) {
    if (files?.[path] === '') (tree as Map<string, unknown>).delete(path);
  }
  const branches = new Map([['all', tree]]);
  const scopes = new Map([['all', ['**/*.md']]]);
  return judgeNight(vaultOf(base), { specs, scopes, base: treeOf(base), branches }, judgeNote);
};

test('a night without a fault', (t) => {
  const { faults, refused, ...counts } = judged({});
  t.deepEqual(faults, []);
  t.deepEqual([...refused], [['merge-conflict markers', 1]]);
  t.like(counts, { files: 3, normalised: 2, already: 0, damaged: 0, falseRejections: 0 });
});

const sees = test.macro({
  title: (name) => `the judge sees ${name}`,
  exec(t, night: Night, fault: RegExp) {
    t.regex(judged(night).faults.join('\n'), fault);
  },
});

const a = good.files['a.md'] ?? '';
test('a body that changed', sees, { files: { 'a.md': a.replace('#c\n', '#c \n') } }, /damaged/);
test('a lost comment', sees, { files: { 'a.md': a.replace(' # why', '') } }, /damaged: lost/);
test('a key too many', sees, { files: { 'a.md': a.replace('title', 'x: 1\ntitle') } }, /other key/);
test('other spacing', sees, { files: { 'a.md': a.replace('key: 1', 'key:  1') } }, /damaged: lost/);
test('another title', sees, { files: { 'a.md': a.replace('title: A', 'title: B') } }, /title is/);
test('an emoji', sees, { files: { 'a.md': a.replace('title: A', 'title: A 🎉') } }, /title is/);
test('a lost tag', sees, { files: { 'a.md': a.replace('  - b\n', '') } }, /tags are/);
test('a tag left out', sees, { files: { 'a.md': a.replace('  - c\n', '') } }, /tags are/);
test(
  'tags unsorted',
  sees,
  { files: { 'a.md': a.replace('- b\n  - c', '- c\n  - b') } },
  /tags are/,
);
test(
  'an empty list',
  sees,
  { files: { 'b.md': '---\ntitle: B\ntags: []\n---\ntext\n' } },
  /an empty list of tags/,
);
test('a file gone', sees, { files: { 'b.md': '' } }, /gone from the branch/);
test('a file added', sees, { files: { 'c.md': 'c\n' } }, /added by/);
test('a file left as it was', sees, { files: { 'b.md': base['b.md'] } }, /b\.md.*not changed/s);
test('a refused file changed', sees, { files: { 'x.md': 'x\n' } }, /without an approved unit/);
const red = { state: 'red', node: 'gate', code: 'gate.rejected', reason: 'no' } as const;
test('a false rejection', sees, { units: { 'b.md': red } }, /b\.md.*wrong with the file: nothing/);
test(
  'a refusal for another reason',
  sees,
  {
    units: {
      'x.md': { state: 'red', node: 'doc', code: 'agent.declined', reason: 'x.md is binary' },
    },
  },
  /x\.md.*wrong with the file: merge-conflict/,
);
test('no refusal', sees, { units: { 'x.md': { state: 'approved' } } }, /was not refused/);

const header = test.macro({
  title: (name) => `headers: ${name}`,
  exec(t, was: string, is: string, fault?: RegExp) {
    const trial = { path: 'a.md', variant: '', bytes: Buffer.from(was) };
    const judged = judgeHeader(trial, Buffer.from(is));
    if (fault) t.regex(judged ?? '', fault);
    else t.is(judged, undefined);
  },
});
const line = '<!-- SPDX-License-Identifier: GPL-3.0-only -->\n';
test('below frontmatter', header, '---\nx: 1\n---\na\n', `---\nx: 1\n---\n${line}\na\n`);
test('on top', header, 'a\n', `${line}\na\n`);
test('above frontmatter', header, '---\nx: 1\n---\na\n', `${line}---\nx: 1\n---\na\n`, /damaged/);
test('no header', header, 'a\n', 'a\n', /damaged/);
test('another licence', header, 'a\n', '<!-- MIT -->\na\n', /no GPL/);
test('a lost line', header, 'a\nb\n', `${line}b\n`, /damaged/);

test('a night on variants of notes normalises or refuses each, and later nights find nothing', async (t) => {
  t.timeout(180_000);
  const notes = vaultOf({
    'plans/Über uns.md': '# Über *uns* 🎉\n\nAll #plans of [us](other.md). #2024-goals\n',
    'plans/other.markdown': 'Text\n----\n\n```\n#no\n```\n',
    'empty.md': '',
  });
  const vault = makeVariants(notes, 31);
  const tried = await tryNight(vault, oneSpec(vault));
  const tally = judgeNight(vault, tried, judgeNote);
  t.deepEqual([...tally.faults, ...tried.again], []);
  t.is(tally.files, 93);
  t.true(tally.normalised > 60);
  t.true(tally.refused.size > 8);
});

type Exam = Summary['reviewers'][number]['exams'][number];
type Spec = Summary['specs'][number];

const spec: Spec = {
  id: 'tidy',
  title: 'Tidy',
  flow: 'docops',
  outcome: 'red-bin',
  reason: 'doc: gave up',
  branch: null,
  commit: null,
  units: { approved: 0, red: 1, skipped: 0 },
  unitDetails: [],
  trace: 'tidy/_spec',
};
const exam: Exam = {
  reviewer: 'reviewA',
  kind: 'docs',
  passed: false,
  asked: 20,
  of: 200,
  falseApprovals: 0,
  falseRejections: 12,
};
const answers: Answers = {
  spec: 'tidy',
  answers: 4,
  promptTokens: 400,
  cachedTokens: 300,
  completionTokens: 80,
  schemaErrors: 0,
  caughtAfterLowering: 0,
  cut: 1,
  failures: new Map(),
};

const modelNightJudged = test.macro(
  (
    t,
    more: { readonly spec?: Partial<Spec>; readonly exam?: Partial<Exam>; readonly off?: number },
    expected?: RegExp,
  ) => {
    const reviewers = [
      {
        flow: 'docops',
        state: 'halt',
        kappa: null,
        ac1: null,
        agreement: null,
        pairs: 0,
        line: '',
      },
    ].map((reviewer) => ({ ...reviewer, exams: [{ ...exam, ...more.exam }] }));
    const summary = { specs: [{ ...spec, ...more.spec }], reviewers } as unknown as Summary;
    const faults = faultsOf(summary, [{ ...answers, schemaErrors: more.off ?? 0 }], 1);
    if (expected === undefined) t.deepEqual(faults, []);
    else {
      t.is(faults.length, 1, faults.join('\n'));
      t.regex(faults[0] ?? '', expected);
    }
  },
);

each(modelNightJudged, {
  'a red bin that says why is as it should be': [{}],
  'a red bin without a reason': [{ spec: { reason: ' ' } }, /tidy does not say why/],
  'a pull request by a reviewer that failed': [
    { spec: { outcome: 'pull-request' } },
    /tidy was approved by a reviewer that failed its exam/,
  ],
  'a pull request by reviewers that passed': [
    { spec: { outcome: 'pull-request' }, exam: { passed: true } },
  ],
  'an exam that broke off': [
    { exam: { broken: 'the process ended' } },
    /could not sit the docs exam: the process ended/,
  ],
  'an answer off its schema': [{ off: 2 }, /tidy: 2 answers did not follow their schema/],
});

test('a spec that never ended', (t) => {
  t.deepEqual(faultsOf({ specs: [], reviewers: [] } as unknown as Summary, [], 1), [
    '1 specs were given and 0 ended',
  ]);
});
