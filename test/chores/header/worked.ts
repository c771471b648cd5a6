// SPDX-License-Identifier: GPL-3.0-only
import { each } from '../../each.ts';
import { worked } from '../worked.ts';

const spdx = 'SPDX-License-Identifier: GPL-3.0-only';
const all = ['All files have a GPL header'];

each(worked, {
  Markdown: [
    ['All *.md have GPL header'],
    { 'a.md': '# A\n', 'b.ts': 'x;\n' },
    { 'a.md': `<!-- ${spdx} -->\n\n# A\n` },
  ],
  'below frontmatter': [
    all,
    { 'a.md': '---\nx: 1\n---\n\n# A\n', 'b.md': '---\nx: 1\n---' },
    {
      'a.md': `---\nx: 1\n---\n<!-- ${spdx} -->\n\n# A\n`,
      'b.md': `---\nx: 1\n---\n<!-- ${spdx} -->\n`,
    },
  ],
  'every kind': [
    all,
    {
      'a.ts': '#!/usr/bin/env node\nf();\n',
      'b.tsx': '"use client";\n',
      'c.css': '@charset "utf-8";\na {}\n',
      'd.py': '#!/usr/bin/python\n# -*- coding: utf-8 -*-\nx\n',
      'e.sql': 'select 1;\n',
      'f.lua': 'x()\n',
      'g.xml': '<?xml version="1.0"?>\n<a/>\n',
      'h.html': '<!doctype html>\n<p>x\n',
      'i.php': '<?php\nf();\n',
      'k.yaml': 'a: 1\n',
      Dockerfile: '# syntax=docker/dockerfile:1\nFROM x\n',
      'l.sh': '#!/bin/sh',
      'm.go': 'package m\n',
      'n.scss': 'a {}\n',
      'o.vue':
        '<script setup>\n// what it is\nf();\n</script>\n<template>\n  <p>x</p>\n</template>\n',
      'p.svelte': '<p>x</p>\n',
      Makefile: 'all:\n',
    },
    {
      'a.ts': `#!/usr/bin/env node\n// ${spdx}\nf();\n`,
      'b.tsx': `// ${spdx}\n"use client";\n`,
      'c.css': `@charset "utf-8";\n/*\n * ${spdx}\n */\na {}\n`,
      'd.py': `#!/usr/bin/python\n# -*- coding: utf-8 -*-\n# ${spdx}\nx\n`,
      'e.sql': `-- ${spdx}\nselect 1;\n`,
      'f.lua': `-- ${spdx}\nx()\n`,
      'g.xml': `<?xml version="1.0"?>\n<!-- ${spdx} -->\n\n<a/>\n`,
      'h.html': `<!doctype html>\n<!-- ${spdx} -->\n\n<p>x\n`,
      'i.php': `<?php\n// ${spdx}\nf();\n`,
      'k.yaml': `# ${spdx}\na: 1\n`,
      Dockerfile: `# syntax=docker/dockerfile:1\n# ${spdx}\nFROM x\n`,
      'l.sh': `#!/bin/sh\n# ${spdx}\n`,
      'm.go': `// ${spdx}\npackage m\n`,
      'n.scss': `// ${spdx}\na {}\n`,
      'o.vue': `<!-- ${spdx} -->\n\n<script setup>\n// what it is\nf();\n</script>\n<template>\n  <p>x</p>\n</template>\n`,
      'p.svelte': `<!-- ${spdx} -->\n\n<p>x</p>\n`,
      Makefile: `# ${spdx}\nall:\n`,
    },
  ],
  'a component that says the licence in its script': [
    all,
    {
      'b.svelte': `<script>\n// ${spdx}\n</script>\n`,
      'c.vue': '<p>x</p>\n',
    },
    { 'c.vue': `<!-- ${spdx} -->\n\n<p>x</p>\n` },
  ],
  'a byte order mark and CRLF': [
    ['All *.ts have an MIT header'],
    { 'a.ts': '\uFEFFx;\r\ny;\r\n', 'b.ts': '' },
    {
      'a.ts': '\uFEFF// SPDX-License-Identifier: MIT\r\nx;\r\ny;\r\n',
      'b.ts': '// SPDX-License-Identifier: MIT\n',
    },
  ],
  'words in quotes are written': [
    ['All *.ts start with "// SPDX-License-Identifier: MIT"'],
    { 'a.ts': '\n\nx;\n' },
    { 'a.ts': '// SPDX-License-Identifier: MIT\n\n\nx;\n' },
  ],
  'an expression': [
    ['All *.ts have an "MIT OR Apache-2.0" header'],
    { 'a.ts': 'x;\n' },
    { 'a.ts': '// SPDX-License-Identifier: MIT OR Apache-2.0\nx;\n' },
  ],
  'words of the rules are written': [
    {
      acceptance: ['All *.{ts,md,css} have an MIT header'],
      rules: { header: 'Copyright (c) 2026 Ann\n\nSPDX-License-Identifier: MIT' },
    },
    { 'a.ts': 'x;\n', 'b.md': '# B\n', 'c.css': 'a {}\n' },
    {
      'a.ts': '// Copyright (c) 2026 Ann\n//\n// SPDX-License-Identifier: MIT\nx;\n',
      'b.md': '<!--\nCopyright (c) 2026 Ann\n\nSPDX-License-Identifier: MIT\n-->\n\n# B\n',
      'c.css': '/*\n * Copyright (c) 2026 Ann\n *\n * SPDX-License-Identifier: MIT\n */\na {}\n',
    },
  ],
  'what only speaks of licences gets one': [
    all,
    {
      'a.md': '# A\n\nUnder the GNU General Public License, version 3.\n',
      'b.ts': 'const text = "SPDX-License-Identifier: MIT";\nconst c = "Copyright 2024 Ann";\n',
      'c.md': '```html\n<!-- SPDX-License-Identifier: MIT -->\n```\n',
      'd.ts': '// what a licence is\nexport const licence = "do not edit";\n',
    },
    {
      'a.md': `<!-- ${spdx} -->\n\n# A\n\nUnder the GNU General Public License, version 3.\n`,
      'b.ts': `// ${spdx}\nconst text = "SPDX-License-Identifier: MIT";\nconst c = "Copyright 2024 Ann";\n`,
      'c.md': `<!-- ${spdx} -->\n\n\`\`\`html\n<!-- SPDX-License-Identifier: MIT -->\n\`\`\`\n`,
      'd.ts': `// ${spdx}\n// what a licence is\nexport const licence = "do not edit";\n`,
    },
  ],
  'two licences, each for its files': [
    ['All *.ts have an MIT header', 'All *.md have a CC0-1.0 header'],
    { 'a.ts': 'x;\n', 'b.md': '# B\n' },
    {
      'a.ts': '// SPDX-License-Identifier: MIT\nx;\n',
      'b.md': '<!-- SPDX-License-Identifier: CC0-1.0 -->\n\n# B\n',
    },
  ],
  'with blanks and the last line break': [
    [
      'All *.ts have an MIT header',
      'No file has trailing whitespace',
      'Every file ends with a newline',
    ],
    { 'a.ts': ' \nx;  \ny;' },
    { 'a.ts': '// SPDX-License-Identifier: MIT\n\nx;\ny;\n' },
  ],
});
