// SPDX-License-Identifier: GPL-3.0-only

import test from 'ava';
import { printable, printableLines } from '../../src/data/printable.ts';
import { textRefusal } from '../../src/markdown/decode-markdown.ts';
import { splitFrontmatter } from '../../src/markdown/frontmatter.ts';
import { hashtagsOf } from '../../src/markdown/hashtags.ts';
import { firstHeading, headingsOf } from '../../src/markdown/headings.ts';
import { codeSpan, inlineText } from '../../src/markdown/inline.ts';
import { linkResolves, linksOf } from '../../src/markdown/links.ts';
import { proseOf } from '../../src/markdown/prose.ts';
import { findSecrets } from '../../src/secrets/find-secrets.ts';
import { growsLinearly } from '../cpu-time.ts';
import { each } from '../each.ts';

const tags = test.macro({
  title: (name) => `hashtags: ${name}`,
  exec(t, body: string, ...expected: string[]) {
    t.deepEqual(hashtagsOf(body), expected);
  },
});

each(tags, {
  'sorted, each once': ['x #b #a, #b.\n#c!', 'a', 'b', 'c'],
  'not in code': ['`#a` ``#b ` #c``\n```\n#d\n```\n\n    #e\n~~~\n#f\n~~~\n#g', 'g'],
  'not in code of a list item': ['- a\n\n      #no\n\n  #yes', 'yes'],
  'not in style': ['<style>\na\n\n#header { x: y }\n</style>\n#yes', 'yes'],
  'in a nested list': ['- a\n\n    #yes', 'yes'],
  'an unclosed fence runs on': ['#a\n```\n#b', 'a'],
  'a fence inside a list': ['- ```\n  #a\n  ```\n- #b', 'b'],
  'not a heading': ['# One\n## Two #three', 'three'],
  'not in links and addresses': [
    '[#a](#b) [x](y #c) [[n#d]] <http://x/#e> http://x/ #f\n[r]: #g',
    'f',
  ],
  'not an issue, not a colour': ['#123 #1 #fff #1a2b3c #AABBCC #12345678 #2024-plan', '2024-plan'],
  'words of hex letters': ['#dead #decaf #cafebabe', 'cafebabe', 'dead', 'decaf'],
  'short words of hex letters': [
    '#dad #feb #ada #bed #facade',
    'ada',
    'bed',
    'dad',
    'facade',
    'feb',
  ],
  dates: ['#2024-06 #2024/06 #123a', '123a', '2024-06', '2024/06'],
  'with emoji': ['#👍moc #work/🔥 #👩‍💻', 'work/🔥', '👍moc', '👩‍💻'],
  'one after the other': ['#one#two # #three##four', 'one', 'two'],
  'in a cell': ['|a|\n|-|\n|#uo|\n', 'uo'],
  'in the text of a link': ['[see #linktag](x.md#no)', 'linktag'],
  'the first of several spellings': ['#work #WORK #Work', 'work'],
  'not in formulas': ['m $a #ra b$ n\n\n$$\n#qd\n$$\n\nfrom $5 #yes to $6', 'yes'],
  'not in elements of code': ['<code>#define</code> #a\n\n<div>\n#inner\n</div>', 'a'],
  'not in attributes': ['<Card\n  title="a > #b"\n/> #c', 'c'],
  'not in a comment of MDX': ['## Part {/* #first-part */}'],
  'not a method, not a selector': ['#to_s() #a.b #c=d C# F#x'],
  'labels before tags': ['#tags: #a #b\n#todo: write', 'a', 'b', 'todo'],
  'other scripts': ['#über #日本/東京 #naïve', 'naïve', 'über', '日本/東京'],
  escaped: ['\\#a #b', 'b'],
  'not in comments, HTML and Liquid': [
    '<!-- #a\n#b --> <i title="x #c"> {% x #d %} {: #e } {{ #f }}\n<pre>\n#g\n</pre>\n#h',
    'h',
  ],
  'after a lone < or [': ['a < 2 #b\n[c #d\n\n#e > 3\n\nf](g) #h', 'b', 'd', 'e', 'h'],
  'tags, CRLF': ['#a\r\n#b\r\n', 'a', 'b'],
});

const heading = test.macro({
  title: (name) => `first heading: ${name}`,
  exec(t, body: string, expected: string | undefined) {
    t.is(firstHeading(body)?.text, expected);
  },
});

