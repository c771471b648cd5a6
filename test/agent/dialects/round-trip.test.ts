// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import fc from 'fast-check';
import { parseTask } from '../../../src/agent/conversation.ts';
import { envelope } from '../../../src/agent/dialects/envelope.ts';
import { qwen } from '../../../src/agent/dialects/qwen.ts';
import type { Envelope } from '../../../src/agent/envelope.ts';
import { anyText } from '../../data/any-text.ts';
import { input } from '../with-loop.ts';
import { came, protocol } from './with-protocol.ts';

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
