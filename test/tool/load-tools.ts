// SPDX-License-Identifier: GPL-3.0-only
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { UserError } from '../../src/data/user-error.ts';
import { importTool } from '../../src/night/hand/inside/tools.ts';
import { loadTools as load } from '../../src/tool/load-tools.ts';
import { temporaryFolder } from '../workspace/with-repository.ts';

/** As the process does that runs them. */
const loadTools = (names: readonly string[], folders: readonly string[] = []) =>
  load(names, folders, importTool);

const folderOf = (t: ExecutionContext, files: Readonly<Record<string, string>>): string => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'tools'));
  for (const [name, text] of Object.entries(files))
    writeFileSync(join(folder, 'tools', name), text);
  return join(folder, 'tools');
};

const wordCounter = `
import { z } from 'zod';
import { defineTool, ToolFault } from 'pantheon/tool';
type Words = { text: string };
export default defineTool({
  name: 'anything',
  description: 'Counts words',
  args: z.strictObject({ text: z.string() }),
  result: z.strictObject({ words: z.int() }),
  touches: () => ({ reads: ['a'] }),
  run: ({ text }: Words) => {
    if (text === '') throw new ToolFault('no text');
    return { words: text.split(' ').length };
  },
});
`;

const plain = `
import { z } from 'zod';
export const description = 'Says hello';
export const args = z.strictObject({});
export const result = z.strictObject({ text: z.string() });
export const run = () => ({ text: 'hello' });
`;

test("loads Pantheon's own tools by name, in order", async (t) => {
  const names = 'compute_diff read_file list_files search_text write_file edit_file'.split(' ');
  t.deepEqual(
    (await loadTools(names)).map(({ name }) => name),
    names,
  );
  t.deepEqual(await loadTools([]), []);
});

test("loads a user's tools, which need nothing installed", async (t) => {
  const folder = folderOf(t, {
    'count_words.ts': wordCounter,
    'hello.mjs': plain,
    'broken.ts': 'syntax error',
  });
  const missing = join(folder, 'missing');
  const [count, read, hello] = await loadTools(
    ['count_words', 'read_file', 'hello'],
    [missing, folder],
  );
  t.like(count, { name: 'count_words', description: 'Counts words' });
  t.deepEqual(count?.touches({ text: '' }), { reads: ['a'] });
  t.deepEqual(await count?.run({ text: 'a b' }, undefined as never), { words: 2 });
  t.is(read?.name, 'read_file');
  t.deepEqual(hello?.touches({}), {});
  t.deepEqual(hello?.args.safeParse({ more: 1 }).success, false);
});

test('a module of a CommonJS package may use import all the same', async (t) => {
  const folder = folderOf(t, {
    'package.json': '{"type":"commonjs"}',
    'hello.ts': `import { word } from './part.ts';\n${plain.replace("'hello'", 'word')}`,
    'part.ts': "export const word: string = 'hi';",
  });
  const [hello] = await loadTools(['hello'], [folder]);
  t.deepEqual(await hello?.run({}, undefined as never), { text: 'hi' });
});

test("a user's tool shares the classes of faults", async (t) => {
  const { ToolFault } = await import('../../src/tool/tool.ts');
  const [count] = await loadTools(
    ['count_words'],
    [folderOf(t, { 'count_words.ts': wordCounter })],
  );
  t.throws(() => count?.run({ text: '' }, undefined as never), { instanceOf: ToolFault });
});

test('a tool that is not asked for is never imported', async (t) => {
  const folder = folderOf(t, { 'bad.ts': "throw new Error('imported')", 'hello.ts': plain });
  t.is((await loadTools(['hello'], [folder])).length, 1);
});

const without = (part: string): string =>
  plain.replace(new RegExp(`export const ${part} = .*\n`), '');

const mistakes: Readonly<
  Record<
    string,
    readonly [names: readonly string[], files: Readonly<Record<string, string>>, message: RegExp]
  >
> = {
  'an unknown tool': [
    ['nothing'],
    {},
    /The tool "nothing" does not exist; searched: Pantheon's own, .*tools/,
  ],
  'a module that is not a tool': [['tool'], {}, /The tool "tool" does not exist/],
  'a path as a name': [['../hello'], { 'hello.ts': plain }, /is not a valid name for a tool/],
  'the same name twice': [['read_file', 'read_file'], {}, /listed twice/],
  "the name of Pantheon's own": [
    ['read_file'],
    { 'read_file.ts': plain },
    /read_file\.ts: the tool has the same name as Pantheon's own/,
  ],
  'two modules of one name': [
    ['hello'],
    { 'hello.ts': plain, 'hello.js': plain },
    /has the same name as/,
  ],
  'a module that throws': [
    ['hello'],
    { 'hello.ts': "throw new Error('bug')" },
    /hello\.ts: the module cannot be loaded: bug/,
  ],
  'a module with a syntax error': [
    ['hello'],
    { 'hello.ts': 'export const = 1' },
    /hello\.ts: the module cannot be loaded/,
  ],
  'another package': [
    ['hello'],
    { 'hello.ts': "import 'left-pad-x';" },
    /cannot be loaded: .*left-pad-x/,
  ],
  'no description': [['hello'], { 'hello.ts': without('description') }, /description: must say/],
  'no args': [['hello'], { 'hello.ts': without('args') }, /args: must be a zod schema/],
  'args that are not a schema': [
    ['hello'],
    { 'hello.ts': plain.replace('z.strictObject({});', '{};') },
    /args: must be a zod schema/,
  ],
  'args that are not an object': [
    ['hello'],
    { 'hello.ts': plain.replace('z.strictObject({});', 'z.string();') },
    /args: must be a z\.strictObject/,
  ],
  'args without JSON Schema': [
    ['hello'],
    { 'hello.ts': plain.replace('z.strictObject({});', 'z.strictObject({ d: z.date() });') },
    /args of the tool "hello" have no JSON Schema/,
  ],
  'no run': [['hello'], { 'hello.ts': without('run') }, /run: must be a function/],
  'an empty module': [['hello'], { 'hello.ts': '' }, /See docs\/tools\.md/],
};

for (const [title, [names, files, message]] of Object.entries(mistakes)) {
  test(`refuses: ${title}`, async (t) => {
    await t.throwsAsync(loadTools(names, [folderOf(t, files)]), { instanceOf: UserError, message });
  });
}
