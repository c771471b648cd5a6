// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { formatHunks, splitLines } from '../../src/workspace/hunks.ts';
import { makeRepository } from './with-repository.ts';

const sameAsGit = test.macro(async (t, before: string, after: string, context?: number) => {
  const { run } = makeRepository(t, {});
  const [old, current] = [before, after].map((text) =>
    run(['hash-object', '-w', '--stdin'], text).trim(),
  );
  const real = run(['diff', `-U${context ?? 3}`, '--no-color', old ?? '', current ?? '']);
  const hunks = await formatHunks(splitLines(before), splitLines(after), context ?? 3);
  const plain = real.slice(real.indexOf('@@ ')).replace(/^(@@ .*? @@).*$/gm, '$1');
  t.is(hunks.text, plain);
  t.is(hunks.insertions, real.match(/^\+(?!\+\+ )/gm)?.length ?? 0);
  t.is(hunks.deletions, real.match(/^-(?!-- )/gm)?.length ?? 0);
});

const numbered = Array.from({ length: 40 }, (_, at) => `${at}\n`);
const lines = numbered.join('');
const without = (...gone: readonly number[]): string =>
  numbered.filter((_, at) => !gone.includes(at)).join('');

test('as git writes it: a new file', sameAsGit, '', 'a\nb\n');
test('as git writes it: a new file of one line', sameAsGit, '', 'a\n');
test('as git writes it: a file emptied', sameAsGit, 'a\nb\n', '');
test('as git writes it: a line at the start', sameAsGit, lines, `x\n${lines}`);
test('as git writes it: a line at the end', sameAsGit, lines, `${lines}x\n`);
test('as git writes it: a line changed', sameAsGit, lines, lines.replace('20\n', 'x\n'));
test('as git writes it: two near changes', sameAsGit, lines, without(10, 17));
test('as git writes it: two changes just apart', sameAsGit, lines, without(10, 18));
test('as git writes it: two changes without context', sameAsGit, lines, without(10, 12), 0);
test(
  'as git writes it: a line in without context',
  sameAsGit,
  lines,
  lines.replace('20\n', '20\nx\n'),
  0,
);
test('as git writes it: much context', sameAsGit, lines, without(20), 100);
test('as git writes it: the last line feed gone', sameAsGit, 'a\nb\n', 'a\nb');
test('as git writes it: the last line feed added', sameAsGit, 'a\nb', 'a\nb\n');
test('as git writes it: no last line feed on either side', sameAsGit, 'a\nb\nc', 'x\nb\nc');
test('as git writes it: carriage returns', sameAsGit, 'a\r\nb\r\n', 'a\nb\r\n');
test(
  'as git writes it: frontmatter',
  sameAsGit,
  '# T\n\nText\n',
  '---\ntitle: T\n---\n\n# T\n\nText\n',
);

test('two long texts with nothing in common become one block, quickly', async (t) => {
  const text = (seed: number) => Array.from({ length: 20_000 }, (_, at) => `${seed} ${at}\n`);
  const start = process.cpuUsage();
  const { text: hunk, insertions, deletions } = await formatHunks(text(1), text(2), 3);
  t.true(hunk.startsWith('@@ -1,20000 +1,20000 @@\n-1 0\n'));
  t.is(insertions + deletions, 40_000);
  t.true(process.cpuUsage(start).user < 10_000_000);
});
