// SPDX-License-Identifier: GPL-3.0-only
import { isUtf8 } from 'node:buffer';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../data/user-error.ts';
import { blobOid, zeroOid } from './blob-oid.ts';
import { cQuote } from './c-quote.ts';
import { GitFault, git } from './git.ts';
import type { FileChange } from './overlay.ts';
import { firstDifference } from './patch-digest.ts';
import { createScratchRepository, scratchEnvironment } from './scratch-repository.ts';
import { thinBundle } from './thin-bundle.ts';

/** A commit that is not the one commit it is said to be. */
export class CommitFault extends Error {
  override readonly name = 'CommitFault';
}

export type CommitPlan = {
  readonly repository: string;
  /** A folder of its own, absent or empty; it holds the objects and the bundle afterwards. */
  readonly scratch: string;
  /** Commit id the new commit is built on. */
  readonly base: string;
  readonly changes: readonly FileChange[];
  /** New content of a path in `changes` that is not removed; `overlay.written` fits. */
  readonly content: (path: string) => Uint8Array | undefined | Promise<Uint8Array | undefined>;
  readonly message: string;
  /** ISO 8601; whole seconds count. */
  readonly date: string;
  /** `Name <mail>`, as the committer; default Pantheon. */
  readonly author?: string;
  readonly committer?: string;
};

/** Path of a git bundle, and the commit it holds on top of the base. */
export type BuiltCommit = { readonly commit: string; readonly bundle: string };

/** Who commits, and writes where nobody else is named. */
export const pantheonAuthor = 'Pantheon <pantheon@localhost>';

const reference = 'refs/pantheon/commit';

/**
 * Builds one commit and a git bundle with it, apart from the user's repository: its objects are read,
 * nothing in it is written. The same plan gives the same commit id.
 * @throws CommitFault when contents and changes disagree, GitFault when git refuses.
 */
export const buildCommit = async (plan: CommitPlan): Promise<BuiltCommit> => {
  const store = join(plan.scratch, 'repository.git');
  const bundle = join(plan.scratch, 'commit.bundle');
  mkdirSync(plan.scratch, { recursive: true });
  await createScratchRepository(plan.repository, store);
  const { stdout } = await git(store, ['fast-import', '--quiet', '--done'], {
    env: { ...scratchEnvironment },
    stdin: await importStream(plan),
  });
  const commit = stdout.toString().trim();
  const odd = firstDifference(plan.changes, await changesOf(store, plan.base, commit));
  if (odd !== undefined) throw new CommitFault(`the commit and its changes disagree at ${odd}`);
  writeFileSync(bundle, await thinBundle(store, plan.base, commit));
  return { commit, bundle };
};

/** Input for git-fast-import: one commit with its files inline; its id is what is printed. */
const importStream = async (plan: CommitPlan): Promise<Buffer> => {
  const { base, changes, message, date, author = pantheonAuthor } = plan;
  const { committer = pantheonAuthor } = plan;
  const seconds = Math.floor(Date.parse(date) / 1000);
  if (!Number.isFinite(seconds)) throw new CommitFault(`${date} is not an ISO 8601 date`);
  for (const [role, person] of Object.entries({ author, committer })) {
    if (/^[^<>\n\0]+ <[^<>\n\0]*>$/.test(person)) continue;
    throw new CommitFault(`the ${role} ${JSON.stringify(person)} is not "Name <mail>"`);
  }
  if (message.includes('\0')) throw new CommitFault('the message contains a NUL byte');
  if (changes.length === 0) throw new CommitFault('there is no change to commit');
  const parts: Uint8Array[] = [
    `commit ${reference}\nmark :1\nauthor ${author} ${seconds} +0000\ncommitter ${committer} ${seconds} +0000\n`,
    ...data(message.endsWith('\n') ? message : `${message}\n`),
    `from ${base}\n`,
  ].map((part) => Buffer.from(part));
  for (const change of changes) parts.push(...(await importFile(plan, change)));
  parts.push(Buffer.from('get-mark :1\ndone\n'));
  return Buffer.concat(parts);
};

const importFile = async (
  { content }: CommitPlan,
  { path, mode, oid }: FileChange,
): Promise<readonly Buffer[]> => {
  if (oid === zeroOid(oid.length)) return [Buffer.from(`D ${cQuote(path)}\n`)];
  const bytes = await content(path);
  if (!bytes || blobOid(bytes, oid.length) !== oid) {
    throw new CommitFault(`the content of ${path} is not what the changes say`);
  }
  return [
    Buffer.from(`M ${mode} inline ${cQuote(path)}\n`),
    ...data(bytes).map((part) => Buffer.from(part)),
  ];
};

const data = (content: string | Uint8Array): readonly (string | Uint8Array)[] => [
  `data ${Buffer.byteLength(content)}\n`,
  content,
  '\n',
];

