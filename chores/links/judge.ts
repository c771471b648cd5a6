// SPDX-License-Identifier: GPL-3.0-only
import { coveredBy, type Judge, undoneIn } from '../../src/chore/patch.ts';
import { blankBlocks, blankCodeSpans } from '../../src/markdown/prose.ts';

type Args = { readonly files?: readonly string[] };

/** Targets that differ from the base's must have been broken and lead to the one file of their name; they are put back. */
export const judge: Judge<Args> = function* ({ files }, patch, texts) {
  const left = new Map<string, string>();
  const findings: string[] = [];
  const isPage = (path: string): boolean =>
    /\.(?:md|markdown)$/i.test(path) && coveredBy(files)(path);
  const pages = patch.paths.filter(isPage);
  const all = [...patch.spec.scope, ...patch.spec.context];
  const at = Math.max(all.lastIndexOf('**'), all.lastIndexOf('**/*'));
  if (at === -1 || all.slice(at).some((one) => one.startsWith('!')))
    return { findings: ['files may be where the spec does not let anybody look'] };
  if (pages.length === 0) return { findings };
  const tree = new Set(yield* patch.files());
  for (const path of pages) {
    const [before, now] = [patch.base.get(path), texts.get(path)];
    if (before === undefined || now === undefined) continue;
    const [old, next] = [targetsIn(before), targetsIn(now)];
    if (old.length !== next.length) continue;
    let text = now;
    for (const [index, target] of next.entries().toArray().toReversed()) {
      const was = old[index];
      if (!was || was.words === target.words) {
        if (was && isLeft(path, was.words, tree))
          findings.push(`${path}: the link to ${was.words.slice(0, 100)} is still broken`);
        continue;
      }
      const problem = problemOf(path, was.words, target.words, tree);
      if (problem === undefined)
        text = text.slice(0, target.at) + was.words + text.slice(target.at + target.words.length);
      else findings.push(`${path}: the link to ${was.words.slice(0, 100)} ${problem}`);
    }
    left.set(path, text);
  }
  const others = yield* undoneIn(patch, isPage, (path, text) =>
    targetsIn(text).some(({ words }) => isLeft(path, words, tree)),
  );
  return { texts: left, findings: [...findings, ...others] };
};

/** Whether a link leads nowhere though it could lead to the one file of its name. */
const isLeft = (path: string, words: string, tree: ReadonlySet<string>): boolean =>
  nameOf(words) !== '' && isLost(path, words, tree) && homes(nameOf(words), tree).length === 1;

type Target = { readonly at: number; readonly words: string };

const inline = /\]\(\s*(?:<([^<>\n]*)>|([^()\s<]*(?:\([^()\s]*\)[^()\s]*)*))/dg;
const reference = /^ {0,3}\[(?!\^)[^[\]\n]+\]:[ \t]*(?:<([^<>\n]*)>|(\S+))/dgm;

/** What links lead to, in the order of the page. */
const targetsIn = (page: string): readonly Target[] => {
  const front =
    /^\uFEFF?---[ \t]*\r?\n[\s\S]*?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/.exec(page)?.[0] ?? '';
  const body = blankCodeSpans(blankBlocks(page.slice(front.length)));
  const targets = [inline, reference].flatMap((form) =>
    [...body.matchAll(form)].flatMap(({ indices }) => {
      const [start = 0, end = 0] = indices?.[1] ?? indices?.[2] ?? [];
      const words = body.slice(start, end);
      return words.trim() === '' ? [] : [{ at: front.length + start, words }];
    }),
  );
  return targets.sort((a, b) => a.at - b.at);
};

const bare = (words: string): string => {
  const path = words.trim().split(/[#?]/, 1)[0] ?? '';
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
};

const nameOf = (words: string): string => bare(words).split('/').at(-1) ?? '';

/** The path that a target means, part by part; `undefined` where it leaves the tree. */
const walk = (path: string, words: string): string | undefined => {
  const parts = path.split('/').slice(0, -1);
  for (const part of bare(words).split('/')) {
    if (part === '..' && parts.length === 0) return undefined;
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
};

const isLost = (path: string, words: string, tree: ReadonlySet<string>): boolean => {
  if (/^(?:[a-z][a-z0-9+.-]*:|[/#?])|[{}<>$\\]/i.test(words.trim())) return false;
  const target = walk(path, words);
  if (target === undefined) return true;
  return (
    target !== '' && !tree.has(target) && ![...tree].some((one) => one.startsWith(`${target}/`))
  );
};

const homes = (name: string, tree: ReadonlySet<string>): readonly string[] =>
  [...tree].filter((one) => one.split('/').at(-1) === name);

/** What is wrong with a link that was pointed elsewhere. */
const problemOf = (
  path: string,
  was: string,
  now: string,
  tree: ReadonlySet<string>,
): string | undefined => {
  if (!isLost(path, was, tree)) return 'was not broken';
  const found = homes(nameOf(was), tree);
  if (nameOf(was) === '' || found.length !== 1) return 'has no one file to lead to';
  if (walk(path, now) !== found[0]) return `must lead to ${found[0]}`;
  const [tail, kept] = [was, now].map((words) => words.slice(words.search(/[#?]|$/)));
  if (tail !== kept) return 'lost its place in the page, or got another';
  return shortest(path, found[0] ?? '', was, now) ? undefined : 'is not written in the plain way';
};

/** No detours, no other signs than the file's own, and `./` where it was. */
const shortest = (path: string, file: string, was: string, now: string): boolean => {
  const [from, to] = [path.split('/').slice(0, -1), file.split('/')];
  let same = 0;
  while (same < from.length && same < to.length - 1 && from[same] === to[same]) same += 1;
  const way = [...from.slice(same).map(() => '..'), ...to.slice(same)].join('/');
  const dot = was.startsWith('./') && !way.startsWith('../') ? './' : '';
  const written = now.slice(0, now.search(/[#?]|$/));
  const plain = (text: string): string =>
    text.replace(/%(?:20|28|29|3C|3E|25|23|3F|5C|09)/g, (code) => decodeURIComponent(code));
  return plain(written) === dot + way;
};
