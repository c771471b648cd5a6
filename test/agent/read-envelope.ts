// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import fc from 'fast-check';
import { protocolFor } from '../../src/agent/envelope-schema.ts';
import { maxAnswerLength, parseAnswer, readEnvelope } from '../../src/agent/read-envelope.ts';
import { anyText } from '../data/any-text.ts';
import { agent, call, final, tools } from './with-loop.ts';

const protocol = protocolFor(agent, tools);
const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

const alone = /not one whole JSON object alone/;
const bad: (readonly [title: string, text: string, code: string, reason: RegExp])[] = [
  ['empty', '', 'schema', /was empty/],
  ['white space', ' \n\t', 'schema', /was empty/],
  ['prose', 'I think so.', 'schema', alone],
  ['prose before', `Here: ${final()}`, 'schema', alone],
  ['prose after', `${final()} I am done.`, 'schema', alone],
  ['a byte order mark', `\ufeff${final()}`, 'schema', alone],
  ['a fence', `\`\`\`json\n${final()}\n\`\`\``, 'schema', alone],
  ['two objects', final() + final(), 'schema', alone],
  ['truncated', final().slice(0, -1), 'schema', alone],
  ['single quotes', "{'type':'final'}", 'schema', alone],
  ['a trailing comma', '{"type":"final",}', 'schema', alone],
  ['an array', `[${final()}]`, 'schema', /one JSON object/],
  ['null', 'null', 'schema', /one JSON object/],
  ['a string', JSON.stringify(final()), 'schema', /one JSON object/],
  ['no type', '{}', 'schema', /^type: /],
  ['another type', '{"type":"tools"}', 'schema', /^type: /],
  ['a name of the wrong type', '{"type":"tool","name":7,"args":{}}', 'schema', /^name: /],
  ['args as text', '{"type":"tool","name":"echo","args":"{}"}', 'schema', /^args: /],
  ['no args', '{"type":"tool","name":"echo"}', 'schema', /^args: /],
  ['a key too many', '{"type":"tool","name":"echo","args":{},"why":1}', 'schema', /why/],
  ['a call and a final in one', '{"type":"final","name":"echo","args":{}}', 'schema', /output/],
  ['another status', final({}, 'done'), 'schema', /^output\.status: /],
  [
    'no result',
    '{"type":"final","output":{"status":"ok","notes":"","metrics":{}}}',
    'schema',
    /result/,
  ],
  [
    'metrics that are text',
    final().replace('"metrics":{}', '"metrics":{"a":"1"}'),
    'schema',
    /metrics\.a/,
  ],
  ['an empty result though ok', final({}), 'schema', /^output\.result\.changed: /],
  ['a failed result that is half', final({ change: 1 }, 'fail'), 'schema', /^output\.result/],
  ['a result with a key too many', final({ changed: true, more: 1 }), 'schema', /more/],
  ['an unknown tool', call('rm'), 'unknown-tool', /no tool "rm"; use one of: echo, /],
  ['a tool named like a member', call('toString'), 'unknown-tool', /no tool "toString"/],
  ['a huge tool name', call('x'.repeat(5000)), 'unknown-tool', /xxx\.\.\."/],
  ['args off their schema', call('strict', { count: 'one' }), 'tool-args', /^args\.count: /],
  ['an argument too many', call('echo', { txt: '' }), 'tool-args', /txt/],
  [
    '__proto__ as an argument',
    '{"type":"tool","name":"echo","args":{"__proto__":{"text":"x"}}}',
    'schema',
    /__proto__/,
  ],
  [
    '__proto__ deep inside',
    '{"type":"final","output":{"a":[{"__proto__":1}]}}',
    'schema',
    /__proto__/,
  ],
  ['too deep', nested(65), 'schema', /deeper than 64/],
  ['far too deep', nested(150_000), 'schema', /deeper|alone/],
  ['never closed', '{"a":'.repeat(200_000), 'schema', /deeper|alone/],
  ['too long', 'x'.repeat(maxAnswerLength + 1), 'schema', /more than 1048576/],
];

for (const [title, text] of [
  ['by the letter', '{"set":{"a":1,"a":1}}'],
  ['in an escape', '{"set":{"a":1,"\\u0061":2}}'],
  ['with a blank before the colon', '{"set":[{"a":{"a":1},"b":"}","a" : []}]}'],
] as const) {
  bad.push([
    `a name that stands twice, ${title}, which JSON.parse reads as the last`,
    `{"type":"tool","name":"echo","args":${text}}`,
    'schema',
    /^the name "a" is a duplicate in its object; write each name once/,
  ]);
}

for (const [title, text] of [
  ['a text', '{"deep":["caf\\ud83d end"]}'],
  ['a name', '{"caf\\udc00":1}'],
] as const) {
  bad.push([
    `half a surrogate pair in ${title}, whatever the tool`,
    `{"type":"tool","name":"echo","args":{"text":"","more":${text}}}`,
    'tool-args',
    /^args\.more\.\S*: contains half a surrogate pair/,
  ]);
}

/** As it stands in a metric of a final. */
const withNumber = (number: string): string =>
  final().replace('"metrics":{}', `"metrics":{"a":${number}}`);

for (const number of [
  ...['1234567890123456789', '9007199254740993', '-9007199254740993', '1'.repeat(41)],
  ...['0.123456789012345678', '1e-400', '1e00001', `0.${'0'.repeat(40)}1`],
]) {
  bad.push([`the number ${number}`, withNumber(number), 'schema', /has more digits than/]);
}
bad.push(['a number without end', withNumber('1e400'), 'schema', /too large/]);

for (const number of [
  ...['0', '-0', '9007199254740991', '-9007199254740991', '6.02e23', '1e-7', '5e-324'],
  ...[
    '0.30000000000000004',
    '1.7976931348623157e308',
    '227956800464111870',
    '100000000000000000000',
  ],
]) {
  test(`the number ${number} is read as it stands`, (t) => {
    const reading = readEnvelope(withNumber(number), protocol);
    t.like(reading, { kind: 'final', output: { metrics: { a: Number(number) } } });
  });
}

for (const [title, text, code, reason] of bad) {
  test(`refuses: ${title}`, (t) => {
    const reading = readEnvelope(text, protocol);
    if (reading.kind !== 'bad') return t.fail(`was read as ${reading.kind}`);
    t.is(reading.fault.code, code as typeof reading.fault.code);
    t.regex(reading.fault.reason, reason);
    t.true(reading.fault.reason.length <= 600 && reading.fault.reason.isWellFormed());
  });
}

test('a name may stand in several objects, and in texts', (t) => {
  const text = JSON.stringify({ a: [{ a: '"a":{"a":' }, { a: { b: 1 } }], b: '\\"b":' });
  t.deepEqual(parseAnswer(text), { value: JSON.parse(text) });
});

test('any value is read back as it was written', (t) => {
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.string(),
        fc.json().map((text) => JSON.parse(text)),
      ),
      (value) => {
        const text = JSON.stringify(value);
        const read = parseAnswer(text);
        return 'reason' in read
          ? /__proto__|digits|deeper/.test(read.reason)
          : JSON.stringify(read.value) === text;
      },
    ),
  );
  const long = JSON.stringify({ a: '\\n"x'.repeat(100_000) });
  t.true('value' in parseAnswer(long));
});

