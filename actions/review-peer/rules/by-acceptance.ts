// SPDX-License-Identifier: GPL-3.0-only
import type { Output } from '../../../src/agent/schema.ts';
import type { Texts } from '../../../src/chore/patch.ts';
import { callTool, Declined } from '../../../src/chore/script.ts';
import { whereDiffer } from '../../../src/chore/where-differ.ts';
import { judgeInTurn, reviewer } from './open-review.ts';
import { type FilePatch, readPatch, UnreadablePatch } from './read-patch.ts';

/** Lines of context that show any file whole. */
const wholeFiles = 1_000_000;

/** Looks at the diff, and lets every chore that is asked for take its change back: the base must be left. */
export const answer = reviewer('judge', 'base', function* (review) {
  const { diff } = (yield* callTool('compute_diff', { context: wholeFiles })) as {
    readonly diff: string;
  };
  const files = readFiles(diff);
  if (!isTheOneHandedOver(Object.values(review.input.inputs), files))
    return ['the diff is not the patch under review'];
  const [base, patched] = [textsOf(files, 'base'), textsOf(files, 'patched')];
  const { texts, findings } = yield* judgeInTurn(review, { base, patched }, 'patched');
  return findings.length > 0
    ? findings
    : [...base.keys()].flatMap((path) => leftOver(path, base, texts));
});

const readFiles = (diff: string): readonly FilePatch[] => {
  try {
    return readPatch(diff);
  } catch (error) {
    if (error instanceof UnreadablePatch) throw new Declined(error.message);
    throw error;
  }
};

const textsOf = (files: readonly FilePatch[], side: 'base' | 'patched'): Texts => {
  const absent = side === 'base' ? 'added' : 'removed';
  return new Map(
    files.map((file) => [file.path, file.status === absent ? undefined : file[side].join('')]),
  );
};

/** What no chore explains: the first place that is not as it was. */
const leftOver = (path: string, base: Texts, texts: Texts): readonly string[] => {
  const [before, after] = [base.get(path), texts.get(path)];
  if (before === after) return [];
  if (before === undefined) return [`${path}: no sentence asks for a new file`];
  if (after === undefined) return [`${path}: the file is removed`];
  return [`${path}: no sentence asks for what is done ${whereDiffer(before, after)}`];
};

/** The patch that is judged must be the one that was handed over. */
const isTheOneHandedOver = (outputs: readonly Output[], files: readonly FilePatch[]): boolean => {
  const work = outputs.find(({ diff }) => diff !== undefined);
  if (!work) return true;
  const added = files.flatMap(({ edits }) => edits.flatMap((edit) => edit.added)).length;
  const removed = files.flatMap(({ edits }) => edits.flatMap((edit) => edit.removed)).length;
  const named = work.changes?.map(({ path }) => path).sort();
  const paths = files.map(({ path }) => path).sort();
  return (
    work.stats?.files === files.length &&
    work.stats.insertions - work.stats.deletions === added - removed &&
    (named === undefined || named.join('\0') === paths.join('\0'))
  );
};
