// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import fc from 'fast-check';
import picomatch from 'picomatch';
import { compileGlob } from '../../src/tool/glob.ts';
import { ToolFault } from '../../src/tool/tool.ts';

const table: readonly (readonly [
  pattern: string,
  yes: readonly string[],
  no: readonly string[],
])[] = [
  ['**', ['a', 'a/b', '.hidden/x'], []],
  ['*', ['a', '.a'], ['a/b']],
  ['*.md', ['a.md', '.md'], ['a/b.md', 'a.mdx']],
  ['**/*.md', ['a.md', 'a/b.md', 'a/b/c.md'], ['a.ts']],
  ['docs/', ['docs/a', 'docs/a/b'], ['docs', 'docsx/a']],
  ['docs/**/a.md', ['docs/a.md', 'docs/x/y/a.md'], ['docs/xa.md', 'docs/x/ya.md']],
  ['a?c', ['abc', 'aüc', 'a😀c'], ['ac', 'a/c', 'abbc']],
  ['{a,b/*}.md', ['a.md', 'b/c.md'], ['b.md']],
  ['{a,{b,c}}', ['a', 'b', 'c'], ['{b,c}']],
  ['{a}', ['{a}'], ['a']],
  ['app/[id].ts', ['app/[id].ts'], ['app/i.ts']],
  ['a+(b).md', ['a+(b).md'], ['ab.md']],
  ['docs', ['docs'], ['docs/a']],
];

for (const [pattern, yes, no] of table) {
  test(`${pattern} matches what it says`, (t) => {
    const matches = compileGlob(pattern);
    for (const path of yes) t.true(matches(path), path);
    for (const path of no) t.false(matches(path), path);
  });
}

test('agrees with picomatch where both know the pattern', (t) => {
  const part = fc.constantFrom('a', 'b', 'ab', '.a', '*', 'a*', '*b', '?', 'a*b*', '{a,b}');
  const folder = fc.oneof(part, fc.constant('**'));
  const pattern = fc
    .tuple(fc.array(folder, { maxLength: 3 }), part)
    .map(([to, last]) => [...to, last].join('/'));
  const path = fc
    .array(fc.constantFrom('a', 'b', 'ab', 'aab', 'ba', '.a', 'abab'), {
      minLength: 1,
      maxLength: 4,
    })
    .map((parts) => parts.join('/'));
  fc.assert(
    fc.property(pattern, path, (glob, file) => {
      t.is(compileGlob(glob)(file), picomatch(glob, { dot: true })(file), `${glob} on ${file}`);
    }),
    { numRuns: 3000, seed: 3 },
  );
});

test('no pattern makes it slow', (t) => {
  const start = performance.now();
  t.false(compileGlob(`${'*a'.repeat(240)}b`)('a'.repeat(4000)));
  t.false(compileGlob(`${'**/*a'.repeat(90)}b`)('a/'.repeat(2000)));
  t.true(performance.now() - start < 5000);
});

test('refuses more alternatives than it will try', (t) => {
  t.throws(() => compileGlob('{a,b}'.repeat(7)), { instanceOf: ToolFault });
});
