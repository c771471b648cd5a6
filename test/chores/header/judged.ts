// SPDX-License-Identifier: GPL-3.0-only

import { approved } from '../../actions/review-peer/macros.ts';
import { each } from '../../each.ts';
import { oneFileEach } from '../judged.ts';

const gpl = ['All files have a GPL header'];
const mit = ['All *.ts have an MIT header'];
const spdx = 'SPDX-License-Identifier: GPL-3.0-only';
const own = 'SPDX-License-Identifier: MIT';
const quoted = ['All *.ts start with "// Copyright 2026 Ann"'];
const ruled = {
  acceptance: ['All *.ts have an MIT header'],
  rules: { header: `Copyright 2026 Ann\n${own}` },
};

each(
  approved,
  oneFileEach({
    'another member of the family': [
      gpl,
      'a.ts',
      'x;\n',
      '// SPDX-License-Identifier: GPL-2.0-or-later\nx;\n',
    ],
    'a block of one line': [mit, 'a.ts', 'x;\n', `/* ${own} */\nx;\n`],
    'a block of three lines': [mit, 'a.ts', 'x;\n', `/*\n * ${own}\n */\nx;\n`],
    'an empty line after it': [mit, 'a.ts', 'x;\n', `// ${own}\n\nx;\n`],
    'an empty line after it, CRLF': [mit, 'a.ts', 'x;\r\n', `// ${own}\r\n\r\nx;\r\n`],
    'no empty line after it': [gpl, 'a.md', '# A\n', `<!-- ${spdx} -->\n# A\n`],
    'a comment over three lines': [gpl, 'a.md', '# A\n', `<!--\n${spdx}\n-->\n\n# A\n`],
    'below the empty line after frontmatter': [
      gpl,
      'a.md',
      '---\nx: 1\n---\n\n# A\n',
      `---\nx: 1\n---\n\n<!-- ${spdx} -->\n\n# A\n`,
    ],
    'above an empty line': [gpl, 'a.md', '\n# A\n', `<!-- ${spdx} -->\n\n# A\n`],
    'over a comment of its own': [mit, 'a.ts', '// One.\nx;\n', `// ${own}\n// One.\nx;\n`],
    'over a comment, with an empty line': [
      mit,
      'a.ts',
      '// One.\nx;\n',
      `// ${own}\n\n// One.\nx;\n`,
    ],
    'in a block, as the style sheet is written': [gpl, 'a.css', 'a {}\n', `/* ${spdx} */\na {}\n`],
    'words in quotes': [quoted, 'a.ts', 'x;\n', '// Copyright 2026 Ann\nx;\n'],
    'words in quotes, as a block': [quoted, 'a.ts', 'x;\n', '/* Copyright 2026 Ann */\nx;\n'],
    'words of the rules': [ruled, 'a.ts', 'x;\n', `// Copyright 2026 Ann\n// ${own}\nx;\n`],
    'words of the rules, as a block': [
      ruled,
      'a.ts',
      'x;\n',
      `/*\n * Copyright 2026 Ann\n * ${own}\n */\n\nx;\n`,
    ],
    'a badge of the same licence': [
      ['All *.md have an MIT header'],
      'a.md',
      '# A\n\n![License: MIT](https://img.shields.io/badge/license-MIT-blue)\n',
      `<!-- ${own} -->\n\n# A\n\n![License: MIT](https://img.shields.io/badge/license-MIT-blue)\n`,
    ],
    'a string that says a licence': [
      mit,
      'a.ts',
      'const a = "Copyright 2020 Ben";\n',
      `// ${own}\nconst a = "Copyright 2020 Ben";\n`,
    ],
    'mixed line ends, as the first': [
      gpl,
      'a.md',
      '# A\n\r\nx\n',
      `<!-- ${spdx} -->\n\n# A\n\r\nx\n`,
    ],
    'an empty file': [mit, 'a.ts', '', `// ${own}\n`],
    'below #!': [gpl, 'a.sh', '#!/bin/sh\nx\n', `#!/bin/sh\n# ${spdx}\n\nx\n`],
    'a module about licences': [mit, 'licence.ts', 'x;\n', `// ${own}\nx;\n`],
    'nothing: it has one': [mit, 'a.ts', `// ${own}\nx;\n`, `// ${own}\nx;\n`],
    'nothing: it says another': [mit, 'a.ts', `// ${spdx}\nx;\n`, `// ${spdx}\nx;\n`],
  }),
);
