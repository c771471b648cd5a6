// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { each } from '../../each.ts';
import { bad, good } from './asking.ts';

const before = '# First heading\n\nText. #ops\n';

/** The note under a block of these lines. */
const under = (...lines: readonly string[]): string =>
  ['---', ...lines, '---', ''].join('\n') + before;

const made = under('title: First heading', 'tags: [ops]');

const blocks = {
  'plain values': made,
  'tags first': under('tags: [ops]', 'title: First heading'),
  'double quotes': under('title: "First heading"', 'tags: ["ops"]'),
  'single quotes': under("title: 'First heading'", "tags: ['ops']"),
  'a list of lines': under('title: First heading', 'tags:', '  - ops'),
  'a list at the left edge': under('title: First heading', 'tags:', '- "ops"'),
  'spaces in brackets': under('title: First heading', 'tags: [ ops ]'),
};
for (const [name, after] of Object.entries(blocks)) test(name, good, { before, after });

const names = {
  'my -docs-.md': 'My -docs-',
  'my-docs-.md': 'My docs',
};
for (const [path, title] of Object.entries(names)) {
  test(`named ${path}`, good, {
    path,
    before: 'Text.\n',
    after: `---\ntitle: ${title}\n---\nText.\n`,
  });
}

const list = (text: string): string => under('title: First heading', text);
const title = (text: string): string => under(`title: ${text}`, 'tags: [ops]');

