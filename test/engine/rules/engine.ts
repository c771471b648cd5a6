// SPDX-License-Identifier: GPL-3.0-only

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { openChores } from '../../../src/chore/chores.ts';
import { pantheonVersion } from '../../../src/data/installation.ts';
import { UserError } from '../../../src/data/user-error.ts';
import {
  type CompletionRequest,
  EngineFault,
  type Message,
} from '../../../src/engine/contract/engine.ts';
import { createRulesEngine, loadSpecialist } from '../../../src/engine/rules/engine.ts';
import type { Specialist } from '../../../src/engine/rules/specialist.ts';

const engineOf = (specialist: Specialist, slots?: number) =>
  createRulesEngine({ specialist, chores: openChores(), digest: 'd', codeDigest: 'c' }, slots);

const request = (more: Partial<CompletionRequest> = {}): CompletionRequest => ({
  messages: [{ role: 'user', content: 'abcdefgh' }],
  schema: {},
  maxTokens: 100,
  idleTimeoutMs: 1000,
  signal: new AbortController().signal,
  ...more,
});

test('answers with what the specialist says of the messages, and counts', async (t) => {
  const engine = engineOf((messages) => `saw ${messages.map(({ content }) => content).join()}`);
  const { text, finish, usage } = await engine.complete(request());
  t.deepEqual([text, finish], ['saw abcdefgh', 'stop']);
  t.deepEqual(usage, { prompt: 6, cached: 0, completion: 3 });
});

test('says what it is', async (t) => {
  const { identity, slots, contextTokens } = await engineOf(() => '', 3).probe();
  t.like(identity, {
    engine: 'rules',
    origin: 'in-process',
    version: pantheonVersion,
    modelDigest: 'd',
  });
  t.is(slots, 3);
  t.true(contextTokens > 0);
});

test('counts four bytes of UTF-8 as a token, and four tokens a message', async (t) => {
  const { countTokens } = engineOf(() => '');
  const message = (content: string): Message => ({ role: 'user', content });
  t.is(await countTokens([]), 0);
  t.is(await countTokens([message('')]), 4);
  t.is(await countTokens([message('abcde'), message('äö')]), 6 + 5);
});

test('cuts an answer at the limit and says so, never inside a character', async (t) => {
  const { text, finish } = await engineOf(() => 'aé'.repeat(50)).complete(
    request({ maxTokens: 2 }),
  );
  t.deepEqual([text, finish], ['aéaéa', 'length']);
});

for (const [title, specialist, message] of [
  [
    'throws',
    () => {
      throw new TypeError('bug');
    },
    /bug/,
  ],
  ['rejects', () => Promise.reject(new Error('late bug')), /late bug/],
  ['gives no text', () => 7 as unknown as string, /no text/],
] as const) {
  test(`a specialist that ${title} is an engine fault`, async (t) => {
    const engine = engineOf(specialist);
    await t.throwsAsync(engine.complete(request()), { instanceOf: EngineFault, message });
  });
}

test('an abort ends a request that would never end', async (t) => {
  const controller = new AbortController();
  const answer = engineOf(() => new Promise(() => {})).complete(
    request({ signal: controller.signal }),
  );
  controller.abort(new Error('enough'));
  await t.throwsAsync(answer, { message: 'enough' });
  await t.throwsAsync(engineOf(() => '').complete(request({ signal: controller.signal })), {
    message: 'enough',
  });
});

const agent = async (t: ExecutionContext, files: Record<string, string>): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'pantheon-room-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
};

const answering = (text: string): string => `export const answer = (): string => '${text}';\n`;

test('loads the specialist that is asked for', async (t) => {
  const folder = await agent(t, {
    'rules/default.ts': answering('one'),
    'rules/other.ts': answering('two'),
  });
  t.is(await (await loadSpecialist(folder, openChores())).specialist([], openChores()), 'one');
  t.is(
    await (await loadSpecialist(folder, openChores(), 'other')).specialist([], openChores()),
    'two',
  );
});

test('the digest follows the code, not the names', async (t) => {
  const digest = async (files: Record<string, string>, name?: string): Promise<string> =>
    (await loadSpecialist(await agent(t, files), openChores(), name)).digest;
  const files = {
    'rules/a.ts': answering('one'),
    'rules/b.ts': answering('two'),
    'rules/lib/part.ts': '',
  };
  const a = await digest(files, 'a');
  t.is(a, await digest(files, 'a'));
  t.not(a, await digest(files, 'b'));
  t.not(a, await digest({ ...files, 'rules/lib/part.ts': '//' }, 'a'));
  const copy = { ...files, 'rules/b.ts': answering('one') };
  t.is(await digest(copy, 'a'), await digest(copy, 'b'));
});

const plainRules = `import { part } from './lib/part.ts';
export const answer = (): string => (/['"\`/]/.test('// no comment') ? \`a/*\` : part('*/'));
`;

const sameCode = test.macro(
  async (t, same: boolean, other: string, more: Record<string, string> = {}) => {
    const files = {
      'rules/a.ts': plainRules,
      'rules/b.ts': other,
      'rules/lib/part.ts': 'export const part = (text: string): string => text;\n',
      ...more,
    };
    const folder = await agent(t, files);
    const [a, b] = await Promise.all(
      ['a', 'b'].map((name) => loadSpecialist(folder, openChores(), name)),
    );
    t.not(a?.digest, b?.digest);
    t.is(a?.codeDigest === b?.codeDigest, same);
  },
);

test('a comment on top makes no other rules', sameCode, true, `// Another one\n${plainRules}`);
test(
  'nor do comments that look like code, and blanks',
  sameCode,
  true,
  plainRules
    .replace('\n', " // it's `odd\n\n/* 'quoted */\n")
    .replaceAll(' => ', '/* => */ =>\n  '),
);
test('nor does a text', sameCode, true, plainRules.replace('no comment', 'a http://x /* one'));
test('nor a module that hands on the other', sameCode, true, "export { answer } from './a.ts';\n");
test('nor a module beside it that nobody reads', sameCode, true, `${plainRules}//`, {
  'rules/lib/unused.ts': 'export const unused = 1;\n',
});
test('code does', sameCode, false, plainRules.replace('part(', '!part('));
test(
  'and so does what it imports',
  sameCode,
  false,
  plainRules.replace('./lib/part.ts', './lib/other.ts'),
  { 'rules/lib/other.ts': 'export const part = (): string => "";\n' },
);

test('what is missing is said with what there is', async (t) => {
  const folder = await agent(t, {
    'rules/default.ts': 'export const reply = 1;',
    'rules/lib/x.ts': '',
  });
  const mistake = { instanceOf: UserError };
  t.regex(
    (await t.throwsAsync(loadSpecialist(folder, openChores()), mistake)).message,
    /no function "answer"/,
  );
  const broken = await agent(t, { 'rules/default.ts': 'const const = 1;\n' });
  t.regex(
    (await t.throwsAsync(loadSpecialist(broken, openChores()), mistake)).message,
    /default\.ts: the rules cannot be loaded: .*Correct the file/,
  );
  for (const name of ['nobody', '../default', 'lib/x', '']) {
    t.regex(
      (await t.throwsAsync(loadSpecialist(folder, openChores(), name), mistake)).message,
      /there is: default$/,
    );
  }
  t.regex(
    (await t.throwsAsync(loadSpecialist(await agent(t, {}), openChores()), mistake)).message,
    /another engine/,
  );
});
