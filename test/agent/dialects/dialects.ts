// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import fc from 'fast-check';
import { z } from 'zod';
import { parseTask } from '../../../src/agent/conversation.ts';
import { envelope } from '../../../src/agent/dialects/envelope.ts';
import { qwen } from '../../../src/agent/dialects/qwen.ts';
import type { Envelope } from '../../../src/agent/envelope.ts';
import { protocolFor } from '../../../src/agent/envelope-schema.ts';
import { modelAgentSchema } from '../../../src/agent/schema.ts';
import { UserError } from '../../../src/data/user-error.ts';
import { anyText } from '../../data/any-text.ts';
import { each } from '../../each.ts';
import { agent, input } from '../with-loop.ts';
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

each(refuses, {
  'qwen refuses nothing': [' \n', /was empty/],
  'qwen refuses empty tags': ['<tool_call>\n</tool_call>', /was empty/],
  'qwen refuses prose': [`I will look.\n${tagged}`, alone],
  'qwen refuses two calls': [`${tagged}\n${tagged}`, alone],
  'qwen refuses half a call': [`<tool_call>\n${body.slice(0, -2)}`, alone],
  'qwen refuses an envelope': ['{"type":"tool","name":"open","args":{}}', /arguments/],
  'qwen refuses a key more': ['{"name":"open","arguments":{},"id":1}', /id/],
  'qwen refuses a list': ['{"name":"open","arguments":[]}', /arguments/],
  'qwen refuses text': ['{"name":"open","arguments":"{}"}', /arguments/],
  'qwen refuses another tool': ['{"name":"rm","arguments":{}}', /no tool "rm"/, 'unknown-tool'],
  'qwen refuses a number that is none': ['{"name":"open","arguments":{"a":1e999}}', /too large/],
  'qwen refuses __proto__': ['{"name":"open","arguments":{"__proto__":{}}}', /__proto__/],
  'qwen refuses a final off its schema': [
    '{"name":"final","arguments":{"status":"done"}}',
    /^arguments\.status/,
  ],
  'qwen refuses a megabyte and more': ['x'.repeat(1024 * 1024 + 1), /more than/],
});

test('qwen: the system message holds the functions as models were taught them', (t) => {
  const system = qwen.renderSystem({ agent: anything, prompt: 'You test.', protocol });
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
  const line = qwen
    .renderSystem({ agent: pointing, prompt: '', protocol: protocolFor(pointing, []) })
    .split('\n')
    .find((text) => text.includes('"name":"final"'));
  const { parameters } = JSON.parse(line ?? '').function;
  t.true(z.fromJSONSchema(parameters).safeParse(final).success);
});

test('qwen: a tool that would take the place of the end is refused', (t) => {
  const ending = [{ ...open, name: 'final' }];
  const taken = protocolFor(anything, ending);
  t.throws(() => qwen.renderSystem({ agent: anything, prompt: '', protocol: taken }), {
    instanceOf: UserError,
    message: /rename it/,
  });
});

/** Text as a hostile repository would have it. */
const hostile = fc.oneof(
  anyText(),
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

/** What may stand in a prompt once: the tags that a dialect itself writes. */
const tags = /<\/?\s*(?:tool_call|tool_response|tools|think)\b[^>]*>|<\|/g;

for (const dialect of [envelope, qwen]) {
  test(`${dialect.name}: what is written reads back as it was`, (t) => {
    fc.assert(
      fc.property(envelopes, (value) => {
        const text = dialect.renderAnswer(value);
        t.deepEqual(came(dialect, text), value);
        const { said } = dialect.read(text, protocol);
        t.deepEqual(came(dialect, said), value, 'as it stands in the conversation');
      }),
      { numRuns: 200, seed: 3 },
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
      fc.property(noise, (text) => {
        const { reading, said } = dialect.read(text, protocol);
        t.true(reading.kind !== 'bad' || reading.fault.reason.length <= 600);
        t.is(typeof said, 'string');
      }),
      { numRuns: 300, seed: 3 },
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
        written(qwen.read(`so ${text}`, protocol).said).filter(
          (tag) => tag !== '<tool_call>' && tag !== '</tool_call>',
        ),
        [],
      );
    }),
    { numRuns: 200, seed: 3 },
  );
});