each(heading, {
  emoji: ['# 🚀 Launch 1️⃣ 👩‍💻 plan ❤️ 🇩🇪 ✔', 'Launch plan'],
  'signs that are not emoji': ['# © 2024 ™ → 50% #1 *', '© 2024 ™ → 50% #1 *'],
  'shortcodes at the edges': ['# :rocket: Go a:b:c :tada:', 'Go a:b:c'],
  'only emoji, so the next': ['# 🎉\n\n## *Two*', 'Two'],
  markup: [
    '# **a** _b_ `c*d` [e](f) ![g](h) [[i|j]] ~~k~~ <b>l</b> &amp; \\* {#id} ##',
    'a b c*d e g j k l & *',
  ],
  'underscores in words': ['# snake_case_name', 'snake_case_name'],
  setext: ['One\n*two*\n===\n', 'One two'],
  'a rule is none': ['- a\n---\n\n***\n# H', 'H'],
  'in code': ['```\n# no\n```\n\n    # no\n\n<!--\n# no\n-->\n# yes', 'yes'],
  'no space, no heading': ['#no\n', undefined],
  'seven marks': ['####### no', undefined],
  'closing marks': ['## C# ##', 'C#'],
  'Liquid alone': ['# {{ page.title }}\n', ''],
  CRLF: ['# A\r\nb', 'A'],
  CR: ['# Hello\r\r#t\r', 'Hello'],
  'a line separator': ['# Agenda\u2028for Monday\n', 'Agenda for Monday'],
  'type arguments are not HTML': ['# The Result<T, E> type', 'The Result<T, E> type'],
  'comparisons are not HTML': ['# If a <b, stop; if c> d, go', 'If a <b, stop; if c> d, go'],
  'a line break in HTML': ['# Project<br/>A tool', 'Project A tool'],
  'an id in a comment of MDX': ['# Hello World {/* #my-id */}', 'Hello World'],
  'a class of Pandoc': ['# Preface {.unnumbered}', 'Preface'],
  entities: ['# A &amp; B &eacute; &nope;', 'A & B é &nope;'],
  'a title in HTML': ['<h1 align="center">My *project*</h1>\n\n## Next', 'My project'],
  'not in a block of HTML': ['<details><summary>s</summary>\n# no\n</details>\n\n# Yes', 'Yes'],
  'in Markdown inside HTML': ['<div markdown="1">\n# Yes\n</div>', 'Yes'],
  'hashtags alone are no heading': ['## #dsl #meta\n\n# Real title', 'Real title'],
  'not in pre': ['<pre>\nmake\n\n# install deps\n</pre>\n\n# Handbook', 'Handbook'],
  'not in a comment below a tag': ['<div>\n<!-- draft\n\n# Hidden #secret\n-->\n', undefined],
  'right below a script': ['<script>\nx\n</script>\n# Real\n\n## Next', 'Real'],
  'below letters that grow in lower case': [
    `${'İ'.repeat(12)}\n\n<!-- a -->\n# Gerçek\n`,
    'Gerçek',
  ],
  'below a fence that no list item contains': ['1. Run\n  ```sh\n# no\n  ```\n\n# Real', 'Real'],
  'below a fence of an outer item': ['- a\n  - b\n\n  ```\n  # no\n  ```\n\n# Yes', 'Yes'],
  'below a fence in a quotation': ['> ```\n> code\n\n# Yes', 'Yes'],
  'below a fence in a list': ['- ```\n  code\n\n# Yes', 'Yes'],
  'in an indented fence of a list': ['- a\n\n  ```\n  # no\n\n  # no\n  ```\n\n# Yes', 'Yes'],
});

test('levels', (t) => {
  t.deepEqual(headingsOf('# a\n### b\nc\n---'), [
    { level: 1, source: 'a', text: 'a' },
    { level: 3, source: 'b', text: 'b' },
    { level: 2, source: 'c', text: 'c' },
  ]);
});

test('links', (t) => {
  const body = '[a](b.md "t") [c](<d e.md>) ![x](y(1).png) [[z|q]] `[n](o)`\n[r]: s.md\n';
  t.deepEqual(
    linksOf(body).map(({ target }) => target),
    ['b.md', 'd e.md', 'y(1).png', 's.md', 'z'],
  );
});

