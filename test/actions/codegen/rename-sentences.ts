// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { drive, type Files } from '../../../bench/codegen/drive.ts';

const a = 'export const old = (x: number): number => x;\n';

const asks = async (files: Files, ...acceptance: string[]) =>
  drive(files, { title: 'A better name', scope: '**', acceptance });

test('the name must be gone where a sentence says so, in documents too', async (t) => {
  const acceptance = ['Rename `old` to `fresh`', 'No use of `old` remains'];
  t.is((await asks({ 'a.ts': a }, ...acceptance)).status, 'ok');
  const { status, notes } = await asks(
    { 'a.ts': `// old is good\n${a}`, 'README.md': '# A\n\nCall `old`.\n', 'c.json': '["older"]' },
    ...acceptance,
  );
  t.is(status, 'fail');
  t.regex(notes, /README\.md:3, a\.ts:1$/);
});

test('two sentences for one rename are one', async (t) => {
  const files = { 'a.ts': a, 'b.ts': a };
  const acceptance = [
    'Rename `old` to `fresh` in `b.ts`',
    'All uses of `old` are renamed to `fresh`',
  ];
  const { status, notes, changed } = await asks(files, ...acceptance);
  t.is(status, 'ok', notes);
  t.deepEqual([...changed.keys()], ['b.ts']);
});

test('what still has the old name is listed', async (t) => {
  const files = { 'a.ts': `${a}old(1);\n// old, older\n`, 'b.md': 'old\n', 'c.css': '.older {}\n' };
  const { status, notes, result } = await asks(files, 'Rename `old` to `fresh`');
  t.is(status, 'ok', notes);
  t.regex(notes, /is still in a\.ts:3, b\.md:1$/);
  t.like(result, { mentions: ['a.ts:3', 'b.md:1'] });
});

test('a text that may find the name speaks against the same behaviour', async (t) => {
  const acceptance = ['Rename `old` to `fresh`', 'No behaviour changes'];
  const said = "throw new Error('old has failed');\n";
  t.is((await asks({ 'a.ts': `${a}${said}` }, ...acceptance)).status, 'ok');
  for (const more of [{ 'b.ts': "x.name === 'old';\n" }, { 'b.yml': 'use: a.old\n' }]) {
    const { status, notes } = await asks({ 'a.ts': a, ...more }, ...acceptance);
    t.is(status, 'fail');
    t.regex(notes, /in a text at b\.\w+:1/);
  }
});

test('a tag does not become an element of the platform', async (t) => {
  const files = { 'a.tsx': 'export const Old = () => <i/>;\nexport const x = <Old />;\n' };
  t.regex((await asks(files, 'Rename `Old` to `fresh`')).notes, /a\.tsx:2: a tag/);
  t.is((await asks(files, 'Rename `Old` to `Fresh`')).status, 'ok');
});

test('a sentence may say which of two declarations', async (t) => {
  const files = {
    'src/a.ts': a,
    'src/b.ts': a,
    'src/c.ts': "import { old as mine } from './a';\nimport { old } from './b';\n",
  };
  const { changed } = await asks(files, 'Rename `old` to `fresh` in `src/b.ts`');
  t.deepEqual([...changed.keys()].sort(), ['src/b.ts', 'src/c.ts']);
  t.regex(changed.get('src/c.ts') ?? '', /old as mine.*\n.*\{ fresh \}/);
});

for (const name of ['fetch', 'structuredClone', 'Map', 'window', 'Partial']) {
  test(`no new name hides ${name}`, async (t) => {
    t.regex((await asks({ 'a.ts': a }, `Rename \`old\` to \`${name}\``)).notes, /is a global/);
  });
}

test('a reserved word is not a name', async (t) => {
  t.regex((await asks({ 'a.ts': a }, 'Rename `old` to `class`')).notes, /reserved word/);
});

const words =
  'arguments eval await yield let static implements interface package private protected public enum null true false undefined NaN Infinity globalThis class';
for (const word of words.split(' ')) {
  test(`no module may name something ${word}`, async (t) => {
    const result = await drive(
      { 'a.ts': a },
      {
        title: 'A name that is taken',
        scope: '**',
        acceptance: [`\`old\` is renamed to \`${word}\``],
      },
    );
    t.is(result.status, 'fail');
    t.is(result.changed.size, 0);
  });
}
