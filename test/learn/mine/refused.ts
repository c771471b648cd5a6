// SPDX-License-Identifier: GPL-3.0-only
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { parseTranscript, renderTranscript } from '../../../src/agent/conversation.ts';
import { openChores } from '../../../src/chore/chores.ts';
import { canonicalJson } from '../../../src/data/digest.ts';
import { mine } from '../../../src/learn/mine/mine.ts';
import { readEpisode } from '../../../src/learn/mine/read-episode.ts';
import { each } from '../../each.ts';
import { writeNightFolder } from '../../morning/page/sample-night.ts';
import { temporaryFolder } from '../../workspace/with-repository.ts';
import { minedUnit, mineNight, openedSpec } from './sample-nights.ts';

test('a bundle that was altered is counted, and takes its unit with it', async (t) => {
  const night = join(temporaryFolder(t), '2026-11-21');
  mkdirSync(night);
  writeNightFolder(night, [
    openedSpec('fine', { a: { path: 'a.md' } }),
    openedSpec('spoiled', { b: { path: 'b.md' } }, { 'b/lint': { 'tests.log': 'x'.repeat(500) } }),
  ]);
  const pack = join(night, 'spoiled', 'bundles.zip');
  const bytes = readFileSync(pack);
  const at = bytes.indexOf('b/lint/tests.log') + 17;
  bytes.fill(0, at, at + 5);
  writeFileSync(pack, bytes);
  const options = {
    ...{ nights: [night], decided: new Map(), stageOf: () => 1, heldOut: 0 },
    makers: { chores: openChores(), prompts: new Map() },
  };
  const { leftOut, bundles } = await mine(options);
  t.is(leftOut.unreadable, 1);
  t.is(bundles.count, 1);
});

test("an exam's review is left out where its file is on the other side than its host", async (t) => {
  const exams = (path: string) =>
    Object.fromEntries(
      Object.entries(minedUnit('_exam-u0', { path })).flatMap(([place, files]) =>
        place.endsWith('/reviewA')
          ? [[place, { ...files, 'exam.json': '{"kind":"docs","truth":"good","way":"x"}' }]]
          : [],
      ),
    );
  const specs = (path: string) =>
    Array.from({ length: 8 }, (_, at) =>
      openedSpec(`s${at}`, { [`u${at}`]: { path: `f${at}.md` } }, at === 0 ? exams(path) : {}),
    );
  const counts = await Promise.all(
    Array.from({ length: 8 }, async (_, at) => {
      const { mined, rows } = await mineNight(t, specs(`f${at}.md`), { heldOut: 0.5 });
      const sides = Object.keys(rows).filter((name) => name.startsWith('reviews'));
      t.is(mined.leftOut.straddling + sides.length, 1);
      return mined.leftOut.straddling;
    }),
  );
  t.is(counts[0], 0);
  t.true(counts.includes(1));
});

const parts = [
  { role: 'system', content: 'Keep\n\ntidy.\n' },
  { role: 'user', content: '' },
  { role: 'assistant', content: '{}' },
] as const;

test('a transcript is read back as it was rendered', (t) => {
  t.deepEqual(parseTranscript(renderTranscript(parts)), [...parts]);
});

const unread = test.macro((t, text: string) => t.is(parseTranscript(text), undefined));

each(unread, {
  'nothing is no transcript': [''],
  'two of one role in turn are none': [renderTranscript([parts[0], parts[1], parts[1]])],
  'one without its end is none': [renderTranscript(parts).trimEnd()],
  'a heading within a text makes none': [
    renderTranscript([{ role: 'system', content: 'a\n\n[user]\nb' }, ...parts.slice(1)]),
  ],
});

test('calls as Qwen models are taught them, whose end is a function too', (t) => {
  const lines = ['write_file', 'final'].map((name) =>
    JSON.stringify({ type: 'function', function: { name, description: 'x', parameters: {} } }),
  );
  const called = (name: string, args: object) =>
    `<tool_call>\n${JSON.stringify({ name, arguments: args })}\n</tool_call>`;
  const episode = readEpisode({
    'prompt.txt': renderTranscript([
      {
        role: 'system',
        content: `Tidy.\n\n# Tools\n\n<tools>\n${lines.join('\n')}\n</tools>\n\nx`,
      },
      { role: 'user', content: 'task' },
      { role: 'assistant', content: called('write_file', { path: 'a.md' }) },
      { role: 'user', content: '<tool_response>\n{}\n</tool_response>' },
      { role: 'assistant', content: called('final', { status: 'ok' }) },
    ]),
    'tool_calls.jsonl': canonicalJson({
      ...{ step: 1, name: 'write_file', args: { path: 'a.md' }, verdict: { allow: true } },
    }),
    'metrics.json': '{"steps":2,"completions":[{"promptTokens":70,"completionTokens":8}]}',
  });
  if (typeof episode === 'string') return t.fail(episode);
  t.deepEqual(
    episode.steps.map(({ call, isGood }) => [call?.name, isGood]),
    [
      ['write_file', true],
      ['final', true],
    ],
  );
  t.is(episode.tools.length, 2);
  t.is(episode.tokens, 78);
});