const resolves = test.macro({
  title: (name) => `link: ${name}`,
  exec(t, target: string, expected: boolean | undefined, kind: 'inline' | 'wiki' = 'inline') {
    const files = new Set(['docs/a.md', 'docs/sub/b c.md', 'top.md', 'img/x.png']);
    t.is(linkResolves({ kind, target }, 'docs/note.md', files), expected);
  },
});

test('beside', resolves, 'a.md', true);
test('escaped, with a fragment', resolves, './sub/b%20c.md#part', true);
test('above', resolves, '../top.md', true);
test('from the top', resolves, '/img/x.png', true);
test('a folder', resolves, 'sub/', true);
test('missing', resolves, 'b.md', false);
test('outside the tree', resolves, '../../x.md', false);
test('another site', resolves, 'https://example.org/a.md', undefined);
test('in the document', resolves, '#part', undefined);
test('wiki by name', resolves, 'B C', true, 'wiki');
test('wiki missing', resolves, 'nope', false, 'wiki');

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

/** One piece over and over. */
const fast = test.macro({
  title: (_, read: (text: string) => unknown, start: string, piece: string, end = '') =>
    `${read.name} takes time as its text does for ${JSON.stringify([start, piece, end])}`,
  exec(t, read: (text: string) => unknown, start: string, piece: string, end = '') {
    const flood = (size: number): string => start + piece.repeat(size / piece.length) + end;
    growsLinearly(t, flood, read, 65_536);
  },
});

test(fast, linksOf, '](', 'a');
test(fast, linksOf, '](', ' ');
test(fast, linksOf, '](<a>', 'a');
test(fast, linksOf, '](', '(a)');
test(fast, linksOf, '[[', 'a');
test(fast, linksOf, '[a]:', ' ');
test(fast, linksOf, '', '](a');
test(fast, linksOf, '', '[[a');
test(fast, headingsOf, '', '# *a');
test(fast, headingsOf, '', '~~~\n');
test(fast, hashtagsOf, '#a', '_', '(');
test(fast, hashtagsOf, '#a', '-', '(');
test(fast, hashtagsOf, '', '#a_');
test(fast, hashtagsOf, '', '#a');
test(fast, hashtagsOf, '', '#a#');
test(fast, proseOf, '[a](b(', 'a');
test(fast, proseOf, '', '[a](b');
test(fast, proseOf, '', '<a ');
test(fast, proseOf, '<a', '\n ');
test(fast, proseOf, '<a', ' \n');
test(fast, proseOf, '', '<a "');
test(fast, proseOf, '', '$a ');
test(fast, proseOf, '', '$$\n');
test(fast, proseOf, '', '<code>');
test(fast, proseOf, '', '|\n');
test(fast, proseOf, '', '{/*');
test(fast, proseOf, '', '{%');
test(fast, proseOf, '', 'a-');
test(fast, headingsOf, '# ', ' #');
test(fast, headingsOf, '', 'a\n');
test(fast, headingsOf, '', '<h1 ');
test(fast, headingsOf, '', '<div\n');
test(fast, headingsOf, '', '>```\n');
test(fast, headingsOf, '', '- ```\n');
test(fast, headingsOf, '', `# ${'<a b'.repeat(400)}\n`);
test(fast, splitFrontmatter, '', '<!--\n');
test(fast, splitFrontmatter, 'a', ' ', 'b');
test(fast, splitFrontmatter, '---', ' ', 'x');
test(fast, splitFrontmatter, '<!-- a', ' ', 'b -->');
test(fast, splitFrontmatter, '---\na', ' ', '!');
test(fast, headingsOf, '- ```\n', ' ');
test(fast, headingsOf, '- ```\n', '\t');
test(fast, headingsOf, '', '- ');
test(fast, splitFrontmatter, '---\n', 'a: b\n');
test(fast, splitFrontmatter, '', 'title: b\n');
test(fast, splitFrontmatter, '', '---\n');
test(fast, inlineText, '', '`a');
test(fast, printable, '', '\u001b]');
test(fast, printableLines, '', ' \n');
test(fast, textRefusal, '', '<');
test(fast, findSecrets, 'sk-', 'T3BlbkFJ');
test(fast, findSecrets, '', 'sk-a');
test(fast, findSecrets, '', '-----BEGIN ');
test(fast, findSecrets, '', 'glpat-');
test(fast, findSecrets, '', 'xoxb-12345678-');
