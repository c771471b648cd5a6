// SPDX-License-Identifier: GPL-3.0-only
import { deflateSync } from 'node:zlib';
import test from 'ava';
import { openBaseTree } from '../../src/workspace/base-tree.ts';
import { Denied } from '../../src/workspace/denied.ts';
import { formatLiteral } from '../../src/workspace/git-binary.ts';
import { createOverlay, type FileChange, type OverlayReach } from '../../src/workspace/overlay.ts';
import { applyPatch, formatPatch } from '../../src/workspace/patch.ts';
import { PatchFault } from '../../src/workspace/patch-parse.ts';
import { everything, makeRepository } from './with-repository.ts';

const files = {
  'a.md': '1\n2\n3\n4\n5\n',
  'b.bin': Uint8Array.of(0, 1, 2),
  'gone.md': 'gone\n',
};

/** The patch that every case below spoils in one place. */
const good = async (t: Parameters<typeof makeRepository>[0]) => {
  const { folder } = makeRepository(t, files);
  const base = await openBaseTree(folder, 'HEAD');
  t.teardown(() => base.close());
  const overlay = createOverlay(base, everything);
  overlay.write('a.md', Buffer.from('1\n2\nthree\n4\n5\n'));
  overlay.write('b.bin', Uint8Array.of(0, 9, 9));
  overlay.write('new.md', Buffer.from('new'));
  overlay.remove('gone.md');
  return { base, changes: overlay.changes(), diff: (await formatPatch(overlay)).diff };
};

type Spoil = (
  diff: string,
  changes: readonly FileChange[],
) => readonly [string, readonly FileChange[]];

const refuses = test.macro({
  exec: async (t, message: RegExp, spoil: Spoil, reach: OverlayReach = everything) => {
    const { base, diff, changes } = await good(t);
    const [spoiltDiff, spoiltChanges] = spoil(diff, changes);
    t.true(reach !== everything || spoiltDiff !== diff || spoiltChanges !== changes);
    await t.throwsAsync(applyPatch(base, reach, spoiltDiff, spoiltChanges), {
      instanceOf: PatchFault,
      message,
    });
  },
  title: (name = '') => `refuses ${name}`,
});

const swap =
  (from: string | RegExp, to: string): Spoil =>
  (diff, changes) => [diff.replace(from, to), changes];

test('the patch itself is fine', async (t) => {
  const { base, diff, changes } = await good(t);
  t.deepEqual((await applyPatch(base, everything, diff, changes)).changes(), changes);
});

