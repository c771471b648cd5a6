// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { codeSpan, inlineText } from '../../src/markdown/inline.ts';

const gap = '\u200b';

const rows: Readonly<Record<string, readonly [text: string, shown: string]>> = {
  'plain text stays': ['Every note has a title (and tags).', 'Every note has a title (and tags).'],
  'markup is shown': ['*a* _b_ ~~c~~ `d', '\\*a\\* \\_b\\_ \\~\\~c\\~\\~ \\`d'],
  'a name in backticks stays code': ['`a_b.ts` and `c`', '`a_b.ts` and `c`'],
  'only a name does': ['`<b>` ``x``', '\\`\\<b\\>\\` \\``x`\\`'],
  'HTML is shown': ['<img src=x onerror=y>', '\\<img src=x onerror=y\\>'],
  'a comment is shown': ['<!-- pantheon:x:y -->', '\\<\\!-- pantheon:x:y --\\>'],
  'an entity is shown': ['&lt;b&gt;', '\\&lt;b\\&gt;'],
  'a link is shown': ['[x](javascript:y)', '\\[x\\](javascript:y)'],
  'a picture is shown': ['![x](https://e.x/y)', `\\!\\[x\\](https:/${gap}/e.x/y)`],
  'a table’s bar is shown': ['a | b', 'a \\| b'],
  'a formula is shown': [
    '$x$ and \u0024{{ secrets.KEY }}',
    '\\$x\\$ and \\\u0024{{ secrets.KEY }}',
  ],
  'a heading cannot begin': ['x\n# Approved', 'x \\# Approved'],
  'a backslash cannot undo an escape': ['\\*', '\\\\\\*'],
  'a mention calls nobody': ['thanks @admin', `thanks @${gap}admin`],
  'an address stays': ['a @ b', 'a @ b'],
  'an issue is not closed': ['Fixes #12, closes o/r#3', `Fixes \\#${gap}12, closes o/r\\#${gap}3`],
  'nor by the other spelling': ['Fixes GH-12', `Fixes GH-${gap}12`],
  'nor by its address': ['Fixes https://h/o/r/issues/1', `Fixes https:/${gap}/h/o/r/issues/1`],
  'an address without a scheme is no link': ['www.evil.example', `www${gap}.evil.example`],
};

for (const [title, [text, shown]] of Object.entries(rows)) {
  test(title, (t) => t.is(inlineText(text), shown));
}

test('a code span ends where it should', (t) => {
  t.is(codeSpan('a`b\n\u001b[1mc'), '`a?b c`');
});
