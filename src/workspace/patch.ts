// SPDX-License-Identifier: GPL-3.0-only
import { isUtf8 } from 'node:buffer';
import type { BaseTree } from './base-tree.ts';
import { cQuoteIfNeeded } from './c-quote.ts';
import { Denied } from './denied.ts';
import { formatLiteral } from './git-binary.ts';
import { formatHunks, splitLines } from './hunks.ts';
import { createOverlay, type FileChange, type Overlay, type OverlayReach } from './overlay.ts';
import { firstDifference, patchDigest } from './patch-digest.ts';
import { type ParsedFile, type ParsedHunk, PatchFault, parsePatch } from './patch-parse.ts';

export type PatchStats = {
  readonly files: number;
  readonly insertions: number;
  readonly deletions: number;
};

export type Patch = { readonly diff: string; readonly stats: PatchStats };

const empty = new Uint8Array(0);

/** A tree and what is changed in it. */
type ChangedTree = Pick<Overlay, 'base' | 'changes' | 'written'>;

/**
 * The overlay's changes in the form of `git diff --binary --full-index`, files sorted by code unit.
 * What is not UTF-8 goes in as a binary patch, so that a string can hold it.
 */
export const formatPatch = async (overlay: ChangedTree, context = 3): Promise<Patch> => {
  const files = await Promise.all(
    overlay.changes().map((change) => formatFile(overlay, change, context)),
  );
  const sum = (key: 'insertions' | 'deletions'): number =>
    files.reduce((total, file) => total + file[key], 0);
  return {
    diff: files.map(({ text }) => text).join(''),
    stats: { files: files.length, insertions: sum('insertions'), deletions: sum('deletions') },
  };
};

/** The overlay's changes as an output has them: patch, list and digest. */
export const stampedPatch = async (overlay: ChangedTree) => {
  const changes = [...overlay.changes()];
  return { ...(await formatPatch(overlay)), changes, patchDigest: patchDigest(changes) };
};

type FormattedFile = {
  readonly text: string;
  readonly insertions: number;
  readonly deletions: number;
};

const formatFile = async (
  { base, written }: ChangedTree,
  { path, mode, oid, baseOid }: FileChange,
  context: number,
): Promise<FormattedFile> => {
  const entry = base.entries.get(path);
  const newBytes = written(path);
  const oldBytes = entry ? await base.read(entry.oid) : empty;
  const [oldName, newName] = [cQuoteIfNeeded(`a/${path}`), cQuoteIfNeeded(`b/${path}`)];
  const head = [
    `diff --git ${oldName} ${newName}\n`,
    entry ? '' : `new file mode ${mode}\n`,
    newBytes ? '' : `deleted file mode ${entry?.mode}\n`,
    `index ${baseOid}..${oid}${entry && newBytes ? ` ${mode}` : ''}\n`,
  ].join('');
  if (isBinary(oldBytes) || isBinary(newBytes ?? empty)) {
    const body = formatLiteral(newBytes ?? empty) + formatLiteral(oldBytes);
    return { text: `${head}GIT binary patch\n${body}`, insertions: 0, deletions: 0 };
  }
  const hunks = await formatHunks(linesOf(oldBytes), linesOf(newBytes ?? empty), context);
  if (hunks.text === '') return { ...hunks, text: head };
  // git closes a name that holds a space with a tab, for the sake of old patch programs.
  const tab = path.includes(' ') ? '\t' : '';
  const oldLine = entry ? `${oldName}${tab}` : '/dev/null';
  const newLine = newBytes ? `${newName}${tab}` : '/dev/null';
  return { ...hunks, text: `${head}--- ${oldLine}\n+++ ${newLine}\n${hunks.text}` };
};

/** git's test (a NUL in the first 8000 bytes), and whatever a string could not hold. */
const isBinary = (bytes: Uint8Array): boolean =>
  bytes.subarray(0, 8000).includes(0) || !isUtf8(bytes);

