// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { each } from '../../each.ts';
import { normalise } from '../../markdown/normalising.ts';
import { bad, findings } from '../frontmatter/asking.ts';

const plain = ['Every page has a description taken from its first paragraph'];
const long = 'The first sentence is here and says what this page is about, in many words. ';
const words = `${'many words '.repeat(30).trim()}.`;

/** The worker takes this text from the body, both judges let it pass, and neither another one. */
const describes = test.macro({
  title: (name) => `description: ${name}`,
  async exec(t, body: string, text: string, acceptance: readonly string[] = plain) {
    const given = { path: 'my note.md', acceptance };
    const after = normalise({ ...given, text: body });
    t.true(
      ['', '"'].some((mark) => after === `---\ndescription: ${mark}${text}${mark}\n---\n${body}`),
      after,
    );
    t.is(normalise({ ...given, text: after }), after, 'a second time changes nothing');
    t.deepEqual(await findings({ ...given, before: body, after }), { acceptance: [], redoing: [] });
    for (const other of [text.replace(/.$/u, 'X'), text.slice(0, -4), 'Something else']) {
      const wrong = after.replace(text, other);
      for (const [name, found] of Object.entries(
        await findings({ ...given, before: body, after: wrong }),
      ))
        t.not(found.length, 0, `${name}: ${other}`);
    }
  },
});

/** Nothing says what it is: the worker leaves the note alone, and no judge takes what could be said. */
const saysNothing = test.macro({
  title: (name) => `no description: ${name}`,
  async exec(t, body: string, acceptance: readonly string[] = plain) {
    const given = { path: 'my note.md', acceptance };
    t.regex(normalise({ ...given, text: body }), /^! /);
    const after = `---\ndescription: Something that could be said.\n---\n${body}`;
    for (const [name, found] of Object.entries(await findings({ ...given, before: body, after })))
      t.not(found.length, 0, name);
  },
});

each(describes, {
  'a paragraph below a heading': ['# Set up\n\nSee the prices.\n', 'See the prices.'],
  'links become their text': [
    '# A\n\nSee [the prices](../p.md "t") and [more][x] or <https://a.org>.\n\n[x]: https://b.org\n',
    'See the prices and more or https://a.org.',
  ],
  'a link by its own name': [
    'Read [the guide] and [this] first.\n\n[The guide]: g.md\n',
    'Read the guide and [this] first.',
  ],
  'lines of one paragraph': [
    'One line of it  \nand another\\\nand a third.\n',
    'One line of it and another and a third.',
  ],
  'emphasis in emphasis, and code': [
    'This is **very *much* so** with `a_b` and `<Code>` of [it](x.md).\n',
    'This is very much so with a_b and <Code> of it.',
  ],
  'a setext heading': ['Title\n=====\nThe text of it all.\n', 'The text of it all.'],
  'a heading right above and below': ['# A\nThe text of it all.\n## B\n', 'The text of it all.'],
  'below a list with more of it': [
    '- one\n\n  more of one\n2. two\nlazy\n\nThe text of it all.\n',
    'The text of it all.',
  ],
  'below code, a picture, a badge and a rule': [
    '```\nNot this text.\n```\n\n    nor this text\n\n![a picture of it](a.png)\n[![A badge](b.svg)](c)\n\n---\n\nThe text of it all.\n',
    'The text of it all.',
  ],
  'below HTML and a comment': [
    '<!-- not this text -->\n<p align="center">\n  nor this text\n</p>\n\nThe <b>text</b> of it all.\n',
    'The text of it all.',
  ],
  'below quotations and admonitions': [
    '> Not this.\nnor this\n\n> [!NOTE]\n> nor this\n\n!!! note "A"\n    nor this text\n\n    nor that\n\n::: tip A\nnor this text\n:::\n\nThe text of it all.\n',
    'The text of it all.',
  ],
  'below tables': [
    '| a | b |\n|---|---|\n| c | d |\n\na | b\n--|--\nc | d\n\nThe text of it all.\n',
    'The text of it all.',
  ],
  'below a table of contents, footnotes, a definition and tags': [
    '[TOC]\n\n[^1]: Not this text.\n\nterm\n: what it means\n\n#one #two\n\nThe text[^1] of it all.\n',
    'The text of it all.',
  ],
  'below what a template puts there': [
    '{% include toc.html %}\n\n{{< figure src="a.png" >}}\n\nThe [text]({{ site.url }}/a) of it all.\n',
    'The text of it all.',
  ],
  'a picture in a text': ['![a dog](a.png) The text of ![it](b.png) all.\n', 'The text of all.'],
  'a year at the start of a line': [
    'It was written in\n1999. That was long ago.\n',
    'It was written in 1999. That was long ago.',
  ],
  'entities and marks': ['Salt &amp; pepper &#8212; for\\* all.\n', 'Salt & pepper — for* all.'],
  'colons are quoted': ['Note: this is *it*.\n', 'Note: this is it.'],
  'line ends of Windows': [
    '# A\r\n\r\nThe text\r\nof it all.\r\n'.replaceAll('\r\n', '\n'),
    'The text of it all.',
  ],
  'a whole sentence that fills half': [`${long}${long}${long}\n`, `${long}${long.trim()}`],
  'as many words as there is room for': [`${words}\n`, `${'many words '.repeat(14)}many…`],
  'a comma before the cut': [
    'One word, and another one, and a third.\n',
    'One word…',
    ['Every page has a description of 5 to 11 characters, taken from its first paragraph'],
  ],
  'no blank to cut at': [
    `${'字'.repeat(30)}\n`,
    `${'字'.repeat(19)}…`,
    ['Every page has a description of 5 to 20 characters'],
  ],
  'a sentence in a script without blanks': [
    '这是第一句话。这是第二句话，比第一句话长得多。\n',
    '这是第一句话。',
    ['Every page has a description of 5 to 14 characters'],
  ],
  'a key of another name': [
    'The text of it all.\n',
    'The text of it all.',
    [
      'Every page has a description taken from its first paragraph, between 5 and 20 characters long',
    ],
  ],
  'where nobody says from where': [
    'The text of it all.\n',
    'The text of it all.',
    ['Every page has a `description` in its frontmatter'],
  ],
});

