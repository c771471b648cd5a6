// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { judgePath } from '../../src/workspace/path.ts';

const refuses = test.macro({
  exec: (t, path: string, rule: string) => {
    const fault = judgePath(path);
    t.is(fault?.rule, rule);
    t.regex(fault?.reason ?? '', /^[A-Z].*\.$/s, 'a sentence');
  },
  title: (_, path: string) => `refuses ${JSON.stringify(path.slice(0, 40))} (${path.length})`,
});

const allows = test.macro({
  exec: (t, path: string) => t.is(judgePath(path), undefined),
  title: (_, path: string) => `allows ${JSON.stringify(path.slice(0, 40))} (${path.length})`,
});

for (const [path, rule] of [
  ['', 'path-empty'],
  ['/etc/passwd', 'path-absolute'],
  ['C:/x', 'path-absolute'],
  ['c:x', 'path-absolute'],
  ['docs\\note.md', 'path-characters'],
  ['a\0b', 'path-characters'],
  ['a\nb', 'path-characters'],
  ['a\tb', 'path-characters'],
  ['a\u0085b', 'path-characters'],
  ['a\u007fb', 'path-characters'],
  ['.', 'path-parts'],
  ['./a', 'path-parts'],
  ['a/./b', 'path-parts'],
  ['..', 'path-parts'],
  ['a/../../b', 'path-parts'],
  ['a//b', 'path-parts'],
  ['a/', 'path-parts'],
  ['.git', 'path-git'],
  ['.git/config', 'path-git'],
  ['a/.git/hooks/pre-commit', 'path-git'],
  ['.GIT/config', 'path-git'],
  ['.gIt', 'path-git'],
  ['.git./config', 'path-git'],
  ['.git /config', 'path-git'],
  ['.git . ./config', 'path-git'],
  ['git~1/config', 'path-git'],
  ['GIT~1', 'path-git'],
  ['git~2', 'path-git'],
  ['.git::$INDEX_ALLOCATION/config', 'path-git'],
  ['.git:stream', 'path-git'],
  ['.git .:x', 'path-git'],
  ['.g\u200cit/config', 'path-git'],
  ['\ufeff.git', 'path-git'],
  ['.gi\u206ft\u200d', 'path-git'],
  ['.\uff47\uff49\uff54', 'path-git'],
  ['a\ud800', 'path-encoding'],
  [`${'a/'.repeat(2050)}b`, 'path-length'],
  ['b'.repeat(256), 'path-length'],
  ['ä'.repeat(128), 'path-length'],
] as const) {
  test(refuses, path, rule);
}

for (const path of [
  'README.md',
  'docs/a note with spaces.md',
  '.github/workflows/ci.yml',
  '.gitignore',
  '.gitattributes',
  'a.git/x',
  'git/x',
  'docs/Ünïcode – “quotes”.md',
  'emoji 🎉/note.md',
  '...',
  'a..b/..c',
  'Re: subject.md',
  'b'.repeat(255),
  'ä'.repeat(127),
]) {
  test(allows, path);
}
