// SPDX-License-Identifier: GPL-3.0-only

/** A document to try: its bytes, and where they are known, its text's bytes and lines that must stay. */
export type Trial = {
  readonly path: string;
  readonly variant: string;
  readonly bytes: Buffer;
  /** latin1; the text below the frontmatter, known because the variant was put together. */
  readonly body?: string;
  /** latin1; frontmatter that must be there afterwards, each piece as one. */
  readonly kept?: readonly string[];
  readonly mustRefuse?: boolean;
};

const bom = '\xef\xbb\xbf';

/** Frontmatter put in front of a document without any: pieces that must stay, and other lines. */
const fronts: Readonly<
  Record<
    string,
    {
      readonly kept: readonly string[];
      readonly rest?: string;
      readonly bad?: boolean;
      readonly close?: string;
    }
  >
> = {
  comments: {
    kept: [
      '# about this note\nauthor: Ann # who\n\n# more\n',
      'draft:   true   # soon\n',
      '# end\n',
    ],
  },
  anchors: { kept: ['base: &b {x: 1, y: [2, 3]}\nother: *b\nmore:\n  <<: *b\n  z: 4\n'] },
  'block scalars': {
    kept: ['a: |\n  one\n\n  two\nb: >-\n    folded\n    text\nc: |+\n  kept\n\nd: "x\n  y"\n'],
  },
  'flow lists': {
    kept: ['aliases: [ a,b , "c, d" ]\nmatrix: [[1, 2], [3, 4]]\nwide: [\n  x, # one\n  y,\n]\n'],
  },
  'flow tags': { kept: ['layout: post\n'], rest: 'tags: [ zeta,alpha, "b c" ]\n' },
  'block tags': {
    kept: ['layout: post\n', '  # why zeta\n  - zeta # last\n', '  - "alpha"\n', 'after: x\n'],
    rest: '',
  },
  'tags as text': { kept: ['layout: post\n'], rest: 'tags: zeta, alpha\n' },
  'tags empty': { kept: ['layout: post\n'], rest: 'tags: # none yet\ntitle:\n' },
  numbers: {
    kept: [
      '1: one\n2.5: two\ntrue: yes\nnull: none\nversion: 1.10\nhex: 0x1F\noctal: 0o17\nbig: 12345678901234567890\n',
    ],
  },
  dates: {
    kept: [
      'date: 2024-02-30\ncreated: 2001-12-14t21:59:43.10-05:00\ntime: 12:30:45\nday: "2024-01-01"\n',
    ],
  },
  quoting: {
    kept: [
      "'single': 'it''s'\n\"double\": \"tab\\t\\u00e9\"\nplain: a - b: c\n".replace(
        'a - b: c',
        'a - b',
      ),
      'empty: ""\nnull1: ~\nnull2:\n',
    ],
  },
  explicit: { kept: ['? complex key\n: complex value\n? [a, b]\n: list key\n'] },
  nested: {
    kept: ['seo:\n  title: not the title\n  tags: [not, these]\nlist:\n- a: 1\n  b: 2\n-\n- c\n'],
  },
  unicode: {
    kept: ['größe: XL\n作者: 王\nemoji: 🚀 # 🎉\n'].map((text) =>
      Buffer.from(text).toString('latin1'),
    ),
  },
  indented: { kept: ['  layout: post\n  author: Ann\n'] },
  'custom tags': { kept: ['obj: !ruby/object:Thing {a: 1}\nstr: !!str 12\n'] },
  braces: { kept: ['layout: post, "author": Ann, list: [1, 2]'], rest: '' },
  'empty front': { kept: [] },
  'title kept': { kept: ['title:   "Kept: as is"   # really\n'] },
  'dots close': { kept: ['author: Ann\n'], close: '...\n' },
  duplicates: { kept: ['a: 1\nb: 2\na: 3\n'], bad: true },
  tabs: { kept: ['a:\n\tb: 1\n'], bad: true },
  'broken quote': { kept: ['a: "open\nb: 1\n'], bad: true },
  'a list': { kept: ['- a\n- b\n'], bad: true },
  'a text': { kept: ['just some words\n'], bad: true },
  'title a list': { kept: ['title: [a, b]\n'], bad: true },
  'unknown alias': { kept: ['a: *nowhere\n'], bad: true },
  'tags of maps': { kept: ['tags:\n  - {a: 1}\n'], bad: true },
};

const frontOf = (name: string): string => {
  const { kept, rest = '' } = fronts[name] ?? { kept: [] };
  if (name === 'block tags') return `layout: post\ntags:\n${kept[1]}${kept[2]}after: x\n`;
  if (name === 'braces') return `{${kept[0]}}\n`;
  return kept.join('') + rest;
};

const plainText = Buffer.from('# A *heading* 🎉\n\ntext #zeta #new\n').toString('latin1');

const toCrlf = (text: string): string => text.replace(/\r?\n/g, '\r\n');

/** A document as it is, and with other line breaks and a byte order mark. */
const asFiles = (path: string, bytes: Buffer): readonly Trial[] => {
  const text = bytes.toString('latin1');
  const make = (variant: string, made: string): Trial => ({
    path,
    variant,
    bytes: Buffer.from(made, 'latin1'),
  });
  let line = 0;
  return [
    { path, variant: 'as it is', bytes },
    make('bom', text.startsWith(bom) ? text : bom + text),
    make('crlf', toCrlf(text)),
    make('bom and crlf', (text.startsWith(bom) ? '' : bom) + toCrlf(text)),
    make(
      'mixed breaks',
      text.replace(/\r?\n/g, () => (line++ % 3 === 1 ? '\r\n' : '\n')),
    ),
    make('no last break', text.replace(/[\r\n]+$/, '')),
    {
      ...make('conflict', `${text}\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> main\n`),
      mustRefuse: true,
    },
    { ...make('bad byte', `${text}\n\xff\xc0`), mustRefuse: true },
    { ...make('NUL', `${text}\n\0`), mustRefuse: true },
    {
      path,
      variant: 'utf-16',
      bytes: Buffer.from(`\uFEFF${bytes.toString('utf8')}`, 'utf16le'),
      mustRefuse: true,
    },
  ];
};

/** All variants of one document; frontmatter is only put before documents that begin as text. */
export const variantsOf = (path: string, bytes: Buffer): readonly Trial[] => {
  const files = asFiles(path, bytes);
  const text = bytes.toString('latin1');
  const isPlain =
    !/^(?:\xef\xbb\xbf|\xff|\xfe|\s*---|version https:\/\/git-lfs)/.test(text) &&
    !/^(?:<{7}|>{7})/m.test(text);
  const odd = Object.entries(fronts).flatMap(([variant, { kept, bad, close = '---\n' }]) =>
    ['', 'crlf', 'bom'].map((way): Trial => {
      const [breaks, mark] = [
        way === 'crlf' ? toCrlf : (value: string) => value,
        way === 'bom' ? bom : '',
      ];
      const body = isPlain ? breaks(text) : breaks(plainText);
      const made = mark + breaks(`---\n${frontOf(variant)}${close}`) + body;
      return {
        path,
        variant: way === '' ? variant : `${variant}, ${way}`,
        bytes: Buffer.from(made, 'latin1'),
        body,
        kept: kept.map(breaks),
        ...(bad && { mustRefuse: true }),
      };
    }),
  );
  return [...files, ...odd];
};
