// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { insertHeader } from '../../src/tool/insert-header.ts';
import { setFrontmatter } from '../../src/tool/set-frontmatter.ts';
import { each } from '../each.ts';
import { bytesOf, handsOn } from './with-tools.ts';

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
  'a style by name': ['LICENSE.x', 'a\n', `# ${spdx}\na\n`, spdx, 'hash'],
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

test(refuses, 'a.json', '{}\n', /type whose comments/);
test('the end of a comment', refuses, 'a.md', 'x\n', /ends this kind/, 'a --> b');
test('the end of a block', refuses, 'a.css', 'x\n', /ends this kind/, 'a */ b');
test('control characters', refuses, 'a.ts', 'x\n', /control/, 'a\u0007b');
test('binary', refuses, 'a.md', Buffer.from([0x61, 0]), /not UTF-8 text/);
test('a conflict', refuses, 'a.ts', '<<<<<<< HEAD\n', /conflict/);
test('broken frontmatter', refuses, 'a.md', '---\na: 1\na: 2\n---\n', /not valid YAML/);
test('TOML frontmatter', refuses, 'a.md', '+++\na = 1\n+++\n# H\n', /TOML frontmatter/);
test('JSON frontmatter', refuses, 'a.md', '{\n"a": 1\n}\n# H\n', /JSON frontmatter/);
test('frontmatter of a page', refuses, 'a.html', '---\na: 1\n---\n<p>\n', /has frontmatter/);
test(
  'frontmatter of a style sheet',
  refuses,
  'a.css',
  '\uFEFF---\r\n---\r\np {}\n',
  /has frontmatter/,
);

test('the text occurs in the code only', async (t) => {
  const { use } = await handsOn(t, { 'a.ts': `const x = '${spdx}';\n` });
  t.deepEqual(await use(insertHeader, { path: 'a.ts', text: spdx }), { changed: true });
});

const files = {
  'a.md': '\uFEFF---\r\nb: 1 # c\r\n---\r\ntext\r\n',
  'n.md': 'text\n',
  'code.ts': 'export {};\n',
  'wide.md': Buffer.from('\uFEFFtext', 'utf16le'),
  'raw.md': Buffer.from([0x61, 0xff, 0x0a]),
  'bin.md': Buffer.from([0x89, 0x50, 0, 1]),
  'twice.md': '---\na: 1\na: 2\n---\n',
  'big.md': 'x'.repeat(1024 * 1024 + 1),
};

test('sets keys, keeps every other byte, and does it once', async (t) => {
  const { overlay, use } = await handsOn(t, files);
  const args = { path: 'a.md', set: { title: 'T', b: 1 }, order: ['title'] };
  t.deepEqual(await use(setFrontmatter, args), { changed: true, keys: ['title'] });
  t.deepEqual(
    await overlay.read('a.md'),
    bytesOf('\uFEFF---\r\ntitle: T\r\nb: 1 # c\r\n---\r\ntext\r\n'),
  );
  t.deepEqual(await use(setFrontmatter, args), { changed: false, keys: [] });
});

test('what changes nothing is not a patch', async (t) => {
  const { overlay, use } = await handsOn(t, files);
  t.deepEqual(await use(setFrontmatter, { path: 'n.md', set: {} }), { changed: false, keys: [] });
  t.deepEqual(overlay.changes(), []);
});

const setFrontmatterRefuses = test.macro({
  title: (_, path: string) => `leaves ${path} alone`,
  async exec(t, path: string, reason: RegExp) {
    const { overlay, use } = await handsOn(t, files);
    await t.throwsAsync(use(setFrontmatter, { path, set: { title: 'T' } }), { message: reason });
    t.deepEqual(overlay.changes(), []);
  },
});

test(setFrontmatterRefuses, 'code.ts', /not a Markdown file/);
test(setFrontmatterRefuses, 'none.md', /no file/);
test(setFrontmatterRefuses, 'wide.md', /UTF-16/);
test(setFrontmatterRefuses, 'raw.md', /not UTF-8/);
test(setFrontmatterRefuses, 'bin.md', /binary/);
test(setFrontmatterRefuses, 'twice.md', /not valid YAML/);
test(setFrontmatterRefuses, 'big.md', /more than/);
test(setFrontmatterRefuses, '../x.md', /outside|leave|\.\./);
