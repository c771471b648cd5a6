// SPDX-License-Identifier: GPL-3.0-only
import type { Chores } from '../../chore/chores.ts';
import type { Choice, OpenDecision } from '../../chore/decide/decision.ts';
import { readAsked } from '../../chore/read-asked.ts';
import { decodeUtf8 } from '../../data/decode-utf8.ts';
import { once } from '../../data/memoise.ts';
import { isRefused } from '../../markdown/decode-markdown.ts';
import type { Spec } from '../../spec/schema.ts';
import { Denied } from '../../workspace/denied.ts';
import type { Overlay } from '../../workspace/overlay.ts';
import { readSide } from './note-side.ts';
import type { NotePatch } from './reading.ts';
import { nothingWrong, suspicionsOf, type View } from './suspicions.ts';

type OutOfReach = { readonly refused: string };

/** What of a reviewer's `input.json` its decision is made of. */
type ReviewedInput = {
  readonly spec: Pick<Spec, 'title' | 'acceptance' | 'rules' | 'scope'>;
  readonly unit: { readonly kind: string; readonly paths: readonly string[] };
};

/** A text before and after; absent: there is no such file. */
type Sides = { readonly before: string | undefined; readonly after: string | undefined };

/** The texts of a patch by path; of what is no text nothing can be asked. */
const sidesIn = async (overlay: Overlay): Promise<ReadonlyMap<string, Sides> | OutOfReach> => {
  const sides = new Map<string, Sides>();
  for (const { path } of overlay.changes()) {
    const [old, now] = [await overlay.read(path, 'base'), await overlay.read(path)];
    const [before, after] = [old && decodeUtf8(old), now && decodeUtf8(now)];
    if ((old && before === undefined) || (now && after === undefined)) {
      return { refused: `${path} is not UTF-8 text` };
    }
    sides.set(path, { before, after });
  }
  return sides;
};

/**
 * What a reviewer that picks is asked about a patch: which suspicion is right, or none. What is certain without
 * anyone's judgement is refused here: a patch of more than one note, a file that is gone or new, a text that
 * cannot be read.
 */
export const reviewDecision = (
  { spec }: ReviewedInput,
  sides: ReadonlyMap<string, Sides>,
  isThere: (path: string) => boolean,
  { chores, view }: { readonly chores: Chores; readonly view: View },
): OpenDecision | OutOfReach => {
  const [first, ...others] = [...sides];
  if (!first) return { refused: 'there is no patch to review' };
  const [path, { before, after }] = first;
  if (others.length > 0) {
    return { refused: `the patch changes ${sides.size} files; who picks is asked about one` };
  }
  if (!/\.(?:md|markdown)$/i.test(path)) return { refused: `${path} is not a note` };
  if (before === undefined || after === undefined) {
    return { refused: `${path}: the file is ${before === undefined ? 'new' : 'gone'}` };
  }
  const { asked, unread } = readAsked(spec, chores);
  if (unread.length > 0) return { refused: `no chore covers this sentence: "${unread[0]}"` };
  const [old, now] = [readSide(before), readSide(after)];
  if (isRefused(old)) return { refused: `${path} ${old.refused}` };
  if (isRefused(now)) return { refused: `${path} ${now.refused}` };
  const { acceptance } = spec;
  const patch: NotePatch = { path, before: old, after: now, asked, acceptance, isThere };
  const question = suspicionsOf(patch, view);
  if (!question) return { refused: `${path}: the patch does nothing that was asked` };
  const rejected = (finding: string) => ({
    notes: finding,
    result: { verdict: 'reject', findings: [finding] },
  });
  const found = ({ name, value }: Choice) => rejected(`${path}: ${name}: ${value}`);
  const isFine = (picked: Choice | undefined) => picked?.name === nothingWrong;
  return {
    questions: [question],
    write: ([picked]) =>
      picked === undefined || isFine(picked)
        ? { notes: 'nothing is wrong with it', result: { verdict: 'approve', findings: [] } }
        : found(picked),
    writeUnsure: ([picked]) =>
      picked === undefined || isFine(picked)
        ? rejected(`${path}: undecided: not sure enough that nothing is wrong`)
        : found(picked),
  };
};

/** The same of a patch as it lies over its base; one of files that the unit may not read is out of reach. */
export const patchDecision = async (
  input: ReviewedInput,
  overlay: Overlay,
  terms: { readonly chores: Chores; readonly view: View },
): Promise<OpenDecision | OutOfReach> => {
  const sides = await sidesIn(overlay).catch((error: unknown) => {
    if (error instanceof Denied) return { refused: error.message };
    throw error;
  });
  if ('refused' in sides) return sides;
  const paths = once(() => new Set(overlay.list()));
  return reviewDecision(input, sides, (path) => paths().has(path), terms);
};
