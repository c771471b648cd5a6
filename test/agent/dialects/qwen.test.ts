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
const value = { type: 'tool', name: 'open', args: { path: 'a.md' } };

const reads = test.macro(
  (
    t,
    text: string,
    expected: { readonly salvaged: boolean; readonly thought?: number; readonly args?: unknown },
    constrained?: boolean,
  ) => {
    const { salvaged, thought, said } = qwen.read(text, protocol, constrained === true);
    t.deepEqual(came(qwen, text, constrained === true), {
      ...value,
      ...('args' in expected && { args: expected.args }),
    });
    t.is(salvaged, expected.salvaged);
    t.is(thought, expected.thought ?? 0);
    t.regex(said, /^<tool_call>\n\{.*\}\n<\/tool_call>$/s);
  },
);

test('qwen: a tagged call', reads, tagged, { salvaged: false });
test('qwen: on one line', reads, ` <tool_call>${body}</tool_call>\n`, { salvaged: false });
test('qwen: the bare object', reads, `${body}\n`, { salvaged: false });
test(
  'qwen: the prefill of a held answer',
  reads,
  `<tool_call>\n${body}`,
  { salvaged: false },
  true,
);
test('qwen: an open tag', reads, `<tool_call>\n${body}`, { salvaged: true });
test('qwen: a closing tag alone', reads, `${body}\n</tool_call>`, { salvaged: true });
test('qwen: prose before', reads, `I will look.\n${tagged}`, { salvaged: true });
test('qwen: prose after', reads, `${tagged}\nThat should do.`, { salvaged: true });
test('qwen: a fence', reads, `\`\`\`json\n${body}\n\`\`\``, { salvaged: true });
test('qwen: a fence within tags', reads, `<tool_call>\n\`\`\`\n${body}\n\`\`\`\n</tool_call>`, {
  salvaged: true,
});
test('qwen: the same call twice', reads, `${tagged}\n${tagged}`, { salvaged: true });
test('qwen: arguments as text', reads, '{"name":"open","arguments":"{\\"path\\":\\"a.md\\"}"}', {
  salvaged: true,
});
test('qwen: one trailing comma', reads, '{"name":"open","arguments":{"path":"a.md",}}', {
  salvaged: true,
});
test(
  'qwen: a comma in a text is none',
  reads,
  '{"name":"open","arguments":{"path":"a,}","b":[1 , ]}}',
  { salvaged: true, args: { path: 'a,}', b: [1] } },
);
test('qwen: an object that is no call', reads, `With {"a": 1} in mind: ${body}`, {
  salvaged: true,
});
test('qwen: a control token after', reads, `${tagged}<|im_end|>`, { salvaged: true });
test('qwen: a thought', reads, `<think>\nhm {"\n</think>\n\n${tagged}`, {
  salvaged: false,
  thought: 5,
});
test('qwen: no thought', reads, `<think>\n\n</think>\n\n${body}`, { salvaged: false });
test('qwen: a thought that the template opened', reads, `hm, well\n</think>\n${tagged}`, {
  salvaged: false,
  thought: 8,
});
test(
  'qwen: a thought of a call',
  reads,
  `<think><tool_call>{"name":"open","arguments":{}}</tool_call></think>${tagged}`,
  { salvaged: false, thought: 53 },
);
test(
  'qwen: tags within the arguments',
  reads,
  '<tool_call>{"name":"open","arguments":{"path":"</tool_call></think>{"}}</tool_call>',
  { salvaged: false, args: { path: '</tool_call></think>{' } },
);

const refuses = test.macro((t, text: string, reason: RegExp, code = 'schema') => {
  const { reading, salvaged } = qwen.read(text, protocol, false);
  if (reading.kind !== 'bad') return t.fail(`was read as ${reading.kind}`);
  t.is(reading.fault.code, code as typeof reading.fault.code);
  t.regex(reading.fault.reason, reason);
  t.false(salvaged);
});

const other = body.replace('a.md', 'b.md');
test('qwen refuses nothing', refuses, ' \n', /was empty/);
test('qwen refuses prose', refuses, 'I am done.', /no function call/);
test(
  'qwen refuses two calls',
  refuses,
  `${tagged}\n<tool_call>${other}</tool_call>`,
  /more than one/,
);
test('qwen refuses two bare calls', refuses, `${body}\n${other}`, /more than one/);
test('qwen refuses a call in a thought', refuses, `<think>${tagged}`, /never came to an end/);
test('qwen refuses half a call', refuses, `<tool_call>\n${body.slice(0, -2)}`, /cut off/);
test(
  'qwen refuses a call within half a call',
  refuses,
  `{"name":"final","arguments":{"result":${body}`,
  /cut off/,
);
test('qwen refuses a call within another object', refuses, `{"calls":[${body}]} `, /name/);
test(
  'qwen refuses a call beside a broken one',
  refuses,
  `{"name":open,"arguments":{}} ${body}`,
  /not valid/,
);
test('qwen refuses an envelope', refuses, '{"type":"tool","name":"open","args":{}}', /arguments/);
test('qwen refuses a key more', refuses, '{"name":"open","arguments":{},"id":1}', /id/);
test(
  'qwen refuses arguments that are a list',
  refuses,
  '{"name":"open","arguments":[]}',
  /arguments/,
);
test(
  'qwen refuses two trailing commas',
  refuses,
  '{"name":"open","arguments":{"a":1,},}',
  /not valid/,
);
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
  'qwen refuses __proto__ in text',
  refuses,
  '{"name":"open","arguments":"{\\"__proto__\\":{}}"}',
  /__proto__/,
);
test(
  'qwen refuses depth',
  refuses,
  `{"name":"open","arguments":${'{"a":'.repeat(90)}1${'}'.repeat(91)}`,
  /deeper/,
);
test(
  'qwen refuses a final off its schema',
  refuses,
  '{"name":"final","arguments":{"status":"done"}}',
  /^arguments\.status/,
);
test('qwen refuses a megabyte and more', refuses, 'x'.repeat(1024 * 1024 + 1), /more than/);

test('qwen: hostile megabytes are read in linear time', (t) => {
  const million = 1_000_000;
  for (const piece of [
    '{',
    '{"',
    '<tool_call>',
    '<think>',
    '</think>',
    '{}',
    ',',
    '{,}',
    '"',
    '[,',
    ' ',
  ]) {
    const text = `{"name":"open","arguments":${piece.repeat(Math.floor(million / piece.length))}`;
    for (const answer of [text, `${text}}}`, text.slice(26), `x${text}}`]) {
      const begin = process.cpuUsage();
      qwen.read(answer, protocol, false);
      const { user, system } = process.cpuUsage(begin);
      t.true(user + system < 1_000_000, `${piece} took ${user + system} µs`);
    }
  }
});

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
