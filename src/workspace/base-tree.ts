// SPDX-License-Identifier: GPL-3.0-only
import { isUtf8 } from 'node:buffer';
import { UserError } from '../data/user-error.ts';
import { openBlobReader } from './blob-reader.ts';
import { cQuote, cQuoteIfNeeded } from './c-quote.ts';
import { GitFault, git } from './git.ts';
import { misleadingPath, parentsOf } from './path.ts';

export type TreeEntry = {
  /** `100644`, `100755`, `120000` (symlink) or `160000` (submodule). */
  readonly mode: string;
  readonly oid: string;
  /** Bytes; 0 for a submodule. */
  readonly size: number;
};

/** The files of one commit, read through one long-lived `git cat-file --batch`. */
export type BaseTree = {
  /** A folder in the repository. */
  readonly repository: string;
  readonly commit: string;
  /** By path, in git's order. */
  readonly entries: ReadonlyMap<string, TreeEntry>;
  /** Names that are not UTF-8, as git quotes them; they are in no other list. */
  readonly unreadable?: readonly string[];
  /** A blob's bytes, a copy of the caller's own. @throws GitFault */
  readonly read: (oid: string) => Promise<Uint8Array>;
  readonly close: () => Promise<void>;
};

/**
 * Lists a commit's files; `repository` is a folder in it. A whole id is taken for a commit's. The process that reads blobs starts with
 * the first read and never keeps this one from ending.
 * @throws GitFault when there is no such commit; UserError for a path that no checkout may have.
 */
export const openBaseTree = async (repository: string, commit: string): Promise<BaseTree> => {
  const [oid, { stdout: listing }] = await Promise.all([
    commitId(repository, commit),
    git(repository, ['ls-tree', '-r', '-z', '-l', '--full-tree', '--end-of-options', commit]),
  ]);
  const { entries, unreadable } = parseListing(listing);
  const blobs = openBlobReader(repository);
  return { repository, commit: oid, entries, unreadable, ...blobs };
};

/** A whole id needs no process of its own to be told what it is. */
const commitId = async (repository: string, commit: string): Promise<string> => {
  if (/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(commit)) return commit;
  const args = ['rev-parse', '--verify', '--end-of-options', `${commit}^{commit}`];
  const { stdout } = await git(repository, args);
  return stdout.toString().trim();
};

/** Reads `<mode> <type> <oid> <size>TAB<name>NUL` records (git-ls-tree, Output format). */
const parseListing = (
  listing: Buffer,
): { entries: Map<string, TreeEntry>; unreadable: readonly string[] } => {
  const entries = new Map<string, TreeEntry>();
  const folders = new Set<string>();
  const unreadable: string[] = [];
  let start = 0;
  while (start < listing.length) {
    const end = listing.indexOf(0, start);
    const tab = listing.indexOf(0x09, start);
    if (end < 0 || tab < 0 || tab > end) throw new GitFault('git ls-tree printed a broken record');
    const [mode = '', , oid = '', size] = listing.toString('latin1', start, tab).split(/ +/);
    const bytes = listing.subarray(tab + 1, end);
    const readable = isUtf8(bytes);
    const name = bytes.toString(readable ? 'utf8' : 'latin1');
    refusePath(bytes, misleadingPath(name));
    if (readable) {
      refusePath(bytes, entries.has(name) ? twice : undefined);
      // `-` for a submodule, `BAD` for a blob that is not there: reading it says so.
      entries.set(name, { mode, oid, size: Number.parseInt(size ?? '', 10) || 0 });
      addFolders(folders, name);
    } else {
      unreadable.push(cQuote(bytes));
    }
    start = end + 1;
  }
  for (const folder of folders) {
    refusePath(Buffer.from(folder), entries.has(folder) ? twice : undefined);
  }
  return { entries, unreadable };
};

const twice = 'is in one tree twice';

const addFolders = (folders: Set<string>, path: string): void => {
  for (const folder of parentsOf(path)) {
    if (folders.has(folder)) return;
    folders.add(folder);
  }
};

/** git makes no such tree; who reads on would write elsewhere, or read what a person was not shown. */
const refusePath = (path: Buffer, what: string | undefined): void => {
  if (what === undefined) return;
  const name = isUtf8(path) ? cQuoteIfNeeded(path.toString()) : cQuote(path);
  throw new UserError(
    `the commit has a path that ${what}; git makes none, so nothing of the commit is used. Find out who made it, and commit the files again without it`,
    { place: { file: name } },
  );
};