const spoiled: Readonly<Record<string, string>> = {
  'a tag that runs code': title('!!python/object/apply:os.system "First heading"'),
  'a tag of another language': title('!ruby/object:Gem::Installer "First heading"'),
  'a tag of the repository': title('!x First heading'),
  'a tag that says what is so anyway': title('!!str First heading'),
  'a tag in full': title('!<tag:yaml.org,2002:str> First heading'),
  'a tag on a list': list('tags: !!python/object/apply:os.system [ops]'),
  'a tag on an entry': list('tags: [!!str ops]'),
  'a tag on an entry of its own line': list('tags:\n  - !x ops'),
  'a tag on a key': under('!!str title: First heading', 'tags: [ops]'),
  'an anchor': title('&t First heading'),
  'an anchor on a list': list('tags: &t [ops]'),
  'an anchor on a key': under('&k title: First heading', 'tags: [ops]'),
  'an alias': under('title: &t First heading', 'tags: [ops]', 'x: *t'),
  'a comment at the end': under('title: First heading', 'tags: [ops]', '# approved by legal'),
  'a comment on top': under('# approved', 'title: First heading', 'tags: [ops]'),
  'a comment beside a value': title('First heading # approved'),
  'a comment beside a list': list('tags: [ops] # approved'),
  'a comment in a list': list('tags:\n  # approved\n  - ops'),
  'a comment beside an entry': list('tags:\n  - ops # approved'),
  'a comment in brackets': list('tags: [ # approved\n  ops]'),
  'a comment beside a key': list('tags: # approved\n  - ops'),
  'a merge key': under('title: First heading', 'tags: [ops]', '<<: {layout: x}'),
  'a merge key with what is asked': under('<<: {title: First heading}', 'tags: [ops]'),
  'a value on the line below': title('\n  First heading'),
  'a value in quotes on the line below': title('\n  "First heading"'),
  'a blank before the colon': under('title : First heading', 'tags: [ops]'),
  'two blanks behind the colon': title(' First heading'),
  'two blanks behind a dash': list('tags:\n  -  ops'),
  'a list in a list': list('tags:\n  - - ops'),
  'a block scalar': title('|-\n  First heading'),
  'a folded scalar': title('>-\n  First\n  heading'),
  'text over two lines': title('First\n  heading'),
  'quotes over two lines': title('"First\n  heading"'),
  'a key with a question mark': under('? title\n: First heading', 'tags: [ops]'),
  'a key that nobody asks for': under('title: First heading', 'tags: [ops]', 'draft: true'),
  'the same key twice': under('title: First heading', 'title: First heading', 'tags: [ops]'),
  'two spellings': under('title: First heading', 'Title: First heading', 'tags: [ops]'),
  'a key in capitals': under('Title: First heading', 'tags: [ops]'),
  'a key in quotes with an escape': under('"t\\u0069tle": First heading', 'tags: [ops]'),
  'a second document': `---\ntitle: First heading\n---\ntags: [ops]\n---\n${before}`,
  'a directive': under('%YAML 1.1', 'title: First heading', 'tags: [ops]'),
  'another last fence': made.replace('[ops]\n---', '[ops]\n...'),
  'a language behind the fence': made.replace('---', '--- yaml'),
  'a blank behind the fence': made.replace('---', '--- '),
  'a comment behind the fence': made.replace('---', '--- # approved'),
  'an empty line': under('title: First heading', '', 'tags: [ops]'),
  'an empty line on top': under('', 'title: First heading', 'tags: [ops]'),
  'an empty line below': made.replace('---\n#', '---\n\n#'),
  'a byte order mark': `\uFEFF${made}`,
  'other line ends': made.replaceAll('\n', '\r\n'),
  'one other line end': made.replace('heading\n', 'heading\r\n'),
  'other fences': `+++\ntitle = "First heading"\ntags = ["ops"]\n+++\n${before}`,
  'a block below the text': before + made.slice(0, made.indexOf('# First')),
  'a block in another block': `---\n---\n${made}`,
  'blanks at an end': title('First heading '),
  'a tab': title('\tFirst heading'),
  'a list indented by a tab': list('tags:\n\t- ops'),
  braces: `---\n{title: First heading, tags: [ops]}\n---\n${before}`,
  'text gone': made.replace('Text. ', ''),
  'text added': `${made}More.\n`,
  'the last line break gone': made.slice(0, -1),
  'only tags': under('tags: [ops]'),
  'only a title': under('title: First heading'),
  'another title': title('Second heading'),
  'another case': title('First Heading'),
  'a full stop': title('First heading.'),
  'markup that the heading does not have': title('"<b>First heading</b>"'),
  'an emoji': title('First heading 🎉'),
  'a character that nobody sees': title('"First\u200b heading"'),
  'an escape for one': title('"First\\u200b heading"'),
  'text that turns around': title('"\u202eFirst heading"'),
  'an end of such text': title('"First heading\u2069"'),
  'a mark of another language': title('"First heading\u061c"'),
  'a variation': title('"First heading\ufe0e"'),
  'a soft hyphen': title('"First head\u00ading"'),
  'a blank that does not break': title('"First\u00a0heading"'),
  'a control character': title('"First heading\\u0007"'),
  'a letter that looks alike': title('"Fіrst heading"'),
  'a line separator': title('"First heading\u2028"'),
  'white space around': title('" First heading"'),
  'an escape that some do not know': title('"First\\_heading"'),
  'a title in a list': title('[First heading]'),
  'a title in braces': title('{First heading: null}'),
  'no title': title(''),
  'tags as text': list('tags: ops'),
  'tags with their sign': list('tags: ["#ops"]'),
  'a tag in capitals': list('tags: [Ops]'),
  'a tag twice': list('tags: [ops, ops]'),
  'a tag made up': list('tags: [ops, zoo]'),
  'an empty tag': list('tags: [ops, ""]'),
  'an entry without a value': list('tags: [ops, null]'),
  'a list in the list': list('tags: [[ops]]'),
  'a mapping in the list': list('tags: [{ops: null}]'),
  'tags in braces': list('tags: {ops: null}'),
  'no tag': list('tags: []'),
};
for (const [name, after] of Object.entries(spoiled)) test(name, bad, { before, after });

