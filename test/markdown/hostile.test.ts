// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { printable, printableLines } from '../../src/data/printable.ts';
import { textRefusal } from '../../src/markdown/decode-markdown.ts';
import { splitFrontmatter } from '../../src/markdown/frontmatter.ts';
import { hashtagsOf } from '../../src/markdown/hashtags.ts';
import { headingsOf } from '../../src/markdown/headings.ts';
import { inlineText } from '../../src/markdown/inline.ts';
import { linksOf } from '../../src/markdown/links.ts';
import { proseOf } from '../../src/markdown/prose.ts';
import { findSecrets } from '../../src/review/gate/secrets.ts';

const oneMebibyte = 1024 * 1024;

/** The largest file that is let in, of one piece over and over. */
const fast = test.macro({
  title: (_, read: (text: string) => unknown, start: string, piece: string, end = '') =>
    `${read.name} takes no time for ${JSON.stringify([start, piece, end])}`,
  exec(t, read: (text: string) => unknown, start: string, piece: string, end = '') {
    const text = start + piece.repeat((oneMebibyte - start.length) / piece.length) + end;
    // CPU and not the clock: other work on the machine is not this text's fault.
    const begin = process.cpuUsage();
    read(text);
    const { user, system } = process.cpuUsage(begin);
    t.true(user + system < 3_000_000, `took ${Math.round((user + system) / 1000)} ms`);
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