const linesOf = (bytes: Uint8Array): readonly string[] =>
  splitLines(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString());

/**
 * The overlay that a diff from `formatPatch` describes, rebuilt on its base. Every hunk must fit to
 * the line, and the result must have exactly `changes`.
 * @throws PatchFault
 */
export const applyPatch = async (
  base: BaseTree,
  reach: OverlayReach,
  diff: string,
  changes: readonly FileChange[],
): Promise<Overlay> => {
  const overlay = createOverlay(base, reach);
  const files = new Map<string, ParsedFile>();
  for (const file of parsePatch(diff)) {
    if (files.has(file.path)) throw new PatchFault(`The diff names ${file.path} twice.`);
    files.set(file.path, file);
    await applyFile(overlay, file);
  }
  const actual = overlay.changes();
  for (const change of actual) verifyHead(base, change, files.get(change.path));
  const odd = firstDifference(changes, actual);
  if (odd !== undefined)
    throw new PatchFault(`The diff and the list of its changes disagree at ${odd}.`);
  return overlay;
};

const applyFile = async (overlay: Overlay, { path, kind, content }: ParsedFile): Promise<void> => {
  const entry = overlay.base.entries.get(path);
  if ((kind === 'new') === Boolean(entry)) {
    throw new PatchFault(`${path} is ${kind} in the diff and ${entry ? '' : 'not '}in the base.`);
  }
  const oldBytes = entry ? await overlay.base.read(entry.oid) : empty;
  const newBytes =
    'hunks' in content ? applyHunks(path, oldBytes, content.hunks) : content.newBytes;
  if ('oldBytes' in content && Buffer.compare(content.oldBytes, oldBytes) !== 0) {
    throw new PatchFault(`The old content of ${path} is not the base's.`);
  }
  if (kind === 'deleted' && newBytes.length > 0) {
    throw new PatchFault(`${path} is deleted in the diff and still has content.`);
  }
  try {
    if (kind === 'deleted') overlay.remove(path);
    else overlay.write(path, newBytes);
  } catch (cause) {
    if (!(cause instanceof Denied)) throw cause;
    throw new PatchFault(`The diff changes what it may not: ${cause.message}`, { cause });
  }
};

const applyHunks = (
  path: string,
  oldBytes: Uint8Array,
  hunks: readonly ParsedHunk[],
): Uint8Array => {
  if (hunks.length === 0) return oldBytes;
  if (!isUtf8(oldBytes)) throw new PatchFault(`${path} is not text in the base.`);
  const oldLines = linesOf(oldBytes);
  const parts: string[] = [];
  let at = 0;
  let newLine = 0;
  for (const hunk of hunks) {
    const kept = oldLines.slice(at, Math.max(at, hunk.oldStart));
    const fits =
      hunk.oldStart >= at &&
      hunk.newStart === newLine + kept.length &&
      hunk.oldLines.every((line, offset) => line === oldLines[hunk.oldStart + offset]);
    if (!fits) throw new PatchFault(`A hunk does not fit line ${hunk.oldStart + 1} of ${path}.`);
    for (const line of kept) parts.push(line);
    for (const line of hunk.newLines) parts.push(line);
    newLine += kept.length + hunk.newLines.length;
    at = hunk.oldStart + hunk.oldLines.length;
  }
  for (const line of oldLines.slice(at)) parts.push(line);
  return Buffer.from(parts.join(''));
};

/** What people and reviewers read above the hunks has to be true as well. */
const verifyHead = (base: BaseTree, change: FileChange, file: ParsedFile | undefined): void => {
  const mode = file?.kind === 'deleted' ? base.entries.get(change.path)?.mode : change.mode;
  if (file?.mode !== mode || file?.oldOid !== change.baseOid || file.newOid !== change.oid) {
    throw new PatchFault(`The diff's head of ${change.path} says another mode or content.`);
  }
};
