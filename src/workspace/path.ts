// SPDX-License-Identifier: GPL-3.0-only

export type PathFault = { readonly rule: string; readonly reason: string };

const maxPathBytes = 4096;
const maxPartBytes = 255;

/** Code points that HFS+ leaves out of a name (git's utf8.c, next_hfs_char). */
export const hfsIgnorable = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/gu;

/** Plain parts of plain characters, the common case: nothing below can object to them. */
const plainPath =
  /^(?:[A-Za-z0-9_][A-Za-z0-9_ -]*(?:\.[A-Za-z0-9_-]+)*\/)*[A-Za-z0-9_][A-Za-z0-9_ -]*(?:\.[A-Za-z0-9_-]+)*$/;

const advice = 'give a path from the top of the repository such as "docs/note.md"';

/** Whether Windows or macOS would open `.git` under this name (git's is_ntfs_dotgit, is_hfs_dotgit). */
const isDotGit = (part: string): boolean => {
  const seen = part.normalize('NFKC').replace(hfsIgnorable, '').split(':')[0] ?? '';
  return /^(?:\.git|git~\d+)[. ]*$/i.test(seen);
};

const shown = (path: string): string => JSON.stringify(path.slice(0, 200));

/**
 * What is wrong with a path, whatever tree it is meant for: it must be relative, with `/` between
 * plain parts, and stay out of `.git` under every name a file system may know it by. `undefined`
 * when nothing is; the reason is a sentence for the model that gave it.
 */
export const judgePath = (path: string): PathFault | undefined => {
  if (path.length <= maxPartBytes && plainPath.test(path)) return undefined;
  if (path === '') return fault('path-empty', `The path is empty; ${advice}.`);
  if (path.length > maxPathBytes || Buffer.byteLength(path) > maxPathBytes) {
    return fault('path-length', `The path is longer than ${maxPathBytes} bytes; ${advice}.`);
  }
  const named = `The path ${shown(path)}`;
  if (!path.isWellFormed()) {
    return fault('path-encoding', `${named} contains half a character; ${advice}.`);
  }
  if (/\p{Cc}/u.test(path)) {
    return fault('path-characters', `${named} contains a control character; leave it out.`);
  }
  if (path.includes('\\')) {
    return fault('path-characters', `${named} contains a backslash; put "/" between folders.`);
  }
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) {
    return fault('path-absolute', `${named} is absolute; ${advice}.`);
  }
  return path.split('/').map(judgePart(named)).find(Boolean);
};

const fault = (rule: string, reason: string): PathFault => ({ rule, reason });

/**
 * The same for a glob. Its characters stand for part of a name, so it is judged with each of them as
 * a letter.
 */
export const judgePattern = (pattern: string): PathFault | undefined => {
  const path = pattern.replace(/^\\(?=!)/, '').replace(/[*?[\]{}()!+@|^$,]/g, 'x');
  const judged = judgePath(path);
  return judged && { ...judged, reason: judged.reason.replace(path, () => pattern) };
};

const judgePart =
  (named: string) =>
  (part: string): PathFault | undefined => {
    if (part === '' || part === '.') {
      return fault('path-parts', `${named} has an empty or "." part; ${advice}.`);
    }
    if (part === '..') return fault('path-parts', `${named} leads upwards with ".."; ${advice}.`);
    if (isDotGit(part)) {
      return fault(
        'path-git',
        `${named} leads into git's own folder, which is closed; work on the repository's files.`,
      );
    }
    return Buffer.byteLength(part) > maxPartBytes
      ? fault(
          'path-length',
          `${named} has a part longer than ${maxPartBytes} bytes; choose a shorter name.`,
        )
      : undefined;
  };
