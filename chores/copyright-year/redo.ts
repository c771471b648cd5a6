// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import { type Judge, type PatchView, readOthers } from '../../src/chore/patch.ts';
import type { Script } from '../../src/chore/script.ts';
import { splitFrontmatter } from '../../src/markdown/frontmatter.ts';
import { blankBlocks } from '../../src/markdown/prose.ts';
import { selectPaths } from '../../src/spec/scope.ts';

type Args = { readonly year: number; readonly holder?: string; readonly files?: readonly string[] };

/** Writes the years of the owner's notices anew; also in files that the patch leaves alone. */
export const redo: Judge<Args> = function* ({ year, holder, files }, patch, texts) {
  const isMeant = (path: string): boolean => selectPaths([path], files ?? ['**']).length > 0;
  const others = yield* readOthers(patch, isMeant);
  const owner = holder ?? (yield* soleOwner(patch, others));
  if (owner === undefined) return { findings: ['it is not said whose copyright is meant'] };
  const done = new Map<string, string>();
  for (const [path, text] of [
    ...patch.paths.filter(isMeant).map((one) => [one, texts.get(one)] as const),
    ...others,
  ]) {
    if (text === undefined) continue;
    const written = rewritten(path, text, owner, year);
    if (written !== text || patch.patched.has(path)) done.set(path, written);
  }
  return { texts: done, findings: [] };
};

const rewritten = (path: string, text: string, owner: string, year: number): string => {
  let now = text;
  for (const { start, end, years, holder } of stretches(path, text).flatMap(notices).toReversed()) {
    const [first, last] = [years.slice(0, 4), years.slice(-4)];
    if (holder === owner && Number(last) < year)
      now = `${now.slice(0, start)}${first}-${year}${now.slice(end)}`;
  }
  return now;
};

/** A part of a text in which notices are looked for, and where it begins. */
type Stretch = { readonly at: number; readonly words: string };

const pattern =
  /(?:copyright(?:text:)?|©|\(c\))(?:[ \t]*(?:©|\(c\)))?[ \t:]*(?<years>\d{4}(?:[ \t]?[-–][ \t]?\d{4})?)(?<tail>[^\r\n]*)/dgi;

const notices = ({ at, words }: Stretch) =>
  [...words.matchAll(pattern)].flatMap((match) => {
    const { years = '', tail = '' } = match.groups ?? {};
    const [start = 0, end = 0] = match.indices?.groups?.years ?? [];
    if (/^(?:\d|[ \t]*[-–]|[ \t]?,[ \t]?\d)/.test(tail)) return [];
    return [{ start: at + start, end: at + end, years, holder: nameIn(tail) }];
  });