/** What some reader of YAML takes for something other than this text. */
const loose =
  'no Yes on OFF y N true False null NULL ~ 2024 007 0o7 0x1F 0b1 1e3 1_000 -1 +1 .5 1. .inf -.INF .nan 12:30 190:20:30 2024-01-01 2024-1-1 2024-01-01T10:00:00Z = <<'.split(
    ' ',
  );
for (const text of loose) {
  const note = `# ${text.replace(/[~<=_]/g, '\\$&')}\n`;
  const titled = (value: string): string => `---\ntitle: ${value}\n---\n${note}`;
  test(`a heading ${text}, in quotes`, good, { before: note, after: titled(`"${text}"`) });
  test(`a heading ${text}, bare`, bad, { before: note, after: titled(text) });
}

for (const tag of ['on', 'y', 'null', '2024-01', '2024-01-01', '0x1g', 'n/a', '12_000']) {
  const note = `# A\n\n#${tag}\n`;
  const tagged = (value: string): string => `---\ntitle: A\ntags: ${value}\n---\n${note}`;
  test(`a hashtag ${tag}, in quotes`, good, { before: note, after: tagged(`["${tag}"]`) });
  if (tag !== 'n/a' && tag !== '0x1g' && tag !== '2024-01')
    test(`a hashtag ${tag}, bare`, bad, { before: note, after: tagged(`[${tag}]`) });
}

each(good, {
  'a mark before the text': [{ before: `\uFEFF${before}`, after: `\uFEFF${made}` }],
  'line ends of Windows': [
    { before: before.replaceAll('\n', '\r\n'), after: made.replaceAll('\n', '\r\n') },
  ],
  'line ends of old Macs': [
    { before: before.replaceAll('\n', '\r'), after: made.replaceAll('\n', '\r') },
  ],
  'no text at all': [{ before: '', after: '---\ntitle: My note\n---\n' }],
  'a heading with markup': [
    {
      before: '# 🌱 A *small* [note](x.md): `a_b` &amp; more {#id}\n',
      after:
        '---\ntitle: "A small note: a_b & more"\n---\n# 🌱 A *small* [note](x.md): `a_b` &amp; more {#id}\n',
    },
  ],
  'a heading with a mark of writing from the right': [
    { before: '# A \u200fב\n', after: '---\ntitle: "A \u200fב"\n---\n# A \u200fב\n' },
  ],
  'a heading with quotes': [
    { before: '# It\'s "so"\n', after: "---\ntitle: 'It''s \"so\"'\n---\n# It's \"so\"\n" },
  ],
  'plain punctuation': [
    { before: "# What's new?\n", after: "---\ntitle: What's new?\n---\n# What's new?\n" },
  ],
  'a rule on top is none': [
    { before: '---\n\nText\n', after: '---\ntitle: My note\n---\n---\n\nText\n' },
  ],
  'a name with a date': [
    { path: '2024-05-01-it_is-so.MD', before: 'x', after: '---\ntitle: It is so\n---\nx' },
  ],
});

each(bad, {
  'a block on top of TOML': [
    {
      before: '+++\ntitle = "A"\n+++\nx\n',
      after: '---\ntitle: My note\n---\n+++\ntitle = "A"\n+++\nx\n',
    },
    /TOML/,
  ],
  'a block on top of one that begins late': [
    {
      before: '\n---\ntitle: A\n---\nx\n',
      after: '---\ntitle: My note\n---\n\n---\ntitle: A\n---\nx\n',
    },
  ],
  'a heading that a template writes': [
    { before: '# {{ x }}\n', after: '---\ntitle: "{{ x }}"\n---\n# {{ x }}\n' },
  ],
  'conflict marks': [
    {
      before: '# A\n<<<<<<< HEAD\nx\n=======\ny\n>>>>>>> z\n',
      after: '---\ntitle: A\n---\n# A\n<<<<<<< HEAD\nx\n=======\ny\n>>>>>>> z\n',
    },
    /conflict/,
  ],
});
