// SPDX-License-Identifier: GPL-3.0-only
import { each } from '../../each.ts';
import { rejected } from './macros.ts';

const front = { acceptance: ['Every note has normalised frontmatter'] };
const header = { acceptance: ['All *.md have GPL header'] };
const gpl = '<!-- SPDX-License-Identifier: GPL-3.0-only -->\n';
const three = { 'a.md': '# A\n\nKept.\n\nAlso kept.\n\nLost.\n' };
const headed = (text: string) => ({ 'a.md': gpl + text });

/** What is wrong is said by a line that a person finds. */
each(rejected, {
  'a removed line is quoted': [
    header,
    three,
    headed('# A\n\nKept.\n\nAlso kept.\n\n'),
    /a\.md: [^"]* near "Lost\.", which the patch lacks$/,
  ],
  'a removed line is quoted where blank ones above it are gone too': [
    header,
    three,
    headed('# A\n\nKept.\nAlso kept.\n'),
    /a\.md: [^"]* near "Lost\.", which the patch lacks$/,
  ],
  'a removed blank line is placed by the line above it': [
    header,
    three,
    headed('# A\n\nKept.\nAlso kept.\n\nLost.\n'),
    /a\.md: [^"]* in the white space after "Kept\."$/,
  ],
  'a blank line at the end is placed by the line above it': [
    header,
    three,
    headed('# A\n\nKept.\n\nAlso kept.\n\nLost.\n\n'),
    /a\.md: [^"]* in the white space after "Lost\."$/,
  ],
  'an added line is quoted': [
    header,
    three,
    headed('# A\n\nKept.\n\n\nMore.\n\nLost.\n'),
    /a\.md: [^"]* near "More\."$/,
  ],
  'a line that moved is quoted': [
    header,
    three,
    headed('# A\n\nAlso kept.\n\nKept.\n\nLost.\n'),
    /a\.md: [^"]* near "Also kept\."$/,
  ],
  'a repeated line is quoted': [
    header,
    three,
    headed('# A\n\nKept.\n\nAlso kept.\n\nLost.\n\nKept.\n'),
    /a\.md: [^"]* near "Kept\."$/,
  ],
  'a removed key is quoted': [
    front,
    { 'a.md': '---\ntitle: A\nx: 1\n\n---\n# A\n' },
    { 'a.md': '---\ntitle: A\n\n---\n# A\n' },
    /a\.md: [^"]*near "x: 1", which the patch lacks$/,
  ],
});