each(saysNothing, {
  'a heading alone': ['# Something that could be said.\n'],
  'a list alone': ['- Something that could be said.\n'],
  'too short': ['Text.\n'],
  'too short for what is asked': [
    'Something that could be said.\n',
    ['Every page has a description of at least 50 characters'],
  ],
  'a template in the text': ['Something that {{ page.name }} could say.\n'],
  'another key without a source': [
    'Something that could be said.\n',
    ['Every page has a description', 'Every page has a status'],
  ],
  'one that is there, and too long': [
    '---\ndescription: Something that could be said and more.\n---\nText.\n',
    ['Every page has a description of at most 20 characters'],
  ],
});

test('an excerpt has a source where a sentence says so, and a description that is there stays', async (t) => {
  const body = 'The text of it all.\n';
  const excerpt = ['Every post has an excerpt taken from its first paragraph'];
  const after = `---\nexcerpt: The text of it all.\n---\n${body}`;
  t.is(normalise({ acceptance: excerpt, text: body }), after);
  t.deepEqual(await findings({ acceptance: excerpt, before: body, after }), {
    acceptance: [],
    redoing: [],
  });
  const kept = `---\nDescription: Mine\n---\n${body}`;
  t.is(normalise({ acceptance: plain, text: kept }), kept);
});

each(bad, {
  'a description that was there': [
    {
      acceptance: plain,
      before: '---\ndescription: Mine\n---\nThe text of it all.\n',
      after: '---\ndescription: The text of it all.\n---\nThe text of it all.\n',
    },
  ],
  'a description over a default': [
    {
      acceptance: ['The frontmatter of every note is normalised', 'Every note has a description'],
      rules: { defaults: { description: 'A note' } },
      before: '---\ntitle: T\n---\nThe text of it all.\n',
      after: '---\ntitle: T\ndescription: The text of it all.\n---\nThe text of it all.\n',
    },
  ],
});
