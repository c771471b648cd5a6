// SPDX-License-Identifier: GPL-3.0-only
import { maxDocumentBytes } from '../../src/data/read-source.ts';

/** Files nobody meant to write: each loader refuses each with one line. `says` is part of it. */
export const badDocuments: readonly {
  readonly what: string;
  readonly bytes: string | Uint8Array;
  readonly says: RegExp;
}[] = [
  { what: 'an empty file', bytes: '', says: /is empty/ },
  { what: 'only comments', bytes: '# nothing\n\n# here\n', says: /is empty/ },
  { what: 'only a byte order mark', bytes: '\uFEFF', says: /is empty/ },
  {
    what: 'over 1 MiB',
    bytes: `# ${'x'.repeat(maxDocumentBytes)}`,
    says: /more than the 1048576 allowed/,
  },
  { what: 'Latin-1', bytes: Buffer.from('title: Größe', 'latin1'), says: /is not UTF-8/ },
  { what: 'UTF-16', bytes: Buffer.from('\uFEFFtitle: x', 'utf16le'), says: /is not UTF-8/ },
  {
    what: 'a YAML bomb',
    bytes: [
      'a0: &a0 [x, x, x, x, x, x, x, x, x]',
      ...Array.from({ length: 9 }, (_, at) => {
        const aliases = Array.from({ length: 9 }, () => `*a${at}`).join(', ');
        return `a${at + 1}: &a${at + 1} [${aliases}]`;
      }),
    ].join('\n'),
    says: /aliases unfold to more than 100/,
  },
  {
    what: 'too many aliases',
    bytes: `a: &a 1\nb: [${'*a, '.repeat(101)}]`,
    says: /more than 100 YAML aliases/,
  },
  { what: 'an alias loop', bytes: 'title: &t [*t]', says: /:1:12: alias \*t is inside its own/ },
  {
    what: 'an alias of nothing',
    bytes: 'scope: **/*.md',
    says: /:1:8: .*Put it in quotes: "\*\*\/\*\.md"/,
  },
  { what: 'broken YAML', bytes: 'title: "x\nscope: y', says: /:\d+:\d+: .*Correct the YAML/ },
  {
    what: 'a colon in a text',
    bytes: 'title: FAQ: give it a title\n',
    says: /:1:\d+: a second ": " in the line .*Put the text in quotes/,
  },
  {
    what: 'a text that begins with a backtick',
    bytes: 'title: `x` is exported\n',
    says: /:1:8: text cannot begin with this character\. Put the text in quotes/,
  },
  {
    what: 'a text that begins with a quoted word',
    bytes: 'title: "x" is exported\n',
    says: /:1:12: more text follows a quoted one, .*Put the whole text in quotes/,
  },
  { what: 'a tab as indent', bytes: 'rules:\n\ta: 1', says: /:2:1: a tab indents/ },
  {
    what: 'a duplicate key',
    bytes: 'title: x\ntitle: y',
    says: /:2:1: the key "title" is a duplicate/,
  },
  {
    what: 'a key that would be lost',
    bytes: 'title: x\ndo: [{ rename: { __proto__: { from: a }, to: b } }]',
    says: /:2:18: the key "__proto__" is not allowed/,
  },
  {
    what: 'a number and its text as keys',
    bytes: 'rules: { 1: a, "1": b }',
    says: /:1:16: the key "1" is a duplicate/,
  },
  { what: 'two documents', bytes: 'title: x\n---\ntitle: y', says: /:2:1: contains a second YAML/ },
  { what: 'a merge key', bytes: 'a: &a {x: 1}\nb: { <<: *a }', says: /:2:6: merge keys/ },
  { what: 'a map as key', bytes: '? {a: b}\n: c', says: /:1:3: a key must be plain text/ },
  {
    what: 'an unknown tag',
    bytes: 'title: !js/function "x"',
    says: /:1:8: .*Leave it out, or put/,
  },
  { what: '10,000 lists in lists', bytes: '['.repeat(10_000), says: /:1:\d+: nests more than 100/ },
  {
    what: '10,000 maps in maps',
    bytes: `${'{a: '.repeat(10_000)}1${'}'.repeat(10_000)}`,
    says: /nests more than 100/,
  },
  { what: '10,000 block lists', bytes: `${'- '.repeat(10_000)}a`, says: /nests more than 100/ },
  { what: '10,000 question marks', bytes: `${'? '.repeat(10_000)}a`, says: /nests more than 100/ },
  { what: 'a list', bytes: '- title: x', says: /must be a map, not a list/ },
  { what: 'text', bytes: 'hello', says: /must be a map, not text/ },
  { what: 'a NUL byte', bytes: '\0', says: /bad\.yaml/ },
];
