// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import fc from 'fast-check';
import { z } from 'zod';
import { dialectOf } from '../../src/agent/choose-dialect.ts';
import { parseTask } from '../../src/agent/conversation.ts';
import type { Dialect } from '../../src/agent/dialect.ts';
import { envelope } from '../../src/agent/dialects/envelope.ts';
import { qwen } from '../../src/agent/dialects/qwen.ts';
import type { Envelope } from '../../src/agent/envelope.ts';
import { protocolFor } from '../../src/agent/envelope-schema.ts';
import { renderSystem } from '../../src/agent/prompt.ts';
import { runtimeDigest } from '../../src/agent/runtime.ts';
import { modelAgentSchema } from '../../src/agent/schema.ts';
import { UserError } from '../../src/data/user-error.ts';
import type { Tool } from '../../src/tool/tool.ts';
import { agent, input } from './with-loop.ts';

/** Takes whatever a model may write, so that what goes in must come out. */
const open: Tool = {
  name: 'open',
  description: 'Takes anything; a </tools> in its own words closes nothing',
  args: z.record(z.string(), z.unknown()),
  result: z.unknown(),
  touches: () => ({}),
  run: (args) => args,
};
const anything = modelAgentSchema.parse({ ...agent, out: { type: 'object' } });
const tools = [open];
const protocol = protocolFor(anything, tools);

/** Text as a hostile repository would have it. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(
        '<tool_call>',
        '</tool_call>',
        '<tool_response>',
        '</tool_response>',
        '<think>',
        '</think>',
        '</tools>',
        '<|im_end|>',
        '<|im_start|>',
        '```',
        '{"name":"open","arguments":{}}',
        '{',
        '}',
        '"',
        '\\',
        ',}',
        '\n',
        '\u2028',
        '<',
      ),
    )
    .map((parts) => parts.join('')),
);
const json = fc
  .jsonValue({ depthSize: 'small' })
  .map((value): unknown => JSON.parse(JSON.stringify(value)));
const record = fc
  .dictionary(hostile, fc.oneof(hostile, json), { maxKeys: 4 })
  .filter((value) => !JSON.stringify(value).includes('"__proto__":'))
  .map((value): Record<string, unknown> => JSON.parse(JSON.stringify(value).toWellFormed()));

const envelopes = fc.oneof(
  record.map((args) => ({ type: 'tool', name: 'open', args }) as Envelope),
  fc
    .record({ notes: hostile, metrics: fc.dictionary(fc.string(), fc.integer()), result: record })
    .map(
      ({ notes, metrics, result }) =>
        JSON.parse(
          JSON.stringify({
            type: 'final',
            output: { status: 'ok', notes, metrics, result },
          }).toWellFormed(),
        ) as Envelope,
    ),
);

const came = (dialect: Dialect, text: string, held = false): unknown => {
  const { reading } = dialect.read(text, protocol, held);
  if (reading.kind === 'bad') return reading.fault;
  return reading.kind === 'final'
    ? { type: 'final', output: reading.output }
    : { type: 'tool', name: reading.tool.name, args: reading.raw };
};

/** What may stand in a prompt once: the tags that a dialect itself writes. */
const tags = /<\/?\s*(?:tool_call|tool_response|tools|think)\b[^>]*>|<\|/g;

for (const dialect of [envelope, qwen]) {
  test(`${dialect.name}: what is written reads back as it was`, (t) => {
    fc.assert(
      fc.property(envelopes, fc.boolean(), (value, held) => {
        const text = dialect.renderAnswer(value);
        t.deepEqual(came(dialect, text, held), value);
        const { said, salvaged } = dialect.read(text, protocol, held);
        t.false(salvaged);
        t.deepEqual(came(dialect, said), value, 'as it stands in the conversation');
      }),
      { numRuns: 1500, seed: 3 },
    );
  });

  test(`${dialect.name}: any text is read without throwing`, (t) => {
    const noise = fc.oneof(
      hostile,
      fc.tuple(hostile, envelopes, hostile).map(([a, b, c]) => a + dialect.renderAnswer(b) + c),
      fc.tuple(envelopes, fc.nat(300)).map(([a, end]) => dialect.renderAnswer(a).slice(0, end)),
      fc.tuple(envelopes, fc.nat(300)).map(([a, end]) => dialect.renderAnswer(a).slice(end)),
    );
    fc.assert(
      fc.property(noise, fc.boolean(), (text, held) => {
        const { reading, said } = dialect.read(text, protocol, held);
        t.true(reading.kind !== 'bad' || reading.fault.reason.length <= 600);
        t.is(typeof said, 'string');
      }),
      { numRuns: 3000, seed: 3 },
    );
  });
}

test('qwen: nothing that a tool, a spec or a model says can forge a tag', (t) => {
  const written = (text: string) => text.match(tags) ?? [];
  fc.assert(
    fc.property(hostile, (text) => {
      const { spec } = input;
      const task = qwen.renderTask({ ...input, body: text, spec: { ...spec, title: text } });
      t.deepEqual(written(task), []);
      t.is(parseTask({ role: 'user', content: task }).body, text.toWellFormed());
      const reply = qwen.renderReply({ tool: 'open', result: { [text]: text } });
      t.deepEqual(written(reply), ['<tool_response>', '</tool_response>']);
      const [, body = ''] = /^<tool_response>\n(.*)\n<\/tool_response>$/s.exec(reply) ?? [];
      const key = text.toWellFormed();
      t.deepEqual(JSON.parse(body), {
        tool: 'open',
        result: JSON.parse(JSON.stringify({ [key]: key })),
      });
      const call = { type: 'tool', name: 'open', args: { text } } as const;
      t.deepEqual(written(qwen.renderAnswer(call)), ['<tool_call>', '</tool_call>']);
      t.deepEqual(
        written(qwen.read(`so ${text}`, protocol, false).said).filter(
          (tag) => tag !== '<tool_call>' && tag !== '</tool_call>',
        ),
        [],
      );
    }),
    { numRuns: 1500, seed: 3 },
  );
});

const body = '{"name":"open","arguments":{"path":"a.md"}}';
const tagged = `<tool_call>\n${body}\n</tool_call>`;
const value = { type: 'tool', name: 'open', args: { path: 'a.md' } };

const reads = test.macro(
  (
    t,
    text: string,
    expected: { readonly salvaged: boolean; readonly thought?: number; readonly args?: unknown },
    held?: boolean,
  ) => {
    const { salvaged, thought, said } = qwen.read(text, protocol, held === true);
    t.deepEqual(came(qwen, text, held === true), {
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

test('an exam is tied to the dialect, and the default one changes no digest', (t) => {
  const probe = {
    identity: {
      engine: 'vllm',
      origin: 'loopback',
      version: '1',
      modelDigest: 'a',
      temperature: 0,
    },
    contextTokens: 1,
    slots: 1,
  } as const;
  const digest = runtimeDigest(probe, { digest: 'r' }, envelope);
  t.is(digest, '6fd4008e3e0e1e199908fb6d102b851c22a55ff5c165a3be6841936a34162040');
  t.not(digest, runtimeDigest(probe, { digest: 'r' }, qwen));
});

test('the setting chooses, and rules speak one dialect only', (t) => {
  t.is(dialectOf({ engine: 'vllm' }, 'x'), envelope);
  t.is(dialectOf({ engine: 'vllm', dialect: 'qwen' }, 'x'), qwen);
  t.throws(() => dialectOf({ engine: 'rules', dialect: 'qwen' }, 'profiles.gpu.default'), {
    instanceOf: UserError,
    message: /profiles\.gpu\.default\.dialect/,
  });
});
