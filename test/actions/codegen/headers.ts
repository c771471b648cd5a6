// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { drive, type Files } from '../../../bench/codegen/drive.ts';
import { each } from '../../each.ts';
import { declines, does } from './macros.ts';

const spdx = 'SPDX-License-Identifier: GPL-3.0-only';

each(does, {
  'header: Markdown, by the spec in the README': [
    {
      'docs/a.md': '# A\n',
      'docs/b/c.md': `<!-- ${spdx} -->\n\n# C\n`,
      'docs/d.ts': '\n',
      'e.md': '# E\n',
    },
    ['All *.md have GPL header'],
    { 'docs/a.md': `<!-- ${spdx} -->\n\n# A\n` },
    'docs/',
  ],
  'header: Markdown that only speaks of licences': [
    {
      'a.md': '# A\n\nUnder the GNU General Public License, version 3.\n',
      'b.md': '---\nx: 1\n---\nWrite `SPDX-License-Identifier: MIT` on top.\n',
      'c.md': '---\nx: 1\n---\n\n<!-- The GNU General Public License -->\n',
    },
    ['All *.md have GPL header'],
    {
      'a.md': `<!-- ${spdx} -->\n\n# A\n\nUnder the GNU General Public License, version 3.\n`,
      'b.md': `---\nx: 1\n---\n<!-- ${spdx} -->\n\nWrite \`SPDX-License-Identifier: MIT\` on top.\n`,
    },
  ],
  'header: Markdown that shows one in code': [
    {
      'a.md': `\`\`\`html\n<!-- ${spdx} -->\n\`\`\`\n`,
      'b.md': `    <!-- ${spdx} -->\n\ntext\n`,
      'c.md': `\n <!-- ${spdx} -->\n\ntext\n`,
    },
    ['All *.md have GPL header'],
    {
      'a.md': `<!-- ${spdx} -->\n\n\`\`\`html\n<!-- ${spdx} -->\n\`\`\`\n`,
      'b.md': `<!-- ${spdx} -->\n\n    <!-- ${spdx} -->\n\ntext\n`,
    },
  ],
  'header: TypeScript with a quoted text': [
    { 'src/a.ts': '#!/usr/bin/env node\nf();\n' },
    ['Every *.ts file has the header "// SPDX-License-Identifier: MIT"'],
    { 'src/a.ts': '#!/usr/bin/env node\n// SPDX-License-Identifier: MIT\nf();\n' },
  ],
  'header: a licence that is named in other words stays': [
    {
      'a.ts': '/* under the GNU General Public License, version 3 */\n',
      'b.ts': '// SPDX-License-Identifier: GPL-2.0-or-later\n',
      'c.ts': 'f();\n',
    },
    ['All *.ts have a GPL header'],
    { 'c.ts': `// ${spdx}\nf();\n` },
  ],
});

each(declines, {
  'header: all that stands in the way, at once': [
    {
      'a.md': '+++\na = 1\n+++\n# H\n',
      'b.md': '{\n  "a": 1\n}\n# H\n',
      'c.md': '<!-- SPDX-License-Identifier: MIT -->\n',
    },
    ['All *.md have GPL header'],
    /TOML.*JSON.*c\.md declares .*line 1: .*MIT/,
  ],
  'header: nothing to do but what cannot be done': [
    { 'a.ts': '// SPDX-License-Identifier: MIT\n', 'b.ts': `// ${spdx}\n` },
    ['All *.ts have a GPL header'],
    /a\.ts declares .*line 1/,
  ],
  'header: a file that is asked for by name': [
    { 'a.ts': '// Copyright 2024 Ann\n', 'b.ts': '' },
    ['`a.ts` and `b.ts` have a GPL header'],
    /a\.ts declares .*line 1/,
  ],
  'header: a type that is asked for by name': [
    { 'a.json': '{}\n', 'b.ts': '' },
    ['`a.json` and `b.ts` have a GPL header'],
    /a\.json is of a type/,
  ],
  'header: the same licence is not in the words that are asked for': [
    { 'a.ts': '// Licensed under the MIT License\n' },
    ['All *.ts start with "// SPDX-License-Identifier: MIT"'],
    /a\.ts declares .*line 1/,
  ],
  'header: another year': [
    { 'a.ts': '// Copyright 2024 Example Corp\n' },
    ['All *.ts start with "// Copyright 2026 Example Corp"'],
    /a\.ts .*line 1: .*2024/,
  ],
  'header: which licence': [{ 'a.md': '' }, ['All files have a header'], /names the licence/],
  'header: a licence that is none': [
    { 'a.ts': '' },
    ['All *.ts have EUPL-1.3 header'],
    /"EUPL-1\.3" is not .*EUPL-1\.2/,
  ],
  'header: only files that can take none': [
    { 'b.png': 'x' },
    ['All files have a GPL header'],
    /b\.png is of a type/,
  ],
});

