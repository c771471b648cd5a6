// SPDX-License-Identifier: GPL-3.0-only

import test from 'ava';
import { answer } from '../../../actions/doc-frontmatter/rules/default.ts';
import { runChore } from '../../../bench/docs/chore.ts';
import { variantsOf } from '../../../bench/docs/variants.ts';
import { findDamage } from '../../../bench/docs/witness.ts';
import {
  parseTask,
  renderReply,
  renderTask,
  type ToolReply,
} from '../../../src/agent/conversation.ts';
import { discoverAgents, openAgent } from '../../../src/agent/registry.ts';
import type { Input } from '../../../src/agent/schema.ts';
import { openChores } from '../../../src/chore/chores.ts';
import type { Message } from '../../../src/engine/contract/engine.ts';
import { normaliseSpec, specFileSchema } from '../../../src/spec/schema.ts';
import { each } from '../../each.ts';

const spec = {
  title: 'Normalise the notes',
  scope: '**/*.md',
  acceptance: [
    'The frontmatter of every note is normalised',
    'The body of every note is unchanged',
  ],
};

const inputFor = (body: string | undefined, more: Partial<Input> = {}): Input => ({
  spec: normaliseSpec(specFileSchema.parse(spec), 'chore'),
  unit: { id: 'u', kind: 'file', paths: ['n.md'] },
  inputs: {},
  path: 'n.md',
  ...(body !== undefined && { body }),
  ...more,
});

const ask = async (input: Input, replies: readonly ToolReply[] = []) => {
  const messages: Message[] = [
    { role: 'system', content: 'role' },
    { role: 'user', content: renderTask(input) },
  ];
  for (const reply of replies) {
    messages.push({ role: 'assistant', content: await answer(messages, openChores()) });
    messages.push({ role: 'user', content: renderReply(reply) });
  }
  return JSON.parse(await answer(messages, openChores()));
};

test('calls the tool with only what must change', async (t) => {
  t.deepEqual(await ask(inputFor('---\na: 1\ntitle: T\n---\n#x\n')), {
    type: 'tool',
    name: 'set_frontmatter',
    args: { path: 'n.md', set: { tags: ['x'] } },
  });
});

test('ends after the call', async (t) => {
  const replies = [{ tool: 'set_frontmatter', result: { changed: true, keys: ['tags'] } }];
  const { type, output } = await ask(inputFor('---\ntitle: T\n---\n'), replies);
  t.is(type, 'final');
  t.is(output.status, 'ok');
  t.deepEqual(output.result, { changed: true, keys: ['tags'] });
});

test('a refused call ends in fail with the reason', async (t) => {
  const replies = [{ tool: 'set_frontmatter', error: { code: 'denied', reason: 'out of scope' } }];
  const { output } = await ask(inputFor('x\n'), replies);
  t.is(output.status, 'fail');
  t.regex(output.notes, /out of scope/);
});

test('braces and pluses in prose are no frontmatter', async (t) => {
  for (const text of ['{{ toc }}\n', '+++\n\nText\n', '{note}\n', '{\n}\n', '{% if a %}\n'])
    t.is((await ask(inputFor(text))).type, 'tool', text);
});

test('nothing to change: ok without a call', async (t) => {
  const { type, output } = await ask(inputFor('---\ntitle: T\ntags: []\n---\n'));
  t.deepEqual([type, output.status, output.result], ['final', 'ok', { changed: false, keys: [] }]);
});

test('dates by path from the node’s facts', async (t) => {
  const rules = { date: 'first-commit' };
  const options = { rules, with: { firstCommitDates: { 'n.md': '2020-05-06' } } };
  t.is((await ask(inputFor('x', options))).args.set.date, '2020-05-06');
  t.is((await ask(inputFor('x', { rules }))).output.status, 'fail');
});

const fails = test.macro({
  title: (name) => `fails honestly: ${name}`,
  async exec(t, input: Input, reason: RegExp) {
    const { type, output } = await ask(input);
    t.deepEqual([type, output.status], ['final', 'fail']);
    t.regex(output.notes, reason);
  },
});

each(fails, {
  'no text': [inputFor(undefined), /not UTF-8 text/],
  conflict: [inputFor('<<<<<<< HEAD\n'), /conflict/],
  'keys twice': [inputFor('---\na: 1\na: 1\n---\n'), /^has .*: a key is a duplicate \(line 3\)$/],
  TOML: [inputFor('+++\ntitle = "a"\n+++\n'), /^has TOML frontmatter/],
  JSON: [inputFor('\uFEFF{\r\n  "title": "a"\r\n}\r\n\r\nText\r\n'), /^has JSON frontmatter/],
  'a sentence of another kind': [
    { ...inputFor('x'), spec: { ...inputFor('x').spec, acceptance: ['All *.md have GPL header'] } },
    /header/,
  ],
  'a sentence it cannot read': [
    {
      ...inputFor('x'),
      spec: { ...inputFor('x').spec, acceptance: [...spec.acceptance, 'All is well'] },
    },
    /All is well/,
  ],
});

test('the task can be read back', (t) => {
  const input = inputFor('a\r\n\uFEFFb\u2028');
  t.deepEqual(parseTask({ role: 'user', content: renderTask(input) }), input);
});

test('both rooms open', async (t) => {
  const agents = await discoverAgents([new URL('../../../actions', import.meta.url).pathname]);
  for (const name of ['doc.frontmatter', 'test.docs']) {
    const entry = agents.get(name);
    if (!entry) return t.fail(`${name} is not found`);
    t.is((await openAgent(entry)).manifest.name, name);
  }
});

const documents: Readonly<Record<string, string>> = {
  'plain.md': '# 🎉 *Hi* there\n\nwords #zeta `#no`\n\n[l](x.md)\n',
  'rule.md': '---\n\nwords\n\n---\n\nmore\n',
  'front.md': '---\nlayout: post\ntags:\n  - b # why\n  - a\n---\n\n# T\n\n#c\n',
  'sig.md': '---\nAnn\nexample.org\n',
  'Überblick – Größe.md': 'Text\n====\n\n#größe\n',
  'empty.md': '',
};

for (const [path, text] of Object.entries(documents)) {
  test(`nothing damaged in any variant of ${path}`, async (t) => {
    const counts = { ok: 0, fail: 0 };
    for (const trial of variantsOf(path, Buffer.from(text))) {
      const { status, notes, after, tests } = await runChore(path, trial.bytes, spec);
      counts[status] += 1;
      const where = `${trial.variant}: ${notes}`;
      if (status === 'fail') {
        t.true(after.equals(trial.bytes), where);
        t.true(trial.mustRefuse || !trial.kept, where);
        continue;
      }
      t.falsy(trial.mustRefuse, where);
      t.is(findDamage(trial, after), undefined, where);
      t.true(tests?.green, `${where} ${tests?.notes}`);
      const second = await runChore(path, after, spec);
      t.deepEqual(
        [second.status, second.calls, second.after.equals(after)],
        ['ok', 0, true],
        where,
      );
    }
    t.true(counts.ok > 50 && counts.fail > 20, JSON.stringify(counts));
  });
}

const kept = ['Every note except n.md has a title', 'n.md is unchanged'];

for (const [acceptance, status] of [
  [kept, 'ok'],
  [['Every note has a title', 'n.md is unchanged'], 'fail'],
] as const) {
  test(`a note that may not change, under: ${acceptance[0]}`, async (t) => {
    const input = inputFor('x\n');
    const { output } = await ask({
      ...input,
      spec: { ...input.spec, acceptance: [...acceptance] },
    });
    t.is(output.status, status, output.notes);
  });
}
