// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { each } from '../each.ts';
import { gives, refuses } from './normalising.ts';

/** Metadata that another tool reads: a block of YAML above it would hide it. */
const foreign: Readonly<Record<string, readonly [text: string, reason: RegExp]>> = {
  MultiMarkdown: ['title: My page\nsummary: short\n\n# A heading\n', /metadata without "---"/],
  Pelican: ['Title: My article\nDate: 2024-03-01 10:00\nTags: a\n\nText.\n', /metadata without/],
  Pandoc: ['% Real title\n% Author\n\n# First section\n', /Pandoc's title block/],
  Logseq: ['title:: L. Flow\ntags:: a, b\n\n- x\n', /Logseq's properties/],
  'TOML by its name': ['---toml\ntitle = "J"\n---\n\n# H\n', /TOML frontmatter/],
  'JavaScript by its name': ['---js\n{ title: "J" }\n---\n\n# H\n', /JavaScript frontmatter/],
  'below a comment': ['<!-- Acme -->\n---\ntitle: T\n---\n# H\n', /not begin on the first line/],
  'below a long comment': ['<!--\nAcme\n-->\n---\ntags: [a]\n---\n# H\n', /first line/],
  'below an import': ["import X from 'x'\n---\ntitle: T\n---\n\n# H\n", /first line/],
  'behind a space': [' ---\ntitle: T\n ---\n# H\n', /first line/],
  'behind nothing to see': ['\u200b---\ntitle: T\n---\n# H\n', /first line/],
  'closed at once': ['---\n...\ntitle: T\n---\n# H\n', /second block/],
  'two blocks': ['---\nx: 1\n---\n---\ntitle: T\n---\n# T\n', /second block/],
  'two documents': [
    '---\ntitle: A\n--- # second\ntitle: B\n---\n# T\n',
    /begins with "---" divides it/,
  ],
};

for (const [name, [text, reason]] of Object.entries(foreign)) test(name, refuses, { text }, reason);

each(gives, {
  'YAML by its name': [
    { text: '---yaml\ntitle: J\ntags: []\n---\n# H\n#a\n' },
    '---yaml\ntitle: J\ntags: [a]\n---\n# H\n#a\n',
  ],
  'a first line with a colon': [
    { text: 'Note: bring a towel.\n', path: 'note.md' },
    '---\ntitle: Note\n---\nNote: bring a towel.\n',
  ],
  'a comment and a rule': [
    { text: '<!-- x -->\n---\nText.\n', path: 'note.md' },
    '---\ntitle: Note\n---\n<!-- x -->\n---\nText.\n',
  ],
});