/** The name that follows the years. */
const nameIn = (tail: string): string => {
  let name = tail.replace(/^[ \t,]*(?:by[ \t]+)?/i, '');
  for (const end of ['*/', '-->', '<']) name = name.split(end, 1)[0] ?? '';
  const rights = name.search(
    /[.,;]?\s+(?:all rights reserved|licen[cs]ed under|released under|distributed under)\b/i,
  );
  if (rights !== -1) name = name.slice(0, rights);
  while (/[\s.,;:*_"'`]$/.test(name)) name = name.slice(0, -1);
  return name.trimStart();
};

const forms: readonly (readonly [endings: string, comment: RegExp])[] = [
  ['.md .markdown .html .htm .xml .svg', /<!--[\s\S]*?-->/y],
  ['.css', /\/\*[\s\S]*?\*\//y],
  ['.sql', /--.*|\/\*[\s\S]*?\*\//y],
  ['.lua .hs', /--.*/y],
  [
    '.yaml .yml .sh .bash .zsh .fish .py .pyi .rb .pl .toml .tf .r .mk makefile dockerfile gemfile rakefile .gitignore .gitattributes .editorconfig',
    /#.*/y,
  ],
  [
    '.ts .tsx .mts .cts .js .jsx .mjs .cjs .java .kt .kts .go .rs .c .h .cc .cpp .hpp .cs .swift .scala .dart .proto .groovy .gradle .scss .less .php',
    /\/\/.*|\/\*[\s\S]*?\*\//y,
  ],
];

const prose = ['.md', '.markdown', '.txt', '.rst', '.adoc'];
const legal = ['license', 'licence', 'unlicense', 'copying', 'copyright', 'notice', 'authors'];

/** The comments that a file begins with, and the lines of a plain text that begin with a notice. */
const stretches = (path: string, text: string): readonly Stretch[] => {
  if (/copies\s+of\s+this\s+licen[cs]e\s+document/i.test(text)) return [];
  const [name, ending] = [posix.basename(path).toLowerCase(), posix.extname(path).toLowerCase()];
  const comment = forms.find(([list]) =>
    [name, ending].some((one) => one !== '' && list.split(' ').includes(one)),
  )?.[1];
  const found: Stretch[] = [];
  let at = startOf(ending, text);
  for (; comment; ) {
    at += /^\s*/.exec(text.slice(at))?.[0].length ?? 0;
    comment.lastIndex = at;
    const words = comment.exec(text)?.[0];
    if (words === undefined || words === '') break;
    found.push({ at, words });
    at += words.length;
  }
  const isLegal = ending === '' && legal.some((one) => name.startsWith(one));
  if (!prose.includes(ending) && !isLegal) return found;
  const rest = text.slice(at);
  const shown = comment ? blankBlocks(rest) : rest;
  for (const { 0: words, index } of shown.matchAll(
    /^[ \t>*_]*(?:copyright|spdx-filecopyright|©|\(c\)).*/gim,
  ))
    found.push({ at: at + index, words });
  return found;
};

/** Where comments may begin: below what must come first. */
const startOf = (ending: string, text: string): number => {
  if (ending === '.md' || ending === '.markdown') {
    const split = splitFrontmatter(text);
    return 'refused' in split ? text.length : text.length - split.body.length;
  }
  const first =
    /^\uFEFF?(?:#!.*\s*)?(?:<\?(?:xml|php)\b.*\s*)?(?:<!doctype\b.*\s*)?(?:@charset\b.*\s*)?/i;
  return first.exec(text)?.[0].length ?? 0;
};

const top = ['license', 'licence', 'copying', 'copyright', 'notice'];

/** The package's author, the holder in its licence, or the only one in its own files. */
function* soleOwner(
  patch: PatchView,
  others: ReadonlyMap<string, string>,
): Script<string | undefined> {
  const texts = new Map<string, string>(others);
  for (const [path, text] of patch.base) texts.set(path, text ?? '');
  for (const name of top)
    for (const path of [
      name.toUpperCase(),
      `${name.toUpperCase()}.md`,
      `${name.toUpperCase()}.txt`,
    ]) {
      const text = texts.has(path) ? undefined : yield* patch.read(path, 'base');
      if (text !== undefined) texts.set(path, text);
    }
  const author = authorOf(yield* patch.read('package.json', 'base'));
  const holders = (paths: readonly string[]): readonly string[] => [
    ...new Set(
      paths.flatMap((path) =>
        stretches(path, texts.get(path) ?? '')
          .flatMap(notices)
          .map((one) => one.holder),
      ),
    ),
  ];
  const isLicence = (path: string): boolean =>
    !path.includes('/') && top.includes(path.toLowerCase().split('.')[0] ?? '');
  const licensed = holders([...texts.keys()].filter(isLicence));
  if (author !== undefined && holders([...texts.keys()]).includes(author)) return author;
  if (licensed.length > 0) return licensed.length === 1 ? licensed[0] : undefined;
  for (const said of ['opyright', 'OPYRIGHT', '©', '(c)', '(C)'])
    for (const path of yield* patch.containing(said))
      if (!texts.has(path) && texts.size < 200)
        texts.set(path, (yield* patch.read(path, 'base')) ?? '');
  const all = holders([...texts.keys()]);
  if (author !== undefined && all.includes(author)) return author;
  const lent = [
    'vendor',
    'vendored',
    'third_party',
    'third-party',
    'thirdparty',
    'external',
    'node_modules',
  ];
  const local = holders(
    [...texts.keys()].filter(
      (path) =>
        !path
          .toLowerCase()
          .split('/')
          .slice(0, -1)
          .some((part) => lent.includes(part)),
    ),
  );
  return local.length === 1 ? local[0] : undefined;
}

const authorOf = (manifest: string | undefined): string | undefined => {
  try {
    const { author } = JSON.parse(manifest ?? '{}') as { readonly author?: unknown };
    const name =
      typeof author === 'object' && author !== null && 'name' in author ? author.name : author;
    return typeof name === 'string' ? name.split(/[<(]/, 1)[0]?.trim() : undefined;
  } catch {
    return undefined;
  }
};