test('reads a call, with the arguments as written and as completed', (t) => {
  const reading = readEnvelope(` ${call('echo')}\n`, protocol);
  t.like(reading, { kind: 'call', raw: {}, args: { text: '' } });
});

test('reads a final as it is', (t) => {
  t.like(readEnvelope(final(), protocol), { kind: 'final', output: { result: { changed: true } } });
  t.like(readEnvelope(final({}, 'fail'), protocol), { kind: 'final', output: { status: 'fail' } });
});

test('a schema of a tool that throws is a bad argument, not a defect', (t) => {
  const odd = {
    ...tools[0]!,
    args: tools[0]!.args.refine(() => {
      throw new Error('bug');
    }),
  };
  const reading = readEnvelope(call('echo'), protocolFor(agent, [odd]));
  t.like(reading, { kind: 'bad', fault: { code: 'tool-args', tool: 'echo' } });
});

test('any text is read without throwing', (t) => {
  const pieces = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    '"',
    '\\',
    ':',
    ',',
    '```',
    'type',
    'tool',
    '\ud800',
    '\0',
    ' ',
  );
  const text = fc.oneof(
    anyText(),
    fc.array(pieces).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(text, (answer) => {
      const reading = readEnvelope(answer, protocol);
      t.is(reading.kind, 'bad');
    }),
    { numRuns: 200, seed: 3 },
  );
});
