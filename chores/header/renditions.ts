// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import { splitFrontmatter } from '../../src/markdown/frontmatter.ts';

type Kind = 'script' | 'style' | 'hash' | 'markup' | 'dash' | 'query';

const kinds: Readonly<Record<Kind, string>> = {
  script:
    '.ts .tsx .mts .cts .js .jsx .mjs .cjs .java .kt .kts .go .rs .c .h .cc .cpp .hpp .cs .swift .scala .dart .proto .groovy .gradle .scss .less .php',
  style: '.css',
  hash: '.yaml .yml .sh .bash .zsh .fish .py .pyi .rb .pl .toml .tf .r .mk makefile dockerfile gemfile rakefile .gitignore .gitattributes .editorconfig',
  markup: '.md .markdown .html .htm .xml .svg .vue .svelte',
  dash: '.lua .hs',
  query: '.sql',
};

const kindByEnding = new Map(
  Object.entries(kinds).flatMap(([kind, endings]) =>
    endings.split(' ').map((ending) => [ending, kind as Kind] as const),
  ),
);

/** How a file writes comments, by its name; `undefined` where that is not known. */
export const kindOf = (path: string): Kind | undefined => {
  const name = posix.basename(path).toLowerCase();
  return kindByEnding.get(name) ?? kindByEnding.get(posix.extname(name));
};

/** The comments that say these lines, each as its lines. */
const commentsOf = (kind: Kind, lines: readonly string[]): readonly (readonly string[])[] => {
  const said = lines.join('\n');
  const each = (mark: string): readonly string[] =>
    lines.map((line) => (line === '' ? mark : `${mark} ${line}`));
  const [only = ''] = lines;
  const star = said.includes('*/')
    ? []
    : [
        ['/*', ...lines.map((line) => (line === '' ? ' *' : ` * ${line}`)), ' */'],
        ...(lines.length === 1 ? [[`/* ${only} */`]] : []),
      ];
  switch (kind) {
    case 'script':
      return [each('//'), ...star];
    case 'style':
      return star;
    case 'query':
      return [each('--'), ...star];
    case 'hash':
      return [each('#')];
    case 'dash':
      return [each('--')];
    case 'markup':
      if (said.includes('--')) return [];
      return [...(lines.length === 1 ? [[`<!-- ${only} -->`]] : []), ['<!--', ...lines, '-->']];
  }
};

/** A text with each header it may get, at each place where that may stand; the usual one first. */
export const renditionsOf = (
  path: string,
  text: string,
  forms: readonly (readonly string[])[],
): readonly string[] => {
  const kind = kindOf(path);
  const pieces = piecesOf(path, text);
  if (!kind || !pieces) return [];
  const { ahead, empty, rest } = pieces;
  const ways: string[] = [];
  for (const end of endingsIn(text)) {
    const join = ahead === '' || /[\r\n\uFEFF]$/.test(ahead) ? '' : end;
    for (const lines of forms.flatMap((form) => commentsOf(kind, form))) {
      const comment = lines.map((line) => line + end).join('');
      for (let above = 0; above <= empty.length; above += 1) {
        const over = ahead + join + empty.slice(0, above).join('') + comment;
        const below = empty.slice(above).join('') + rest;
        ways.push(over + below, over + end + below);
      }
    }
  }
  return ways;
};

const endingsIn = (text: string): readonly string[] => {
  const endings = new Set(text.match(/\r?\n/g) ?? (text.includes('\r') ? ['\r'] : ['\n']));
  return [...endings];
};

/** What stays ahead of a header, the first few empty lines below that, and all the rest. */
const piecesOf = (path: string, text: string) => {
  const lines = text.match(/[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$/g) ?? [];
  let count = 0;
  if (kindOf(path) === 'markup' && /\.m/i.test(posix.extname(path))) {
    const split = splitFrontmatter(text);
    if ('refused' in split) return undefined;
    const front = split.open + split.yaml + split.close;
    count = front === '' ? 0 : (front.match(/\r\n|\n|\r|[^\r\n]+$/g) ?? []).length;
    const ahead = split.bom + front;
    return { ahead, ...below(text.slice(ahead.length)) };
  }
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const bare = [(lines[0] ?? '').slice(mark.length), ...lines.slice(1)];
  for (const stays of stayingFirst(path)) if (stays.test(bare[count] ?? '')) count += 1;
  if (/^dockerfile$/i.test(posix.basename(path)))
    while (/^# *(?:syntax|escape|check) *=/i.test(bare[count] ?? '')) count += 1;
  const ahead = mark + bare.slice(0, count).join('');
  return { ahead, ...below(text.slice(ahead.length)) };
};

const mostEmpty = 4;

const below = (text: string) => {
  const empty: string[] = [];
  let rest = text;
  for (let line = /^[ \t]*(?:\r\n|\n|\r)/.exec(rest); line && empty.length < mostEmpty; ) {
    empty.push(line[0]);
    rest = rest.slice(line[0].length);
    line = /^[ \t]*(?:\r\n|\n|\r)/.exec(rest);
  }
  return { empty, rest };
};

/** Lines that must stay first, in this order; each may be missing. */
const stayingFirst = (path: string): readonly RegExp[] => {
  const hashBang = /^#!/;
  switch (posix.extname(path).toLowerCase()) {
    case '.py':
    case '.pyi':
      return [hashBang, /^#.*coding[:=]/];
    case '.xml':
    case '.svg':
    case '.html':
    case '.htm':
      return [hashBang, /^<\?xml[^>]*\?>[ \t]*[\r\n]*$/i, /^<!doctype[^>[]*>[ \t]*[\r\n]*$/i];
    case '.css':
      return [hashBang, /^@charset "[^"]*";[ \t]*[\r\n]*$/i];
    case '.php':
      return [hashBang, /^<\?php\b/i];
    default:
      return [hashBang];
  }
};