test('prose before it', refuses, /^Line 1 .*expected/, (d, c) => [`Here it is:\n${d}`, c]);
test('prose after it', refuses, /hunk|expected/, (d, c) => [`${d}Done.\n`, c]);
test('a missing end', refuses, /does not end/, (d, c) => [d.slice(0, -1), c]);
test('half of it', refuses, /./, (d, c) => [`${d.slice(0, d.indexOf('three'))}\n`, c]);
test('an empty diff', refuses, /does not change/, (_, c) => ['', c]);
test('another line of context', refuses, /does not fit/, swap('\n 2\n', '\n x\n'));
test('a hunk a line lower', refuses, /does not fit/, swap('@@ -1,5 +1,5', '@@ -2,5 +2,5'));
test('a hunk shifted on one side', refuses, /does not fit/, swap('+1,5 @@', '+2,5 @@'));
test('a hunk far past the end', refuses, /not fit/, swap('-1,5 +1,5', '-900,5 +900,5'));
test('a count too high', refuses, /ends too early|starts with|fit/, swap('-1,5 +1,5', '-1,6 +1,6'));
test('a count too low', refuses, /more lines|expected/, swap('-1,5 +1,5', '-1,4 +1,4'));
test('a huge count', refuses, /hunk header|expected/, swap('-1,5 +', '-1,99999999999 +'));
test('other new content', refuses, /another mode or content/, swap('+three', '+drei'));
test(
  'a lie in the index line',
  refuses,
  /head of a\.md/,
  swap(/^index .{40}/m, `index ${'1'.repeat(40)}`),
);
test(
  'a lie in the mode',
  refuses,
  /head of new\.md/,
  swap('file mode 100644\nindex 00', 'file mode 100755\nindex 00'),
);
test('a short index line', refuses, /full ids/, swap(/^index .{40}\.\..{40}/m, 'index 123..456'));
test('two names', refuses, /one path twice/, swap('a/a.md b/a.md', 'a/a.md b/b.md'));
test('another name below', refuses, /expected before/, swap('+++ b/a.md', '+++ b/b.md'));
test('broken quoting', refuses, /one path twice/, swap('a/a.md b/a.md', '"a/\\9" "b/\\9"'));
test('a rename', refuses, /full ids/, swap('index', 'rename from x\nindex'));
test('a mode change', refuses, /full ids/, swap('index', 'old mode 100644\nindex'));
test('a file twice', refuses, /names a\.md twice/, (d, c) => [
  `${d.slice(0, d.indexOf('diff', 4))}${d}`,
  c,
]);
test('a new file that is there', refuses, /in the base/, (d, c) => [
  d.slice(d.indexOf('diff --git a/new')).replace(/([ab])\/new\.md/g, '$1/a.md'),
  c,
]);
test('a change of nothing', refuses, /not in the base/, swap(/([ab])\/a\.md/g, '$1/c.md'));
test('binary rubbish', refuses, /broken/, swap(/\n[A-Z]\S+\n\n/, '\nK~~~~~~~~~~\n\n'));
test('a binary size that lies', refuses, /broken/, swap('literal 3', 'literal 4'));
test('a huge binary size', refuses, /size expected/, swap('literal 3', 'literal 999999999'));
test('another old binary', refuses, /not the base's/, (diff, changes) => {
  const at = diff.lastIndexOf('literal 3');
  return [
    diff.slice(0, at) +
      diff.slice(at).replace(/literal 3\n.*\n\n/, formatLiteral(Uint8Array.of(1, 2, 3))),
    changes,
  ];
});
test('a path upwards', refuses, /may not: .*upwards/, swap(/([ab])\/new\.md/g, '$1/../new.md'));
test(
  'a path into .git',
  refuses,
  /may not: .*git's own/,
  swap(/([ab])\/new\.md/g, '$1/.git/new.md'),
);
test('a change too many in the list', refuses, /does not change z/, (d, c) => [
  d,
  [...c, { path: 'z', mode: '100644', baseOid: '0', oid: '1' }],
]);
test('a change too few in the list', refuses, /does not name/, (d, c) => [d, c.slice(1)]);
test('a path twice in the list', refuses, /names a path twice/, (d, c) => [d, [...c, ...c]]);
test('another mode in the list', refuses, /another mode/, (d, c) => [
  d,
  c.map((change) => ({ ...change, mode: '100755' })),
]);
test('what is out of reach', refuses, /may not be written/, (d, c) => [d, c], {
  mayRead: () => true,
  mayWrite: (path: string) => path === 'a.md',
});

test('the cause of a denied path is kept', async (t) => {
  const { base, diff, changes } = await good(t);
  const fault = await t.throwsAsync(
    applyPatch(base, { mayRead: () => true, mayWrite: () => false }, diff, changes),
  );
  t.true(fault?.cause instanceof Denied);
});

test('a binary patch that unpacks to more than it says is cut off early', async (t) => {
  const { base, changes } = await good(t);
  const bomb = deflateSync(Buffer.alloc(200_000_000));
  const literal = formatLiteral(bomb).replace(/^literal \d+/, 'literal 5');
  const packed = literal.split('\n').slice(1, -2).join('\n');
  const diff = `diff --git a/n b/n\nnew file mode 100644\nindex ${'0'.repeat(40)}..${'1'.repeat(40)}\nGIT binary patch\nliteral 5\n${packed}\n\n${formatLiteral(new Uint8Array(0))}`;
  await t.throwsAsync(applyPatch(base, everything, diff, changes), { instanceOf: PatchFault });
});
