// SPDX-License-Identifier: GPL-3.0-only

export type PathFault = {
  readonly rule: string;
  /** What is wrong, as the end of a sentence about the path. */
  readonly what: string;
  /** A sentence for the model that gave the path. */
  readonly reason: string;
};

const maxPathBytes = 4096;
const maxPartBytes = 255;

/** Code points that HFS+ leaves out of a name (git's utf8.c, next_hfs_char). */
export const hfsIgnorable = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/gu;

/** Plain parts of plain characters, the common case: nothing below can object to them. */
const plainPath =
  /^(?:[A-Za-z0-9_][A-Za-z0-9_ -]*(?:\.[A-Za-z0-9_-]+)*\/)*[A-Za-z0-9_][A-Za-z0-9_ -]*(?:\.[A-Za-z0-9_-]+)*$/;

const advice = 'give a path from the top of the repository such as "docs/note.md"';

/** Whether Windows or macOS would open `.git` under this name (git's is_ntfs_dotgit, is_hfs_dotgit). */
const isDotGit = (part: string): boolean =>
  part
    .normalize('NFKC')
    .replace(hfsIgnorable, '')
    .split('\\')
    .some((name) => /^(?:\.git|git~\d+)[. ]*(?::|$)/i.test(name));

const shown = (path: string): string => JSON.stringify(path.slice(0, 200));

/**
 * What is wrong with a path, whatever tree it is meant for: it must be relative, with `/` between
 * plain parts, and stay out of `.git` under every name a file system may know it by. `undefined`
 * when nothing is.
 */
export const judgePath = (path: string): PathFault | undefined => {
  if (path.length <= maxPartBytes && plainPath.test(path)) return undefined;
  const named = path === '' ? 'The path' : `The path ${shown(path)}`;
  const fault = (rule: string, what: string, fix = advice): PathFault => ({
    ...{ rule, what },
    reason: `${named} ${what}; ${fix}.`,
  });
  if (path === '') return fault('path-empty', 'is empty');
  if (path.length > maxPathBytes || Buffer.byteLength(path) > maxPathBytes) {
    return fault('path-length', `is longer than ${maxPathBytes} bytes`);
  }
  if (!path.isWellFormed()) return fault('path-encoding', 'contains half a character');
  if (/\p{Cc}/u.test(path)) {
    return fault('path-characters', 'contains a control character', 'leave it out');
  }
  if (path.includes('\\')) {
    return fault('path-characters', 'contains a backslash', 'put "/" between folders');
  }
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) return fault('path-absolute', 'is absolute');
  const parts = path.split('/');
  const misleading = parts.map(judgePart).find(Boolean);
  if (misleading) return fault(misleading.rule, misleading.what, misleading.fix);
  return parts.some((part) => Buffer.byteLength(part) > maxPartBytes)
    ? fault('path-length', `has a part longer than ${maxPartBytes} bytes`, 'choose a shorter name')
    : undefined;
};

/**
 * What in a path of a commit would lead a checkout out of its folder or into git's own, as the end of
 * a sentence. git makes no such path: somebody wrote the tree by hand.
 */
export const misleadingPath = (path: string): string | undefined =>
  plainPath.test(path) ? undefined : path.split('/').map(judgePart).find(Boolean)?.what;

/**
 * The same as `judgePath` for a glob. Its characters stand for part of a name, so it is judged with
 * each of them as a letter.
 */
export const judgePattern = (pattern: string): PathFault | undefined => {
  const path = pattern.replace(/^\\(?=!)/, '').replace(/[*?[\]{}()!+@|^$,]/g, 'x');
  const judged = judgePath(path);
  return judged && { ...judged, reason: judged.reason.replace(path, () => pattern) };
};

type PartFault = { readonly rule: string; readonly what: string; readonly fix: string };

const judgePart = (part: string): PartFault | undefined => {
  if (part === '' || part === '.') {
    return { rule: 'path-parts', what: 'has an empty or "." part', fix: advice };
  }
  if (part === '..') return { rule: 'path-parts', what: 'leads upwards with ".."', fix: advice };
  if (!isDotGit(part)) return undefined;
  const what = "leads into git's own folder, which is closed";
  return { rule: 'path-git', what, fix: "work on the repository's files" };
};

/** The folders a path lies in, innermost first. */
export function* parentsOf(path: string): Generator<string> {
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
    yield path.slice(0, end);
  }
}