const doesOthers = test.macro(
  async (
    t,
    files: Files,
    acceptance: readonly string[],
    changed: readonly string[],
    notes: RegExp,
  ) => {
    const spec = { title: 'A chore', scope: '**', acceptance: [...acceptance] };
    const result = await drive(files, spec);
    t.is(result.status, 'ok', result.notes);
    t.deepEqual([...result.changed.keys()].sort(), changed);
    t.regex(result.notes, notes);
  },
);

each(doesOthers, {
  'one file does not spoil the others': [
    {
      'a.md': '# A\n',
      'b.md': '<!--\nSPDX-License-Identifier: CC-BY-4.0\n-->\n\n# H\n',
      'c.md': '+++\nx = 1\n+++\n',
      'd.md': `<!-- ${spdx} -->\n`,
    },
    ['All *.md have GPL header'],
    ['a.md'],
    /^header: 1 of 2 files, the others had it; no header on: b\.md declares .*line 2: .*CC-BY-4\.0.*c\.md has TOML/,
  ],
  'many files do not either': [
    {
      'a.ts': '',
      ...Object.fromEntries(
        Array.from({ length: 30 }, (_, at) => [`b${at}.ts`, '// Copyright 2024 Ann\n']),
      ),
    },
    ['All *.ts have a GPL header'],
    ['a.ts'],
    /^header: 1 of 1 files; no header on: b0\.ts .*; and 10 files more$/,
  ],
  'all files are those that can take one': [
    { 'a.css': 'a {}\n', 'a.json': '{}\n', 'a.py': '#!/x\n', 'a.ts': '', LICENSE: 'x\n' },
    ['All files have an MIT header'],
    ['a.css', 'a.py', 'a.ts'],
    /^header: 3 of 3 files; no header on: LICENSE is of a type.*a\.json is of a type/,
  ],
  'another licence than that of the repository': [
    { 'package.json': '{"license": "Apache-2.0"}\n', 'a.ts': '' },
    ['All *.ts have an MIT header'],
    ['a.ts'],
    /package\.json says Apache-2\.0, the headers say MIT/,
  ],
  'another licence than its text': [
    { LICENSE: '   GNU GENERAL PUBLIC LICENSE\n     Version 3, 29 June 2007\n', 'a.ts': '' },
    ['All *.ts have an MIT header'],
    ['a.ts'],
    /LICENSE says GPL-3\.0-only, the headers say MIT/,
  ],
  'a text that fits': [
    { LICENSE: '   GNU GENERAL PUBLIC LICENSE\n     Version 3, 29 June 2007\n', 'a.ts': '' },
    ['All *.ts have a GPL-3.0-or-later header'],
    ['a.ts'],
    /^header: 1 of 1 files$/,
  ],
});

test('rules word the header', async (t) => {
  const header = 'Copyright (c) 2026 Example Corp\nSPDX-License-Identifier: MIT';
  const spec = (licence: string) => ({
    title: 'Header',
    scope: '**',
    acceptance: [`All *.ts have ${licence} header`],
    rules: { header },
  });
  const { changed } = await drive({ 'a.ts': 'x;\n' }, spec('MIT'));
  t.is(
    changed.get('a.ts'),
    '// Copyright (c) 2026 Example Corp\n// SPDX-License-Identifier: MIT\nx;\n',
  );
  t.regex((await drive({ 'a.ts': '' }, spec('ISC'))).notes, /does not name ISC/);
});
