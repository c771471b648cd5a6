// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { z } from 'zod';
import { qwen } from '../../../src/agent/dialects/qwen.ts';
import { protocolFor } from '../../../src/agent/envelope-schema.ts';
import { renderSystem } from '../../../src/agent/prompt.ts';
import { modelAgentSchema } from '../../../src/agent/schema.ts';
import { UserError } from '../../../src/data/user-error.ts';
import { agent } from '../with-loop.ts';
import { anything, came, open, protocol, tools } from './with-protocol.ts';

const body = '{"name":"open","arguments":{"path":"a.md"}}';
const tagged = `<tool_call>\n${body}\n</tool_call>`;

const reads = test.macro((t, text: string, args: unknown = { path: 'a.md' }) => {
  t.deepEqual(came(qwen, text), { type: 'tool', name: 'open', args });
  t.regex(qwen.read(text, protocol).said, /^<tool_call>\n\{.*\}\n<\/tool_call>$/s);
});

test('qwen: a tagged call', reads, tagged);
test('qwen: on one line', reads, ` <tool_call>${body}</tool_call>\n`);
test('qwen: the bare object', reads, `${body}\n`);
test('qwen: after the tag that it was made to begin with', reads, `<tool_call>\n${body}`);
test(
  'qwen: tags within the arguments',
  reads,
  '<tool_call>{"name":"open","arguments":{"path":"</tool_call></think>{"}}</tool_call>',
  { path: '</tool_call></think>{' },
);

const refuses = test.macro((t, text: string, reason: RegExp, code = 'schema') => {
  const { reading } = qwen.read(text, protocol);
  if (reading.kind !== 'bad') return t.fail(`was read as ${reading.kind}`);
  t.is(reading.fault.code, code as typeof reading.fault.code);
  t.regex(reading.fault.reason, reason);
});

const alone = /not one whole JSON object alone/;
test('qwen refuses nothing', refuses, ' \n', /was empty/);
test('qwen refuses empty tags', refuses, '<tool_call>\n</tool_call>', /was empty/);
test('qwen refuses prose', refuses, `I will look.\n${tagged}`, alone);
test('qwen refuses two calls', refuses, `${tagged}\n${tagged}`, alone);
test('qwen refuses half a call', refuses, `<tool_call>\n${body.slice(0, -2)}`, alone);
test('qwen refuses an envelope', refuses, '{"type":"tool","name":"open","args":{}}', /arguments/);
test('qwen refuses a key more', refuses, '{"name":"open","arguments":{},"id":1}', /id/);
test('qwen refuses a list', refuses, '{"name":"open","arguments":[]}', /arguments/);
test('qwen refuses text', refuses, '{"name":"open","arguments":"{}"}', /arguments/);
test(
  'qwen refuses another tool',
  refuses,
  '{"name":"rm","arguments":{}}',
  /no tool "rm"/,
  'unknown-tool',
);
test(
  'qwen refuses a number that is none',
  refuses,
  '{"name":"open","arguments":{"a":1e999}}',
  /too large/,
);
test(
  'qwen refuses __proto__',
  refuses,
  '{"name":"open","arguments":{"__proto__":{}}}',
  /__proto__/,
);
test(
  'qwen refuses a final off its schema',
  refuses,
  '{"name":"final","arguments":{"status":"done"}}',
  /^arguments\.status/,
);
test('qwen refuses a megabyte and more', refuses, 'x'.repeat(1024 * 1024 + 1), /more than/);

test('qwen: the system message holds the functions as models were taught them', (t) => {
  const system = renderSystem({
    agent: anything,
    prompt: 'You test.',
    tools,
    conventions: 'Be <think>',
    dialect: qwen,
  });
  t.true(system.startsWith('You test.\n\n# Answers\n'));
  t.true(system.endsWith('\n</tool_call>'));
  const [, lines = ''] = /<tools>\n(.*)\n<\/tools>/s.exec(system) ?? [];
  t.deepEqual(
    lines.split('\n').map((line) => JSON.parse(line).function.name),
    ['open', 'final'],
  );
  t.is(JSON.parse(lines.split('\n')[0] ?? '').function.description, open.description);
  t.deepEqual(system.match(/<\/?think>/g), null);
});

test('qwen: the schema sent takes each call as it is written, and final', (t) => {
  const pointing = modelAgentSchema.parse({
    ...agent,
    out: {
      type: 'object',
      properties: { tree: { $ref: '#/$defs/node' } },
      $defs: { node: { type: 'object', properties: { next: { $ref: '#/$defs/node' } } } },
    },
  });
  const judge = z.fromJSONSchema(
    qwen.schemaOf(protocolFor(pointing, tools)) as z.core.JSONSchema.JSONSchema,
  );
  const final = { status: 'ok', notes: '', metrics: {}, result: { tree: { next: {} } } };
  t.true(judge.safeParse({ name: 'open', arguments: { a: 1 } }).success);
  t.true(judge.safeParse({ name: 'final', arguments: final }).success);
  t.false(judge.safeParse({ name: 'final', arguments: { ...final, result: { tree: 1 } } }).success);
  t.false(judge.safeParse({ name: 'rm', arguments: {} }).success);
  t.false(judge.safeParse({ type: 'tool', name: 'open', args: {} }).success);
  const line = renderSystem({ agent: pointing, prompt: '', tools: [], dialect: qwen })
    .split('\n')
    .find((text) => text.includes('"name":"final"'));
  const { parameters } = JSON.parse(line ?? '').function;
  t.true(z.fromJSONSchema(parameters).safeParse(final).success);
});

test('qwen: a tool that would take the place of the end is refused', (t) => {
  const ending = [{ ...open, name: 'final' }];
  t.throws(() => renderSystem({ agent: anything, prompt: '', tools: ending, dialect: qwen }), {
    instanceOf: UserError,
    message: /rename it/,
  });
});
