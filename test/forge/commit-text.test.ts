// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { commitText } from '../../src/forge/commit-text.ts';

const rows: readonly (readonly [text: string, said: string])[] = [
  ['Add a header', 'Add a header'],
  ['Add a header [skip ci]', 'Add a header (skip ci)'],
  ['[ci skip] [NO CI] [Skip Actions] x', '(ci skip) (NO CI) (Skip Actions) x'],
  ['x [skip  azp] ***NO_CI***', 'x (skip  azp) NO_CI'],
  ['[[skip ci]]', '(skip ci)'],
  ['skip-checks: true', 'skip checks: true'],
  ['Fixes #1', 'Fixes # 1'],
  ['closes owner/repo#12, gh-3', 'closes owner/repo# 12, GH 3'],
  ['Resolves https://host.example/o/r/issues/4', 'Resolves https: //host.example/o/r/issues/4'],
  ['Ask @admin and @org/team', 'Ask @ admin and @ org/team'],
  ['Done #close', 'Done # close'],
  ['Write to a@b.example', 'Write to a@b.example'],
  ['Use C# [in some places] a[0]', 'Use C# [in some places] a[0]'],
  ['One\n\nCo-authored-by: x', 'One Co-authored-by: x'],
];

for (const [text, said] of rows) {
  test(`${JSON.stringify(text)} in a commit message`, (t) => {
    t.is(commitText(text), said);
    t.is(commitText(said), said, 'said twice, it stays as it is');
  });
}
