// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { renderTranscript } from '../../../src/agent/conversation.ts';
import { decision } from '../../../src/agent/dialects/decision.ts';
import { canonicalJson } from '../../../src/data/digest.ts';
import type { BundleFiles } from '../../../src/trace/bundle.ts';
import { each } from '../../each.ts';
import { specSummary } from '../../morning/summaries.ts';
import { textWith } from '../../secrets/planted.ts';
import {
  decideText,
  decisionOf,
  makers,
  mineNotes,
  type Note,
  noteInput,
  noteUnit,
  pickedFiles,
  picker,
  ruledFiles,
} from './decision-nights.ts';
import { minedUnit, mineNight } from './sample-nights.ts';

const bread: Note = { path: 'bread.md', text: '# My bread\n\nIt is #baking in the #oven.\n' };
const right = ['heading', 'with hashtags'];

const mineNote = async (
  t: Parameters<typeof mineNight>[0],
  files: BundleFiles,
  note: Note = bread,
) => {
  const summary = specSummary('tidy', {
    unitDetails: [{ id: 'u', state: 'approved', paths: [note.path] }],
  });
  return mineNight(t, [[summary, noteUnit('u', note, files)]], { makers, agent: picker });
};

const rowOf = async (note: Note) => {
  const dialect = decision.of(await decisionOf(note), decideText);
  return [
    { role: 'system', content: 'Pick one name for each question.' },
    { role: 'user', content: dialect.renderTask(noteInput(note)) },
  ];
};

test('what rules worked teaches the picks that write the same', async (t) => {
  const { rows, mined } = await mineNote(t, await ruledFiles(bread));
  const [row, ...others] = rows['decisions.train.jsonl'] ?? [];
  t.deepEqual(others, []);
  t.like(row, { id: `2026-11-21/tidy/u/${picker}`, task: picker, outcome: 'undecided' });
  t.deepEqual(row?.prompt, await rowOf(bread));
  t.deepEqual(row?.completion, [
    { role: 'assistant', content: '{"title":"heading","tags":"with hashtags"}' },
  ]);
  t.is(rows['steps.train.jsonl']?.length, 2, 'its conversation is learned as before');
  t.is(mined.bundles.count, 1);
});

test('a model that picked teaches what it was asked and picked, and nothing else', async (t) => {
  const { rows, mined } = await mineNote(t, await pickedFiles(bread, right));
  t.deepEqual(Object.keys(rows), ['decisions.train.jsonl']);
  const [row] = rows['decisions.train.jsonl'] ?? [];
  t.deepEqual(row?.prompt, await rowOf(bread));
  t.deepEqual(row?.completion, [
    { role: 'assistant', content: '{"title":"heading","tags":"with hashtags"}' },
  ]);
  t.is(mined.leftOut.transcript, 0);
});

const leftOut = test.macro(
  async (t, more: BundleFiles, reason: 'transcript' | 'secret', note: Note = bread) => {
    const files = await pickedFiles(note, ['heading', 'with hashtags'], more);
    const { rows, mined } = await mineNote(t, files, note);
    t.deepEqual(rows, {});
    t.is(mined.leftOut[reason], 1);
  },
);

const call = (args: object, more: object = {}) =>
  `${JSON.stringify({ step: 1, name: 'set_frontmatter', args, verdict: { allow: true }, ...more })}\n`;

each(leftOut, {
  'a call that no pick writes': [
    { 'tool_calls.jsonl': call({ path: 'bread.md', set: { title: 'Other' } }) },
    'transcript',
  ],
  'a call of another tool': [
    { 'tool_calls.jsonl': call({}).replace('set_frontmatter', 'write_file') },
    'transcript',
  ],
  'no call': [{ 'tool_calls.jsonl': '' }, 'transcript'],
  'a call that was denied': [
    { 'tool_calls.jsonl': call({}).replace('"allow":true', '"allow":false') },
    'transcript',
  ],
  'questions that are not the unit’s': [
    { 'prompt.txt': '[system]\nPick.\n\n[user]\ntitle\n- kept\n\n[assistant]\n{}\n' },
    'transcript',
  ],
  'an input of another form': [{ 'input.json': '{}' }, 'transcript'],
  'a secret that is offered': [
    {},
    'secret',
    { path: 'bread.md', text: `# The ${textWith('GitHub token').split('\n')[1]}\n\n#baking\n` },
  ],
});

