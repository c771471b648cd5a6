// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import { type Judge, readOthers } from '../../src/chore/patch.ts';
import { splitFrontmatter } from '../../src/markdown/frontmatter.ts';
import { linksOf } from '../../src/markdown/links.ts';
import { compileScope, selectPaths } from '../../src/spec/scope.ts';

type Args = { readonly files?: readonly string[] };

/** Points every broken link at its file again; also in pages that are not in the patch. */
export const redo: Judge<Args> = function* ({ files }, patch, texts) {
  const globs = files?.length ? files : ['**'];
  const isPage = (path: string): boolean =>
    ['.md', '.markdown'].includes(posix.extname(path).toLowerCase()) &&
    selectPaths([path], globs).length > 0;
  const pages = new Map<string, string>();
  for (const path of patch.paths.filter(isPage)) {
    const text = texts.get(path);
    if (text !== undefined) pages.set(path, text);
  }
  for (const [path, text] of yield* readOthers(patch, isPage)) pages.set(path, text);
  const { scope, context } = patch.spec;
  const sees = compileScope([...scope, ...context]);
  const isWhole =
    ['a', '.b/c.md', 'd/e/f.ts'].every(sees) &&
    (context.includes('**') || !scope.some((one) => one.startsWith('!')));
  if (!isWhole) return { findings: ['a part of the tree is out of sight, in which files may be'] };
  const tree = yield* patch.files();
  const done = new Map<string, string>();
  for (const [path, text] of pages) {
    const now = pointed(path, text, tree);
    if (now !== text || patch.patched.has(path)) done.set(path, now);
  }
  return { texts: done, findings: [] };
};

/** The page with its broken links pointed at the only files of their names. */
const pointed = (path: string, text: string, tree: readonly string[]): string => {
  const split = splitFrontmatter(text);
  if ('refused' in split) return text;
  const ahead = text.slice(0, text.length - split.body.length);
  let body = split.body;
  for (const { kind, target, start } of [...linksOf(body)].sort((a, b) => b.start - a.start)) {
    if (kind === 'wiki' || /^(?:[a-z][a-z\d+.-]*:|[/#?])|[{}<>$\\]/i.test(target)) continue;
    const end = target.search(/[#?]/);
    const written = end === -1 ? target : target.slice(0, end);
    const said = unescaped(written);
    const there = posix.normalize(posix.join(posix.dirname(path), said)).replace(/\/$/, '');
    const isThere = (one: string): boolean => one === there || one.startsWith(`${there}/`);
    if (there === '.' || tree.some(isThere) || written.endsWith('/')) continue;
    const ends = tree.filter((one) => `/${one}`.endsWith(`/${posix.basename(said)}`));
    if (ends.length !== 1) continue;
    const open = body[start - 1] === '<';
    let way = posix.relative(posix.dirname(path), ends[0] ?? '');
    for (const sign of open ? '%<>#?\\' : '%<>#?\\() \t')
      way = way.replaceAll(sign, `%${Buffer.from(sign).toString('hex').toUpperCase()}`);
    if (written.startsWith('./') && !way.startsWith('..')) way = `./${way}`;
    body = body.slice(0, start) + way + body.slice(start + written.length);
  }
  return ahead + body;
};

const unescaped = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
