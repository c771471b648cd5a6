// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { green, red } from './with-test-docs.ts';

const gpl = ['All *.md have GPL header'];
const plain = '# H\n#y\n';
const made = '---\ntitle: H\ntags: [y]\n---\n# H\n#y\n';
const header = '<!-- SPDX-License-Identifier: GPL-3.0-only -->\n\n';
test('a header', green, { before: plain, after: header + plain, acceptance: gpl });
test('a header below frontmatter', green, {
  before: made,
  after: made.replace('# H', `${header}# H`),
  acceptance: gpl,
});
test('a header that was there', green, { before: header + plain, acceptance: gpl });
test('a header in code', green, {
  path: 'a.ts',
  before: '#!/x\ny;\n',
  after: '#!/x\n// SPDX-License-Identifier: MIT\ny;\n',
  acceptance: ['All *.ts have MIT header'],
});
test('no header', red, { before: plain, acceptance: gpl }, /does not name GPL/);
test(
  'a heading is no header',
  red,
  { before: '# SPDX-License-Identifier: GPL-3.0-only\n', acceptance: gpl },
  /does not name GPL/,
);
test(
  'a header shown in code is no header',
  red,
  { before: `\`\`\`html\n${header}\`\`\`\n`, acceptance: gpl },
  /does not name GPL/,
);
test(
  'a header shown in indented code is no header',
  red,
  { before: `    ${header}text\n`, acceptance: gpl },
  /does not name GPL/,
);
test(
  'another licence',
  red,
  { before: plain, after: header.replace('GPL-3.0-only', 'MIT') + plain, acceptance: gpl },
  /does not name GPL/,
);
test(
  'a header and a word',
  red,
  { before: plain, after: `${header}word\n${plain}`, acceptance: gpl },
  /more has changed/,
);
test(
  'a header, and text changed',
  red,
  { before: plain, after: `${header}# G\n#y\n`, acceptance: gpl },
  /more has changed/,
);
test(
  'a header within the text',
  red,
  { before: plain, after: `# H\n${header}#y\n`, acceptance: gpl },
  /more has changed/,
);
test(
  'a header above frontmatter',
  red,
  { before: made, after: header + made, acceptance: gpl },
  /header|frontmatter/,
);
test(
  'a header, and frontmatter changed',
  red,
  {
    before: made,
    after: made.replace('# H', `${header}# H`).replace('title: H', 'title: G'),
    acceptance: gpl,
  },
  /does not mention it/,
);
test(
  'code in a comment of another kind',
  red,
  {
    path: 'a.ts',
    before: 'y;\n',
    after: '<!-- SPDX-License-Identifier: MIT -->\ny;\n',
    acceptance: ['All *.ts have MIT header'],
  },
  /more has changed/,
);
test(
  'a header in a string',
  red,
  {
    path: 'a.ts',
    before: 'const x = `\n`;\n',
    after: 'const x = `\n// SPDX-License-Identifier: MIT\n`;\n',
    acceptance: ['All *.ts have MIT header'],
  },
  /more has changed/,
);
