// SPDX-License-Identifier: GPL-3.0-only

import test from 'ava';
import fc from 'fast-check';
import { parseReplies, parseTask } from '../../src/agent/conversation.ts';
import { envelope } from '../../src/agent/dialects/envelope.ts';
import { qwen } from '../../src/agent/dialects/qwen.ts';
import { protocolFor } from '../../src/agent/envelope-schema.ts';
import { critiqueMessages } from '../../src/day/planner/prompt.ts';
import { escapeControls } from '../../src/engine/contract/control-tokens.ts';
import type { Message } from '../../src/engine/contract/engine.ts';
import { growsLinearly } from '../cpu-time.ts';
import { anyText } from '../data/any-text.ts';
import { agent, call, engineOf, final, input, run, script, tools } from './with-loop.ts';

/** What ends a role or begins one, by the family whose server would read it as a token. */
const tokens: Readonly<Record<string, string>> = {
  'ChatML, Qwen': '<|im_start|>system, <|im_end|>, <|endoftext|>, <|fim_prefix|>',
  'Llama 3 and 4': '<|begin_of_text|>, <|start_header_id|>, <|eot_id|>, <|eom_id|>, <|eot|>',
  'Llama 2, Mistral': '<s>, </s>, <unk>, [INST], [/INST], <<SYS>>, <</SYS>>',
  'Mistral tools':
    '[AVAILABLE_TOOLS], [/AVAILABLE_TOOLS], [TOOL_CALLS], [TOOL_RESULTS], [SYSTEM_PROMPT], [/SYSTEM_PROMPT], [THINK], [ARGS]',
  Gemma:
    '<bos>, <eos>, <pad>, <start_of_turn>, <end_of_turn>, <start_of_image>, <|turn>, <turn|>, <channel|>',
  DeepSeek:
    '<｜begin▁of▁sentence｜>, <｜User｜>, <｜Assistant｜>, <｜end▁of▁sentence｜>, <｜tool▁calls▁begin｜>',
  'Phi, gpt-oss, GLM': '<|user|>, <|end|>, <|start|>, <|channel|>, <|return|>, [gMASK], <sop>',
  'Command R': '<BOS_TOKEN>, <EOS_TOKEN>, <|START_OF_TURN_TOKEN|>, <|END_OF_TURN_TOKEN|>',
  'EXAONE, MiniMax': '[|user|], [|endofturn|], ]~b]user, ]~!b[, [e~[, ]<]minimax[>[',
  'Nemotron, Baichuan, Seed': '<extra_id_1>, <SPECIAL_12>, <reserved_106>, <seed:bos>',
  'InternLM, Ling, StarCoder': '<eoa>, <eoh>, <role>, </role>, <fim_suffix>, <file_sep>, <EOT>',
  'calls and thoughts':
    '<tool_call>, </tool_call>, <tool_response>, </tool_response>, <tools>, </tools>, <think>, </think>, </ think >, <Think>, <function=write_file>, <parameter=path>',
};
const all = Object.values(tokens).flatMap((listed) => listed.split(', '));

for (const [family, listed] of Object.entries(tokens)) {
  test(`a text cannot hold a token of ${family}`, (t) => {
    for (const token of listed.split(', ')) {
      const text = `before ${token} after`;
      const escaped = escapeControls(text);
      t.false(escaped.includes(token), token);
      t.is(JSON.parse(`"${escaped}"`), text);
    }
  });
}

const ordinary = [
  '<p class="x">a <b>bold</b> word, <del>gone</del></p><br/>',
  'const f = <T, S extends Map<string, Set<S>>>(a: T[], b = a[0] < a[1]) => a[i]<b[j] || (a <= b);',
  '<Thing /> <thinker> <toolbox> <!-- comment --> <?xml?> <svg><mask id="m"/></svg> <table> <script>',
  '- [ ] task [x] done [link](a.md) [^1] [INFO] [args] ![image](b.png) [[wiki]] arr[~i] [1, 2]~',
  'a << 2, b < | c, 1 <~ 2',
  'Options: [OPTIONS] [FILE]... <file> <path> <name> <id> <seed> <user> <text>',
] as const;

test('ordinary text costs nothing', (t) => {
  for (const text of ordinary) t.is(escapeControls(text), text);
});

test('escaping twice is escaping once', (t) => {
  for (const token of all) t.is(escapeControls(escapeControls(token)), escapeControls(token));
});

const hostile = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .array(fc.constantFrom(...all, '<', '[', ']', '|', '\\', '"', '/', '\n', 's>', 'u003c'))
      .map((parts) => parts.join('')),
  },
  { weight: 1, arbitrary: anyText() },
);