/**
 * What `commit` changes, sorted by code unit, read back from it.
 * @throws CommitFault when its only parent is not `base` or a name is not UTF-8.
 */
export const changesOf = async (
  repository: string,
  base: string,
  commit: string,
): Promise<readonly FileChange[]> => {
  for (const id of [base, commit]) {
    if (!/^[0-9a-f]{40,64}$/.test(id)) throw new CommitFault(`${id} is not a commit id`);
  }
  const { stdout } = await git(repository, [
    'diff-tree',
    ...['-r', '-z', '--raw', '--no-renames', '--always', '--format=%P', commit],
  ]);
  const end = stdout.indexOf(0);
  if (stdout.toString('latin1', 0, end) !== base) {
    throw new CommitFault(`${commit} is not one commit on ${base}`);
  }
  return parseRaw(stdout.subarray(end + 1));
};

/** Reads `:<mode> <mode> <oid> <oid> <status>NUL<path>NUL` records (git-diff-tree, Raw output format). */
const parseRaw = (raw: Buffer): readonly FileChange[] => {
  if (!isUtf8(raw)) throw new CommitFault('the commit changes a file whose name is not UTF-8');
  // A line break parts them from the format before.
  const fields = raw.toString().replace(/^\n/, '').split('\0').slice(0, -1);
  const changes: FileChange[] = [];
  for (let at = 0; at < fields.length; at += 2) {
    const [, mode = '', baseOid = '', oid = ''] = fields[at]?.split(' ') ?? [];
    changes.push({ path: fields[at + 1] ?? '', mode, baseOid, oid });
  }
  return changes.sort((a, b) => (a.path < b.path ? -1 : 1));
};

/**
 * Brings the objects of a bundle into a repository; no ref changes. Every object is checked
 * (`index-pack --strict`); whether `commit` is one of them shows when it is read (`changesOf`).
 * @throws CommitFault when the bundle does not name `commit` alone, GitFault when it is broken.
 */
export const fetchBundle = async (
  repository: string,
  bundlePath: string,
  commit: string,
): Promise<void> => {
  const bytes = readFileSync(bundlePath);
  const end = bytes.indexOf('\n\n');
  const head = bytes.toString('utf8', 0, Math.max(end, 0)).split('\n');
  const tips = head.slice(1).filter((line) => !line.startsWith('-') && !line.startsWith('@'));
  if (
    !/^# v[23] git bundle$/.test(head[0] ?? '') ||
    tips.length !== 1 ||
    !tips[0]?.startsWith(`${commit} `)
  ) {
    throw new CommitFault(`${bundlePath} is not a git bundle of ${commit} alone`);
  }
  await git(repository, ['index-pack', '--stdin', '--fix-thin', '--strict'], {
    stdin: bytes.subarray(end + 2),
  });
};

/**
 * Creates a branch if there is none of that name: `created`; `present` when it holds that commit
 * already; `taken` when it holds another, or a branch of that name cannot be beside the others.
 * @throws GitFault when the name or the commit is not valid; UserError when git's lock on it stays, or another branch is where the name needs a folder.
 */
export const createBranch = async (
  repository: string,
  name: string,
  commit: string,
): Promise<'created' | 'present' | 'taken'> => {
  // What `git branch` refuses and `update-ref` does not.
  if (name.startsWith('-') || name === 'HEAD') {
    throw new GitFault(`${JSON.stringify(name)} is not a valid name of a branch`);
  }
  const ref = `refs/heads/${name}`;
  try {
    await git(repository, ['update-ref', ref, commit, zeroOid(commit.length)]);
    return 'created';
  } catch (fault) {
    if (!(fault instanceof GitFault)) throw fault;
    const current = await heldBy(repository, ref);
    if (current === commit) return 'present';
    const lock = /Unable to create '(.+\.lock)': File exists/.exec(fault.stderr)?.[1];
    if (lock !== undefined) {
      const advice = 'Wait for the other git process, or delete the file if none is running';
      throw new UserError(`is the lock of git on ${name}. ${advice}`, { place: { file: lock } });
    }
    const shadow = /'refs\/heads\/([^']+)' exists; cannot create/.exec(fault.stderr)?.[1];
    if (shadow !== undefined && name.startsWith(`${shadow}/`)) {
      throw new UserError(
        `The branch "${shadow}" leaves no room for "${name}". Rename it: git branch -m ${shadow} ${shadow}-old`,
      );
    }
    if (current !== undefined || shadow !== undefined) return 'taken';
    throw fault;
  }
};

const heldBy = async (repository: string, ref: string): Promise<string | undefined> => {
  const { stdout } = await git(repository, [
    'for-each-ref',
    '--format=%(objectname) %(refname)',
    ref,
  ]);
  const line = stdout
    .toString()
    .split('\n')
    .find((text) => text.endsWith(` ${ref}`));
  return line?.split(' ')[0];
};
