// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { compileTemplate } from '../../../src/engine/llama/model/load-model.ts';
import { createPromptReader } from '../../../src/engine/llama/model/prompt-tokens.ts';
import { chatTemplates, renderPieces } from '../../../src/engine/local/chat-templates.ts';

type Given = { readonly role: string; readonly content: string };

const chat = { bos: '<s>', eos: '</s>' };
const plain = (variables: Readonly<Record<string, unknown>>): string =>
  `${(variables.messages as readonly Given[]).map(({ role, content }) => `[${role}]${content}[end]`).join('')}[assistant]`;
const withoutSystem = (variables: Readonly<Record<string, unknown>>): string => {
  if ((variables.messages as readonly Given[])[0]?.role === 'system') throw new Error('no system');
  return plain(variables);
};

test('a prompt is what the template writes and where contents stand', (t) => {
  t.deepEqual(renderPieces(plain, ['system', 'user'], chat), [
    { written: '[system]' },
    { content: 0 },
    { written: '[end][user]' },
    { content: 1 },
    { written: '[end][assistant]' },
  ]);
});

test('a template without system messages gets it before the first other one', (t) => {
  t.deepEqual(renderPieces(withoutSystem, ['system', 'user', 'assistant'], chat), [
    { written: '[user]' },
    { content: 0 },
    { written: '\n\n' },
    { content: 1 },
    { written: '[end][assistant]' },
    { content: 2 },
    { written: '[end][assistant]' },
  ]);
});

test('a template that leaves a message out is not used', (t) => {
  t.throws(() => renderPieces(() => 'hello', ['user'], chat), { message: /leaves out message 1/ });
});

test('a template that the profile names is plain text or ChatML', (t) => {
  const written = (name: keyof typeof chatTemplates) =>
    renderPieces(compileTemplate(chatTemplates[name]), ['system', 'user'], chat).map((piece) =>
      'written' in piece ? piece.written : piece.content,
    );
  t.deepEqual(written('plain'), ['system:\n', 0, '\n\nuser:\n', 1, '\n\nassistant:\n']);
  t.deepEqual(written('chatml'), [
    '<|im_start|>system\n',
    0,
    '<|im_end|>\n<|im_start|>user\n',
    1,
    '<|im_end|>\n<|im_start|>assistant\n',
  ]);
});

const reader = (bos?: number) =>
  createPromptReader({
    render: plain,
    chat,
    // Tokens of the template are negative here, those of contents are their letters.
    written: (text) => [-text.length] as never,
    content: (text) => [...text].map((letter) => letter.codePointAt(0)) as never,
    bos: bos as never,
  });

test('no content can write the template’s tokens', (t) => {
  const { tokens, locked } = reader().read([
    { role: 'system', content: 'ab' },
    { role: 'user', content: '[end]' },
  ]);
  t.deepEqual(tokens as readonly number[], [-8, 97, 98, -11, 91, 101, 110, 100, 93, -16]);
  t.is(locked, 4);
});

test('an answer comes back as the tokens it was made of', (t) => {
  const prompts = reader(7);
  prompts.remember('yes', [1000] as never);
  const { tokens, locked } = prompts.read([
    { role: 'user', content: 'a' },
    { role: 'assistant', content: 'yes' },
  ]);
  t.deepEqual(tokens as readonly number[], [7, -6, 97, -16, 1000, -16]);
  t.is(locked, 4);
});

const loop = '{% for i in range(9999) %}';
const endless: Readonly<Record<string, string>> = {
  'goes round in circles': `${loop.repeat(4)}${'{% endfor %}'.repeat(4)}`,
  'takes too long to read': `{{ ${'1 + '.repeat(2_000_000)}1 }}`,
};

for (const [what, template] of Object.entries(endless)) {
  test(`a template that ${what} is given up`, (t) => {
    // Without an end to it, AVA's own timeout ends the test.
    const error = t.throws(() => compileTemplate(template, 300)({ messages: [] }));
    t.is(error.message, 'its chat template did not come to an end within 0.3 s');
  });
}

test('what is wrong with a template is told in its own words', (t) => {
  t.throws(
    () => compileTemplate("{{ raise_exception('roles must alternate') }}")({ messages: [] }),
    { message: 'roles must alternate' },
  );
  t.throws(() => compileTemplate('{% for %}'));
});
