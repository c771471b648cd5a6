// SPDX-License-Identifier: GPL-3.0-only
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { openBaseTree } from '../../src/workspace/base-tree.ts';
import { createOverlay, type Overlay } from '../../src/workspace/overlay.ts';
import { applyPatch, formatPatch } from '../../src/workspace/patch.ts';
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
    { numRuns: 25 },
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
