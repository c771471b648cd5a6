// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { compileGlob } from '../../src/spec/glob.ts';
import { compileScope, selectPaths } from '../../src/spec/scope.ts';

const table: readonly (readonly [
  pattern: string,
  yes: readonly string[],
  no: readonly string[],
])[] = [
  ['**', ['a', 'a/b', '.hidden/x'], []],
  ['*', ['a', '.a'], ['a/b']],
  ['*.md', ['a.md', '.md'], ['a/b.md', 'a.mdx']],
  ['**/*.md', ['a.md', 'a/b.md', 'a/b/c.md'], ['a.ts']],
  ['docs/', ['docs/a', 'docs/a/b'], ['docsx/a']],
  ['docs/**/a.md', ['docs/a.md', 'docs/x/y/a.md'], ['docs/xa.md', 'docs/x/ya.md']],
  ['a?c', ['abc', 'aüc', 'a😀c'], ['ac', 'a/c', 'abbc']],
  ['{a,b/*}.md', ['a.md', 'b/c.md'], ['b.md']],
  ['{a,{b,c}}', ['a', 'b', 'c'], ['{b,c}']],
  ['{a}', ['{a}'], ['a']],
  ['app/[id].ts', ['app/[id].ts', 'app/i.ts'], ['app/x.ts']],
  ['[a-c].md', ['a.md', 'c.md'], ['d.md', '-.md']],
  ['[!a]x', ['bx'], ['ax', '/x']],
  ['a[.md', ['a[.md'], ['a.md']],
  ['\\*.md', ['*.md'], ['a.md']],
  ['docs/**', ['docs', 'docs/.a/b'], ['docsx/a']],
  ['src/**/test/**', ['src/test', 'src/a/test/b'], ['src/a/testb/c']],
  ['**.md', ['a.md', 'a/b.md'], []],
  ['a**', ['a', 'ab'], ['a/b']],
  ['{docs,src}/**', ['docs/a', 'src/a/b'], ['lib/a']],
  ['*.{ts,tsx}', ['a.ts', 'a.tsx'], ['a.t', 'A.TS']],
  ['!(a).md', ['!(a).md'], ['b.md']],
  ['!a', ['!a'], ['b']],
  ['a+(b).md', ['a+(b).md'], ['ab.md']],
  ['docs', ['docs'], ['docs/a']],
];

const covers = test.macro({
  title: (_, ...patterns) => `covered by ${JSON.stringify(patterns[0])}`,
  exec(t, patterns: readonly string[], yes: readonly string[], no: readonly string[]) {
    const scope = compileScope(patterns);
    const all = [...yes, ...no].sort();
    t.deepEqual(all.filter(scope), [...yes].sort());
    t.deepEqual(selectPaths(all, patterns), [...yes].sort());
  },
});

test(covers, ['docs'], ['docs', 'docs/a'], ['docsx', 'a/docs']);
test(covers, ['docs/**', '!docs/old/**'], ['docs/a', 'docs/older'], ['docs/old/a']);
test(covers, ['**/*.md', '!Templates'], ['a.md', 'b/Templates/c.md'], ['Templates/a.md']);
test(covers, ['docs/**', '!docs/**', 'docs/a.md'], ['docs/a.md'], ['docs/b.md']);
test(covers, ['!docs/**'], [], ['docs/a', 'b']);
test(covers, ['\\!a'], ['!a'], ['a', 'b']);

for (const [pattern, yes, no] of table) {
  test(`${pattern} matches what it says`, (t) => {
    const matches = compileGlob(pattern);
    for (const path of yes) t.true(matches(path), path);
    for (const path of no) t.false(matches(path), path);
  });
}

test('no pattern makes it slow', (t) => {
  const start = performance.now();
  t.false(compileScope([`docs/*${'a*'.repeat(11)}b`])(`docs/${'a'.repeat(51)}`));
  t.false(compileGlob(`${'*a'.repeat(240)}b`)('a'.repeat(4000)));
  t.false(compileGlob(`${'**/*a'.repeat(90)}b`)('a/'.repeat(2000)));
  t.true(performance.now() - start < 5000);
});
