// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { insertHeader } from '../../src/tool/insert-header.ts';
import { each } from '../each.ts';
import { handsOn } from './with-tools.ts';

const spdx = 'SPDX-License-Identifier: GPL-3.0-only';

type Style = 'auto' | 'block' | 'hash';

const inserts = test.macro<
  [path: string, before: string, after: string, text?: string, style?: Style]
>({
  title: (name, path) => `${name ?? 'header'}: ${path}`,
  async exec(t, path, before, after, text = spdx, style = 'auto') {
    const { overlay, use } = await handsOn(t, { [path]: before });
    t.deepEqual(await use(insertHeader, { path, text, style }), { changed: true });
    t.is(Buffer.from((await overlay.read(path)) ?? []).toString(), after);
    t.deepEqual(await use(insertHeader, { path, text, style }), { changed: false });
    t.is(Buffer.from((await overlay.read(path)) ?? []).toString(), after);
  },
});

test(inserts, 'a.ts', 'x;\n', `// ${spdx}\nx;\n`);

test(inserts, 'a.sh', '#!/bin/sh\nx\n', `#!/bin/sh\n# ${spdx}\nx\n`);

test(inserts, 'a.yaml', 'a: 1\n', `# ${spdx}\na: 1\n`);

test(inserts, 'a.css', 'a {}\n', `/*\n * ${spdx}\n */\na {}\n`);

test(inserts, 'a.md', '# T\n', `<!-- ${spdx} -->\n\n# T\n`);

const fenced = `\`\`\`html\n<!-- ${spdx} -->\n\`\`\`\n`;

const indented = `    <!-- ${spdx} -->\n\ntext\n`;

each(inserts, {
  'two lines': ['a.ts', 'x;\n', '// A\n// B\nx;\n', 'A\nB\n'],
  'as a block': ['a.ts', 'x;\r\n', '/*\r\n * A\r\n *\r\n * B\r\n */\r\nx;\r\n', 'A\n\nB', 'block'],
  'after #!': ['a.js', '#!/usr/bin/env node\nx;\n', `#!/usr/bin/env node\n// ${spdx}\nx;\n`],
  'after a BOM, CRLF': ['a.ts', '\uFEFFx;\r\n', `\uFEFF// ${spdx}\r\nx;\r\n`],
  empty: ['a.ts', '', `// ${spdx}\n`],
  'only #!, no last break': ['b.sh', '#!/bin/sh', `#!/bin/sh\n# ${spdx}\n`],
  'after the coding line': [
    'a.py',
    '#!/usr/bin/python\n# -*- coding: utf-8 -*-\nx\n',
    `#!/usr/bin/python\n# -*- coding: utf-8 -*-\n# ${spdx}\nx\n`,
  ],
  'after the declaration': [
    'a.xml',
    '<?xml version="1.0"?>\n<a/>\n',
    `<?xml version="1.0"?>\n<!-- ${spdx} -->\n\n<a/>\n`,
  ],
  'after frontmatter': [
    'a.md',
    '---\na: 1\n---\n\n# T\n',
    `---\na: 1\n---\n<!-- ${spdx} -->\n\n# T\n`,
  ],
  'after frontmatter, no last break': [
    'a.md',
    '---\na: 1\n---',
    `---\na: 1\n---\n<!-- ${spdx} -->\n`,
  ],
  'before a rule': ['a.md', '---\n\ntext\n', `<!-- ${spdx} -->\n\n---\n\ntext\n`],
  'several lines': ['a.md', '# T\n', '<!--\nA\nB\n-->\n\n# T\n', 'A\nB'],
  'over code that shows one': ['a.md', fenced, `<!-- ${spdx} -->\n\n${fenced}`],
  'over indented code that shows one': ['a.md', indented, `<!-- ${spdx} -->\n\n${indented}`],
  'over a heading of its words': ['a.md', `# ${spdx}\n`, `<!-- ${spdx} -->\n\n# ${spdx}\n`],
  'a style by name': ['a.x', 'a\n', `# ${spdx}\na\n`, spdx, 'hash'],
});

const stands = test.macro({
  title: (name) => `already there: ${name}`,
  async exec(t, path: string, text: string) {
    const { overlay, use } = await handsOn(t, { [path]: text });
    t.deepEqual(await use(insertHeader, { path, text: spdx }), { changed: false });
    t.deepEqual(overlay.changes(), []);
  },
});

test('in a block', stands, 'a.ts', `/* Ann\n * ${spdx} */\nx;\n`);
test('in the second comment', stands, 'a.ts', `// one\n\n// ${spdx}\nx;\n`);
test('over lines', stands, 'a.md', `<!--\nAnn\n${spdx}\n-->\n`);

const refuses = test.macro<[path: string, before: string | Buffer, reason: RegExp, text?: string]>({
  title: (name, path) => `refuses: ${name ?? path}`,
  async exec(t, path, before, reason, text = spdx) {
    const { overlay, use } = await handsOn(t, { [path]: before });
    await t.throwsAsync(use(insertHeader, { path, text }), { message: reason });
    t.deepEqual(overlay.changes(), []);
  },
});

