// SPDX-License-Identifier: GPL-3.0-only
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { openBaseTree } from '../../src/workspace/base-tree.ts';
import { cQuote, cQuoteIfNeeded, cUnquote } from '../../src/workspace/c-quote.ts';
import { formatHunks, splitLines } from '../../src/workspace/hunks.ts';
import { createOverlay, type Overlay } from '../../src/workspace/overlay.ts';
import { applyPatch, formatPatch } from '../../src/workspace/patch.ts';
import { patchDigest, pullRequestDigest } from '../../src/workspace/patch-digest.ts';
import { anyText } from '../data/any-text.ts';
import { type Edit, edits } from './edits.ts';
import {
  everything,
  type Files,
  makeRepository,
  type TestRepository,
  writeFiles,
} from './with-repository.ts';

const open = async (
  t: ExecutionContext,
  files: Files,
): Promise<TestRepository & { readonly overlay: Overlay }> => {
  const repository = makeRepository(t, files);
  const base = await openBaseTree(repository.folder, 'HEAD');
  t.teardown(() => base.close());
  return { ...repository, overlay: createOverlay(base, everything) };
};

const apply = (overlay: Overlay, list: readonly Edit[]): void => {
  for (const { path, before, after } of list) {
    if (after) overlay.write(path, after);
    else if (before) overlay.remove(path);
  }
};

const sidesOf = (list: readonly Edit[], side: 'before' | 'after'): Files =>
  Object.fromEntries(list.flatMap((edit) => (edit[side] ? [[edit.path, edit[side]]] : [])));

/**
 * What stands above the hunks, by file. Latin-1 is text to git and binary to us, so its `---` and
 * `+++` lines are left out.
 */
const heads = (diff: string, other: string): readonly string[] => {
  const binary = new Set(
    other.split(/^(?=diff --git )/m).flatMap((file) => {
      const [first = ''] = file.split('\n');
      return /^GIT binary patch$/m.test(file) ? [first] : [];
    }),
  );
  return diff
    .split(/^(?=diff --git )/m)
    .map((file) => file.split(/^(?:@@ |GIT binary patch)/m)[0] ?? '')
    .map((head) =>
      binary.has(head.split('\n')[0] ?? '') ? head.replace(/^(?:---|\+\+\+) .*\n/gm, '') : head,
    )
    .sort();
};

test('random edits: git applies the patch to the tree git itself makes', async (t) => {
  await fc.assert(
    fc.asyncProperty(edits, async (list) => {
      const { folder, run, overlay } = await open(t, sidesOf(list, 'before'));
      apply(overlay, list);
      const { diff, stats } = await formatPatch(overlay);

      run(['rm', '-r', '-q', '--ignore-unmatch', '.']);
      writeFiles(folder, sidesOf(list, 'after'));
      run(['add', '-A']);
      const tree = run(['write-tree']);
      const real = run(['diff', '--cached', '--binary', '--full-index', '--no-renames', 'HEAD']);
      t.deepEqual(heads(diff, diff), heads(real, diff));
      t.is(stats.files, overlay.changes().length);

      run(['reset', '-q', '--hard', 'HEAD']);
      if (diff !== '') run(['apply', '--index', '--whitespace=nowarn', '-'], diff);
      t.is(run(['write-tree']), tree);
      t.is(run(['status', '--porcelain']).match(/^.[^ ]/m), null);

      const again = await applyPatch(overlay.base, everything, diff, overlay.changes());
      t.deepEqual(again.changes(), overlay.changes());
      t.deepEqual(
        again.changes().map(({ path }) => again.written(path)),
        overlay.changes().map(({ path }) => overlay.written(path)),
      );
    }),
    { numRuns: 12 },
  );
});

test('a small note costs far less than 0.2 ms of CPU to open, change and format', async (t) => {
  const note = `# A note\n\n${'Some words of text in a line.\n'.repeat(40)}`;
  const { overlay } = await open(t, { 'note.md': note });
  const bytes = Buffer.from(`---\ntitle: A note\ntags: [a, b]\n---\n\n${note}`);
  const round = async (): Promise<number> => {
    const fresh = createOverlay(
      { ...overlay.base, read: async () => Buffer.from(note) },
      everything,
    );
    await fresh.read('note.md');
    fresh.write('note.md', bytes);
    return (await formatPatch(fresh)).stats.insertions;
  };
  for (let at = 0; at < 500; at += 1) await round();
  const start = process.cpuUsage();
  for (let at = 0; at < 1000; at += 1) t.is(await round(), 5);
  const { user, system } = process.cpuUsage(start);
  const each = (user + system) / 1000;
  t.log(`${each.toFixed(0)} microseconds each`);
  t.true(each < 200);
});

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

const a = { path: 'a', mode: '100644', baseOid: '1', oid: '2' };
const b = { path: 'b', mode: '100755', baseOid: '3', oid: '4' };

test('is the same for any order', (t) => {
  t.is(patchDigest([a, b]), patchDigest([b, a]));
  t.is(pullRequestDigest(['x', 'y']), pullRequestDigest(['y', 'x']));
});

test('is sha256 over the sorted tuples', (t) => {
  t.is(patchDigest([a]), '3f7a432d61f5cbec66721b931fda754397c47067da86d41d5217aa55f6043df1');
  t.is(pullRequestDigest([]), '4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945');
});

test('differs with every part', (t) => {
  const digests = [
    [],
    [a],
    [b],
    [a, b],
    [a, a],
    [{ ...a, path: 'c' }],
    [{ ...a, mode: '100755' }],
    [{ ...a, baseOid: '9' }],
    [{ ...a, oid: '9' }],
    [{ ...a, path: 'a,100644', mode: '' }],
  ].map(patchDigest);
  t.is(new Set(digests).size, digests.length);
  t.not(pullRequestDigest(['x']), pullRequestDigest(['x', 'x']));
});

test('quotes names as git does', (t) => {
  const names = [
    'plain.md',
    'with space',
    'tab\tline\nfeed\rbell\u0007vt\u000bff\u000cbs\u0008',
    'esc\u001bdel\u007f',
    'back\\slash',
    'a "quote"',
    'ünï 🎉',
    "'single' $x #",
  ];
  const { run } = makeRepository(t, Object.fromEntries(names.map((name) => [name, 'x'])));
  const listed = run(['ls-tree', '--name-only', 'HEAD']).split('\n').slice(0, -1);
  t.deepEqual(names.map(cQuoteIfNeeded).sort(), listed.sort());
});

test('unquotes what it quoted, and says what follows', (t) => {
  fc.assert(
    fc.property(anyText(), fc.string(), (name, rest) => {
      t.deepEqual(cUnquote(cQuote(name) + rest), { name, rest });
    }),
  );
});

for (const broken of [
  '',
  'plain',
  '"open',
  '"\\x"',
  '"\\9"',
  '"\\400"',
  '"\\12"',
  '"\\377"',
  '"\\',
]) {
  test(`does not unquote ${JSON.stringify(broken)}`, (t) => t.is(cUnquote(broken), undefined));
}
