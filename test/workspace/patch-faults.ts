// SPDX-License-Identifier: GPL-3.0-only
import { deflateSync } from 'node:zlib';
import test from 'ava';
import { openBaseTree } from '../../src/workspace/base-tree.ts';
import { Denied } from '../../src/workspace/denied.ts';
import { formatLiteral } from '../../src/workspace/git-binary.ts';
import { createOverlay, type FileChange, type OverlayReach } from '../../src/workspace/overlay.ts';
import { applyPatch, formatPatch } from '../../src/workspace/patch.ts';
import { PatchFault } from '../../src/workspace/patch-parse.ts';
import { each } from '../each.ts';
import { everything, makeRepository } from './with-repository.ts';

const files = { 'a.md': '1\n2\n3\n4\n5\n', 'b.bin': Uint8Array.of(0, 1, 2), 'gone.md': 'gone\n' };

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

each(refuses, {
  'prose before it': [/^Line 1 .*expected/, (d, c) => [`Here it is:\n${d}`, c]],
  'prose after it': [/hunk|expected/, (d, c) => [`${d}Done.\n`, c]],
  'a missing end': [/does not end/, (d, c) => [d.slice(0, -1), c]],
  'half of it': [/./, (d, c) => [`${d.slice(0, d.indexOf('three'))}\n`, c]],
  'an empty diff': [/disagree at/, (_, c) => ['', c]],
  'another line of context': [/does not fit/, swap('\n 2\n', '\n x\n')],
  'a hunk a line lower': [/does not fit/, swap('@@ -1,5 +1,5', '@@ -2,5 +2,5')],
  'a hunk shifted on one side': [/does not fit/, swap('+1,5 @@', '+2,5 @@')],
  'a hunk far past the end': [/not fit/, swap('-1,5 +1,5', '-900,5 +900,5')],
  'a count too high': [/ends too early|starts with|fit/, swap('-1,5 +1,5', '-1,6 +1,6')],
  'a count too low': [/more lines|expected/, swap('-1,5 +1,5', '-1,4 +1,4')],
  'a huge count': [/hunk header|expected/, swap('-1,5 +', '-1,99999999999 +')],
  'other new content': [/another mode or content/, swap('+three', '+drei')],
  'a lie in the index line': [/head of a\.md/, swap(/^index .{40}/m, `index ${'1'.repeat(40)}`)],
  'a lie in the mode': [
    /head of new\.md/,
    swap('file mode 100644\nindex 00', 'file mode 100755\nindex 00'),
  ],
  'a short index line': [/full ids/, swap(/^index .{40}\.\..{40}/m, 'index 123..456')],
  'two names': [/one path twice/, swap('a/a.md b/a.md', 'a/a.md b/b.md')],
  'another name below': [/expected before/, swap('+++ b/a.md', '+++ b/b.md')],
  'broken quoting': [/one path twice/, swap('a/a.md b/a.md', '"a/\\9" "b/\\9"')],
  'a rename': [/full ids/, swap('index', 'rename from x\nindex')],
  'a mode change': [/full ids/, swap('index', 'old mode 100644\nindex')],
  'a file twice': [/names a\.md twice/, (d, c) => [`${d.slice(0, d.indexOf('diff', 4))}${d}`, c]],
  'a new file that is there': [
    /in the base/,
    (d, c) => [d.slice(d.indexOf('diff --git a/new')).replace(/([ab])\/new\.md/g, '$1/a.md'), c],
  ],
  'a change of nothing': [/not in the base/, swap(/([ab])\/a\.md/g, '$1/c.md')],
  'binary rubbish': [/broken/, swap(/\n[A-Z]\S+\n\n/, '\nK~~~~~~~~~~\n\n')],
  'a binary size that lies': [/broken/, swap('literal 3', 'literal 4')],
  'a huge binary size': [/size expected/, swap('literal 3', 'literal 999999999')],
  'another old binary': [
    /not the base's/,
    (diff, changes) => {
      const at = diff.lastIndexOf('literal 3');
      return [
        diff.slice(0, at) +
          diff.slice(at).replace(/literal 3\n.*\n\n/, formatLiteral(Uint8Array.of(1, 2, 3))),
        changes,
      ];
    },
  ],
  'a path upwards': [/may not: .*upwards/, swap(/([ab])\/new\.md/g, '$1/../new.md')],
  'a path into .git': [/may not: .*git's own/, swap(/([ab])\/new\.md/g, '$1/.git/new.md')],
  'a change too many in the list': [
    /disagree at z/,
    (d, c) => [d, [...c, { path: 'z', mode: '100644', baseOid: '0', oid: '1' }]],
  ],
  'a change too few in the list': [/disagree at/, (d, c) => [d, c.slice(1)]],
  'a path twice in the list': [/disagree at/, (d, c) => [d, [...c, ...c]]],
  'another mode in the list': [
    /disagree at/,
    (d, c) => [d, c.map((change) => ({ ...change, mode: '100755' }))],
  ],
  'what is out of reach': [
    /may not be written/,
    (d, c) => [d, c],
    { mayRead: () => true, mayWrite: (path: string) => path === 'a.md' },
  ],
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
