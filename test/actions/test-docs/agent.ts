// SPDX-License-Identifier: GPL-3.0-only
import { each } from '../../each.ts';
import { green, red, standing } from './with-test-docs.ts';

const note = '---\n# c\na: 1 # d\ntags: [z]\nb:\n  - x\n---\n# H\n#y [l](x.md)\n';
const good = '---\n# c\na: 1 # d\ntags: [y, z]\nb:\n  - x\ntitle: H\n---\n# H\n#y [l](x.md)\n';
const plain = '# H\n#y\n';
const made = '---\ntitle: H\ntags: [y]\n---\n# H\n#y\n';
const header = '<!-- SPDX-License-Identifier: GPL-3.0-only -->\n\n';
const licensed = [...standing.slice(0, 1), 'All *.md have a GPL header'];

each(green, {
  edited: [{ before: note, after: good }],
  made: [{ before: plain, after: made }],
  'already so': [{ before: made }],
  'CRLF and BOM': [
    {
      before: `\uFEFF${note}`.replaceAll('\n', '\r\n'),
      after: `\uFEFF${good}`.replaceAll('\n', '\r\n'),
    },
  ],
  'a rule at the top': [
    {
      before: '---\n\n# H\n\n---\nx\n',
      after: '---\ntitle: H\n---\n---\n\n# H\n\n---\nx\n',
    },
  ],
  'another text where another chore may change it': [
    { before: plain, after: made.replace('# H', `${header}# H`), acceptance: licensed },
  ],
  'a file that is not a document where another chore may change it': [
    {
      before: plain,
      after: made,
      others: { 'x.ts': 'a' },
      otherPatch: { 'x.ts': 'b' },
      acceptance: licensed,
    },
  ],
  'a document that was not readable and is as it was': [{ before: '---\na: 1\na: 2\n---\n' }],
});

each(red, {
  'text changed': [{ before: note, after: good.replace('# H\n#y', '# H\n\n#y') }, /body/],
  'last break gone': [{ before: note, after: good.slice(0, -1) }, /body/],
  'text cut': [{ before: note, after: good.replace('[l](x.md)', '') }, /body/],
  'BOM gone': [{ before: `\uFEFF${plain}`, after: made }, /body/],
  'BOM made': [{ before: plain, after: `\uFEFF${made}` }, /body/],
  'line breaks of the text': [{ before: plain, after: made.replaceAll('\n', '\r\n') }, /body/],
  'frontmatter twice': [
    { before: note, after: `---\ntitle: H\ntags: [y]\n---\n${note}` },
    /body|second block/,
  ],
  'invalid YAML': [
    { before: note, after: good.replace('title: H', 'title: H\ntitle: G') },
    /frontmatter: .*duplicate/,
  ],
  'a document that could not be worked': [
    { before: '---\na: 1\na: 2\n---\n', after: '---\na: 2\n---\n' },
    /could not be worked/,
  ],
  removed: [{ before: note, after: null }, /removed/],
  'conflict markers': [{ before: '<<<<<<< HEAD\n' }, /conflict/],
  'no UTF-8': [{ before: Buffer.from([0x61, 0xff]) }, /UTF-8/],
  'a link that never led anywhere, where every link is to': [
    { before: `${made}[x](o.md)\n`, acceptance: [...standing, 'Every link resolves'] },
    /note\.md: links: the link to o\.md leads nowhere/,
  ],
  'another file changed': [
    { before: plain, after: made, others: { 'x.txt': 'a' }, otherPatch: { 'x.txt': 'b' } },
    /x\.txt: text: the file is not a document/,
  ],
  'another file made': [
    { before: plain, after: made, otherPatch: { 'x.md': 'b' } },
    /the file is new/,
  ],
  'a link that led to a removed file': [
    { before: `${made}[x](o.md)`, others: { 'o.md': made }, otherPatch: { 'o.md': null } },
    /no longer resolves|removed/,
  ],
  'a link gone where another chore may change the text': [
    {
      before: `${plain}[x](o.md)\n`,
      after: `${header}${plain}`,
      others: { 'o.md': made },
      acceptance: licensed,
    },
    /o\.md is gone/,
  ],
});