test('the end of a comment', refuses, 'a.md', 'x\n', /ends this kind/, 'a --> b');
test('the end of a block', refuses, 'a.css', 'x\n', /ends this kind/, 'a */ b');
test('control characters', refuses, 'a.ts', 'x\n', /control/, 'a\u0007b');

/** The file can take no header, of which a caller is told without a failure. */
const takesNone = test.macro<[path: string, before: string | Buffer, reason: RegExp]>({
  title: (name, path) => `takes no header: ${name ?? path}`,
  async exec(t, path, before, reason) {
    const { overlay, use } = await handsOn(t, { [path]: before });
    const args = { path, text: 'SPDX-License-Identifier: MIT', licence: 'MIT' };
    const result = await use(insertHeader, args);
    t.false(result.changed);
    t.regex(result.reason ?? '', reason);
    t.deepEqual(overlay.changes(), []);
  },
});

each(takesNone, {
  'no comments': ['a.json', '{}\n', /type whose comments/],
  binary: ['a.md', Buffer.from([0x61, 0]), /not UTF-8 text/],
  'a conflict': ['a.ts', '<<<<<<< HEAD\n', /conflict/],
  'broken frontmatter': ['a.md', '---\na: 1\na: 2\n---\n', /not valid YAML/],
  'TOML frontmatter': ['a.md', '+++\na = 1\n+++\n# H\n', /TOML frontmatter/],
  'JSON frontmatter': ['a.md', '{\n"a": 1\n}\n# H\n', /JSON frontmatter/],
  'frontmatter of a page': ['a.html', '---\na: 1\n---\n<p>\n', /has frontmatter/],
  'frontmatter of a style sheet': ['a.css', '\uFEFF---\r\n---\r\np {}\n', /has frontmatter/],
  'a licence': ['LICENSE.md', 'MIT License\n', /is a licence/],
  'a licence among others': ['LICENSES/MIT.md', 'MIT License\n', /is a licence/],
  'a notice': ['NOTICE', 'a\n', /is a licence or a notice/],
  'copying conditions': ['COPYING.html', '<p>\n', /is a licence/],
  generated: ['a.ts', '// x\n// Code by gen. DO NOT EDIT.\nx;\n', /is generated \(line 2/],
  'generated, by its mark': ['a.css', '/**\n * @generated\n */\na {}\n', /is generated/],
  minified: ['a.min.js', 'x;\n', /is minified/],
  'minified, by its lines': ['a.js', `${'x;'.repeat(2501)}\n`, /is minified/],
  "Jest's docblock": [
    'a.test.ts',
    '/**\n * @jest-environment jsdom\n */\nx;\n',
    /@jest-environment/,
  ],
  "Prettier's": ['a.css', '/** @format */\na {}\n', /@format/],
  "Flow's, after #!": ['a.js', '#!/usr/bin/env node\n/* @flow strict */\nx;\n', /@flow/],
  'a mark before #!': ['a.js', '\uFEFF#!/usr/bin/env node\nx;\n', /byte order mark before #!/],
});

/** Of files that declare another licence, or only a holder, and where. */
each(takesNone, {
  'another licence by SPDX': [
    'a.ts',
    '// SPDX-License-Identifier: ISC\n',
    /^a\.ts declares .*line 1: .*ISC"/,
  ],
  'an expression of more': [
    'a.ts',
    '// SPDX-License-Identifier: MIT OR ISC\n',
    /^a\.ts .*line 1: /,
  ],
  'below the code that is first': [
    'a.ts',
    "'use strict';\nx;\n\n// SPDX-License-Identifier: ISC\n",
    /^a\.ts .*line 4: /,
  ],
  'over lines': [
    'a.ts',
    '/* This is subject to the terms of the Mozilla Public\n * License, v. 2.0. */\nx;\n',
    /^a\.ts .*line 1: .*Mozilla/,
  ],
  'a notice of Apache': [
    'a.py',
    '#!/usr/bin/env python3\n"""\nLicensed under the Apache License, Version 2.0\n"""\n',
    /^a\.py .*line 3: .*Apache/,
  ],
  'the terms themselves': [
    'a.sh',
    '# Redistribution and use in source and binary\n',
    /^a\.sh .*line 1: /,
  ],
  'a holder': ['a.ts', '// Copyright 2024 Example Corp\nx;\n', /^a\.ts .*line 1: .*Example Corp/],
  'a holder without a year': ['a.css', '/* (c) Ann */\na {}\n', /^a\.css .*line 1: /],
  'a tag': ['a.ts', '/**\n * Reads.\n * @license Apache-2.0\n */\n', /^a\.ts .*line 3: .*@license/],
  'words nobody knows': ['a.ts', '// Licensed under terms of its own\n', /^a\.ts .*line 1: /],
  'in frontmatter': [
    'a.md',
    '---\nname: x\nlicense: ISC\n---\n# H\n',
    /^a\.md .*line 3: .*license: ISC/,
  ],
  'in a remark of frontmatter': [
    'a.md',
    '---\n# SPDX-License-Identifier: ISC\ntitle: X\n---\n# H\n',
    /^a\.md .*line 2: /,
  ],
  'in a comment of several lines': [
    'a.md',
    '<!--\nSPDX-FileCopyrightText: 2024 Ann\n\nSPDX-License-Identifier: CC-BY-4.0\n-->\n\n# H\n',
    /^a\.md .*line 2: .*Ann/,
  ],
  'to the ASF': [
    'a.md',
    '<!--\nLicensed to the ASF under one or more agreements.\n-->\n# H\n',
    /^a\.md .*line 2: /,
  ],
  'as a link reference': [
    'a.md',
    '[//]: # (SPDX-License-Identifier: ISC)\n\n# H\n',
    /^a\.md .*line 1: /,
  ],
  'on a badge': [
    'a.md',
    '# H\n\n![x](https://img.shields.io/badge/license-GPL--3.0--only-blue.svg)\n',
    /^a\.md .*line 3: /,
  ],
  'in the text of a badge': ['a.md', '# H\n\n[![License: ISC](x.svg)](y)\n', /^a\.md .*line 3: /],
  'for all to see': ['a.md', '# H\n\n© 2024 Ann\n', /^a\.md .*line 3: .*Ann/],
  'in a sentence': [
    'a.md',
    '# H\n\nThe texts are licensed under CC BY 4.0.\n',
    /^a\.md .*line 3: /,
  ],
});

const declares = test.macro<[path: string, text: string, licence: string]>({
  title: (name) => `declares the same: ${name}`,
  async exec(t, path, before, licence) {
    const { overlay, use } = await handsOn(t, { [path]: before });
    const text = `SPDX-License-Identifier: ${licence}`;
    t.deepEqual(await use(insertHeader, { path, text, licence }), { changed: false });
    t.deepEqual(overlay.changes(), []);
    // Who wants these very words is told that there are others.
    const quoted = await use(insertHeader, { path, text: `Copyright 2026 Ann\n${text}` });
    t.regex(quoted.reason ?? '', /declares a licence/);
  },
});

each(declares, {
  'Apache in full': [
    'a.ts',
    '// Copyright 2024 Ann\n//\n// Licensed under the Apache License, Version 2.0\n\nx;\n',
    'Apache-2.0',
  ],
  'the ASF': [
    'a.md',
    '<!--\nLicensed to the ASF under agreements.\nhttp://www.apache.org/licenses/LICENSE-2.0\n-->\n',
    'Apache-2.0',
  ],
  'MIT in full': [
    'a.js',
    '/*\n * Permission is hereby granted, free of charge, to any person obtaining\n */\n',
    'MIT',
  ],
  'the other way round': ['a.ts', '// SPDX-License-Identifier: MIT OR ISC\n', 'ISC OR MIT'],
  frontmatter: ['a.md', '---\nlicence: "MIT"\n---\n# H\n', 'MIT'],
  'a family': ['a.ts', '// SPDX-License-Identifier: GPL-2.0-or-later\n', 'GPL'],
});

test('what is made to be slow to read is not', async (t) => {
  const texts = {
    'badges.md': '!['.repeat(200_000),
    'badge.md': `badge/license-${'--'.repeat(200_000)}`,
    'expression.md': `<!-- SPDX-License-Identifier: MIT${' OR MIT'.repeat(100_000)} -->\n`,
    'holders.md': `<!--${' ©'.repeat(200_000)} -->\n`,
    'links.md': `[a]: # "${'" '.repeat(200_000)}x`,
    'tags.md': `<!-- ${'@license a '.repeat(50_000)} -->\n`,
  };
  const { use } = await handsOn(t, texts);
  for (const path of Object.keys(texts)) {
    // Of this process alone: others may have the machine.
    const started = process.cpuUsage();
    await use(insertHeader, { path, text: spdx, licence: 'MIT' });
    t.true(process.cpuUsage(started).user < 2_000_000, path);
  }
});

const silent = {
  'code that has the words': ['a.ts', `const x = '${spdx}';\n`],
  'a comment on copying': ['a.ts', '// Makes a copy of the right (c)olumn, by licence plate.\n'],
  'code about licences': ['src/licence.ts', 'x;\n'],
  'prose about licences': [
    'a.md',
    '# Licences\n\nAny licence of the MIT will do; see the copyright act.\n',
  ],
  'a badge of the same': ['a.md', '![License: GPLv3](x)\n'],
} as const;

for (const [name, [path, text]] of Object.entries(silent)) {
  test(`nothing declares another licence: ${name}`, async (t) => {
    const { use } = await handsOn(t, { [path]: text });
    const args = { path, text: spdx, licence: 'GPL-3.0-only' };
    t.deepEqual(await use(insertHeader, args), { changed: true });
  });
}