test('equal questions are asked once', async (t) => {
  const twin = { path: 'again/bread.md', text: `${bread.text}\nAnd more.\n` };
  const { rows } = await mineNotes(t, [bread, twin]);
  t.is(rows['decisions.train.jsonl']?.length, 1);
  t.is(rows['steps.train.jsonl']?.length, 4);
});

test('a note is on the side of its conversation', async (t) => {
  const notes = Array.from({ length: 8 }, (_, at) => ({
    path: `n${at}.md`,
    text: `# Note ${at}\n\n#tag${at}\n`,
  }));
  const { rows } = await mineNotes(t, notes, 0.5);
  const units = (name: string) =>
    (rows[name] ?? []).map(({ id }) => String(id).replace(/#\d+$/, ''));
  for (const split of ['train', 'held-out']) {
    const decided = units(`decisions.${split}.jsonl`);
    t.true(decided.length > 0);
    t.deepEqual([...new Set(units(`steps.${split}.jsonl`))].sort(), decided.sort());
  }
});

/** A reviewer that picked, of a patch whose label is known. */
const reviewNight = (
  t: Parameters<typeof mineNight>[0],
  truth: 'good' | 'bad',
  verdict: 'approve' | 'reject',
  prompts: ReadonlyMap<string, string> = new Map([['review.peer', 'Pick one.\n']]),
) => {
  const finding = verdict === 'approve' ? 'nothing is wrong' : 'title';
  const files = minedUnit('_exam-u', { path: 'exam.md' })['_exam-u/reviewA'] ?? {};
  const exam = {
    ...files,
    'prompt.txt': renderTranscript([
      { role: 'system', content: 'Pick one.' },
      { role: 'user', content: 'Asked: "x"\nfinding\n- nothing is wrong\n- title: "y"\n- none' },
      { role: 'assistant', content: JSON.stringify({ finding }) },
    ]),
    'metrics.json': canonicalJson({ steps: 1, runtime: { dialect: 'decision' } }),
    'review.json': canonicalJson({
      ...{ verdict, findings: [], patchDigest: 'x', reviewer: 'reviewA', runtime: 'r' },
    }),
    'exam.json': canonicalJson({ kind: 'docs', truth, way: 'x' }),
  };
  const summary = specSummary('tidy', { unitDetails: [] });
  const specs = [[summary, { '_exam-u/review.peer': exam }]] as const;
  return mineNight(t, specs, { makers: { ...makers, prompts } });
};

const taught = test.macro(
  async (t, truth: 'good' | 'bad', verdict: 'approve' | 'reject', expected: string | undefined) => {
    const { rows } = await reviewNight(t, truth, verdict);
    const [row] = rows['decisions.train.jsonl'] ?? [];
    const content = expected && JSON.stringify({ finding: expected });
    t.deepEqual(row?.completion, content && [{ role: 'assistant', content }]);
  },
);

each(taught, {
  'a good patch teaches the pick that approves': ['good', 'approve', 'nothing is wrong'],
  'also where it was rejected': ['good', 'reject', 'nothing is wrong'],
  'a bad patch teaches the finding that rejected it': ['bad', 'reject', 'title'],
  'what should have been found in a bad one is not known': ['bad', 'approve', undefined],
});

test('a reviewer that was asked by another prompt teaches nothing', async (t) => {
  const { mined, rows } = await reviewNight(t, 'good', 'approve', new Map());
  t.deepEqual(rows, {});
  t.is(mined.leftOut.transcript, 1);
});