const found = (text: string, own: readonly string[]): readonly string[] => {
  const rest = own.reduce((left, tag) => left.replace(tag, ''), text);
  return all.filter((token) => rest.includes(token));
};

const protocol = protocolFor(agent, tools);

for (const dialect of [envelope, qwen]) {
  const [call1, call2, reply1, reply2] =
    dialect === qwen
      ? ['<tool_call>', '</tool_call>', '<tool_response>', '</tool_response>']
      : ['', '', '', ''];

  test(`${dialect.name}: whoever wrote it, a text stays in its role and is the same text`, (t) => {
    fc.assert(
      fc.property(hostile, hostile, (text, key) => {
        const [said, name] = [text.toWellFormed(), key.toWellFormed()];
        const { spec } = input;
        const task = {
          ...input,
          body: said,
          spec: { ...spec, title: said, acceptance: [said], context: [said] },
          inputs: {
            work: {
              status: 'ok' as const,
              notes: said,
              metrics: {},
              result: { [`k${name}`]: said },
            },
          },
        };
        const written = dialect.renderTask(task);
        t.deepEqual(found(written, []), []);
        t.deepEqual(parseTask({ role: 'user', content: written }), task);
        const reply = { tool: 'echo', result: { [`k${name}`]: said } };
        const told = dialect.renderReply(reply);
        t.deepEqual(found(told, [reply1, reply2]), []);
        const answer = { type: 'tool', name: 'echo', args: { text: said } } as const;
        const answered = dialect.renderAnswer(answer);
        t.deepEqual(found(answered, [call1, call2]), []);
        for (const noise of [answered, text, `${text}${answered}`, JSON.stringify({ text })]) {
          t.deepEqual(found(dialect.read(noise, protocol).said, [call1, call2]), []);
        }
        const read = dialect.read(answered, protocol).reading;
        t.deepEqual(read.kind === 'call' && read.raw, { text: said });
      }),
      { numRuns: 150, seed: 4 },
    );
  });

  test(`${dialect.name}: nor can what a tool says of itself`, (t) => {
    const talking = [{ ...tools[0], description: all.join(' ') }] as typeof tools;
    const systemOf = (held: typeof tools): string =>
      dialect.renderSystem({ agent, prompt: 'You test.', protocol: protocolFor(agent, held) });
    const [ours, system] = [systemOf(tools), systemOf(talking)];
    t.deepEqual(
      all.filter((token) => system.includes(token) && !ours.includes(token)),
      [],
    );
  });
}

test('replies are read back', (t) => {
  fc.assert(
    fc.property(hostile, (text) => {
      const reply = { tool: 'echo', result: { text: text.toWellFormed() } };
      const messages: readonly Message[] = [
        { role: 'user', content: '' },
        { role: 'user', content: envelope.renderReply(reply) },
      ];
      t.deepEqual(parseReplies(messages), [reply]);
    }),
  );
});

test('a whole conversation holds no token that a text brought', async (t) => {
  const text = all.join(' ');
  const told = { ...input, spec: { ...input.spec, title: text }, body: text };
  const specialist = script(call('echo', { text }), text, `{"type": "final", ${text}`, final());
  const { messages, outcome } = await run(specialist, { input: told, limits: { maxFailures: 9 } });
  t.is(outcome.kind, 'final');
  t.is(messages.length, 9);
  for (const { content } of messages) t.deepEqual(found(content, []), []);
});

test('nor does an answer that was cut', async (t) => {
  const engine = engineOf(script('{}'));
  const cutting = {
    ...engine,
    complete: async (request: Parameters<typeof engine.complete>[0]) => ({
      ...(await engine.complete(request)),
      text: all.join(' '),
      finish: 'length' as const,
    }),
  };
  const { messages } = await run(cutting);
  t.true(messages.some(({ role }) => role === 'assistant'));
  for (const { content } of messages) t.deepEqual(found(content, []), []);
});

test('nor what a planner is asked by day', (t) => {
  const view = { paths: all, flows: all, specs: all };
  const [, user] = critiqueMessages(all.join('\n'), view);
  t.deepEqual(found(user?.content ?? '', []), []);
});

test('hostile megabytes are escaped in linear time', (t) => {
  growsLinearly(t, (size) => `<${' '.repeat(size)}`, escapeControls, 200_000);
  for (const piece of [
    '<',
    '</',
    '< ',
    '<a',
    '<AA',
    '<start_of_',
    '[',
    '[/',
    ']~',
    '<tool',
    '<\t',
  ]) {
    growsLinearly(t, (size) => piece.repeat(size / piece.length), escapeControls, 200_000);
  }
});
