// SPDX-License-Identifier: GPL-3.0-only
import { each } from '../../each.ts';
import { green, red } from './with-test-docs.ts';

const gpl = ['All *.md have GPL header'];
const plain = '# H\n#y\n';
const made = '---\ntitle: H\ntags: [y]\n---\n# H\n#y\n';
const header = '<!-- SPDX-License-Identifier: GPL-3.0-only -->\n\n';

each(green, {
  'a header': [{ before: plain, after: header + plain, acceptance: gpl }],
  'a header below frontmatter': [
    { before: made, after: made.replace('# H', `${header}# H`), acceptance: gpl },
  ],
  'a header that was there': [{ before: header + plain, acceptance: gpl }],
  'a header in code': [
    {
      path: 'a.ts',
      before: '#!/x\ny;\n',
      after: '#!/x\n// SPDX-License-Identifier: MIT\ny;\n',
      acceptance: ['All *.ts have MIT header'],
    },
  ],
});

each(red, {
  'no header': [{ before: plain, acceptance: gpl }, /does not name GPL/],
  'a heading is no header': [
    { before: '# SPDX-License-Identifier: GPL-3.0-only\n', acceptance: gpl },
    /does not name GPL/,
  ],
  'a header shown in code is no header': [
    { before: `\`\`\`html\n${header}\`\`\`\n`, acceptance: gpl },
    /does not name GPL/,
  ],
  'a header shown in indented code is no header': [
    { before: `    ${header}text\n`, acceptance: gpl },
    /does not name GPL/,
  ],
  'another licence': [
    { before: plain, after: header.replace('GPL-3.0-only', 'MIT') + plain, acceptance: gpl },
    /does not name GPL/,
  ],
  'a header and a word': [
    { before: plain, after: `${header}word\n${plain}`, acceptance: gpl },
    /more has changed/,
  ],
  'a header, and text changed': [
    { before: plain, after: `${header}# G\n#y\n`, acceptance: gpl },
    /more has changed/,
  ],
  'a header within the text': [
    { before: plain, after: `# H\n${header}#y\n`, acceptance: gpl },
    /more has changed/,
  ],
  'a header above frontmatter': [
    { before: made, after: header + made, acceptance: gpl },
    /header|frontmatter/,
  ],
  'a header, and frontmatter changed': [
    {
      before: made,
      after: made.replace('# H', `${header}# H`).replace('title: H', 'title: G'),
      acceptance: gpl,
    },
    /does not mention it/,
  ],
  'code in a comment of another kind': [
    {
      path: 'a.ts',
      before: 'y;\n',
      after: '<!-- SPDX-License-Identifier: MIT -->\ny;\n',
      acceptance: ['All *.ts have MIT header'],
    },
    /more has changed/,
  ],
  'a header in a string': [
    {
      path: 'a.ts',
      before: 'const x = `\n`;\n',
      after: 'const x = `\n// SPDX-License-Identifier: MIT\n`;\n',
      acceptance: ['All *.ts have MIT header'],
    },
    /more has changed/,
  ],
});
