// SPDX-License-Identifier: GPL-3.0-only
import { parseSource } from '../../../src/code/syntax.ts';
import type { Compiler } from '../../../src/data/load-typescript.ts';
import { isDocument, isInPath, readComments, startOfProse } from './prose.ts';
import type { UsePlaces } from './target-uses.ts';
import type { FileUses } from './uses-in-file.ts';
import type { WordChange } from './words.ts';

type Judged = {
  readonly path: string;
  /** With the change taken back. */
  readonly text: string;
  readonly from: string;
  readonly to: string;
  readonly changes: readonly WordChange[];
};

/** Where a place of a text is, as `path:line`. */
export const placeIn = (path: string, text: string, at: number): string =>
  `${path}:${text.slice(0, at).split('\n').length}`;

/** The changed words of a source must be the uses on both sides; in comments they may be prose. */
export const judgeSource = (
  compiler: Compiler,
  { path, text, from, to, changes }: Judged,
  sides: { readonly old: UsePlaces; readonly now: UsePlaces; readonly file: FileUses | undefined },
): readonly string[] => {
  const { old, now, file } = sides;
  const at = (place: number): string => placeIn(path, text, place);
  const findings: string[] = [];
  const isComment = readComments(compiler, parseSource(compiler, path, text));
  const isSaid = (place: number): boolean =>
    file !== undefined &&
    isComment(place) &&
    !file.others.has(place) &&
    !file.lexical.some((one) => one.at === place && one.scope !== 'none') &&
    !isInPath(text, place, from);
  for (const { before, after, form } of changes) {
    const due = old.get(before);
    if (due === undefined) {
      if (form !== 'plain' || !isSaid(before)) {
        findings.push(`${at(before)}: this \`${from}\` is something else and must stay`);
      }
    } else if (due !== form) {
      findings.push(`${at(before)}: \`${from}\` is not renamed in the way it is used here`);
    } else if (!now.has(after)) {
      findings.push(`${at(before)}: \`${to}\` means something else here`);
    }
  }
  const [before, after] = [
    new Set(changes.map((one) => one.before)),
    new Set(changes.map((one) => one.after)),
  ];
  const left = [...old.keys()].find((place) => !before.has(place));
  if (left !== undefined) findings.push(`${at(left)}: \`${from}\` is still used`);
  if ([...now.keys()].some((place) => !after.has(place))) {
    findings.push(`${path}: \`${to}\` already stands for something else`);
  }
  if (
    old.size > 0 &&
    new RegExp(`@jsx(?:Frag)?\\s+${from.replaceAll('$', '\\$')}\\b`, 'u').test(text)
  ) {
    findings.push(`${path}: a comment for the compiler names \`${from}\``);
  }
  return findings;
};

/** Of other files only documents for people may say the new name, in words. */
export const judgeOther = ({ path, text, from, changes }: Judged): readonly string[] =>
  changes
    .filter(
      ({ before, form }) =>
        form !== 'plain' ||
        !isDocument(path) ||
        before < startOfProse(text) ||
        isInPath(text, before, from),
    )
    .map(({ before }) => `${placeIn(path, text, before)}: \`${from}\` must stay here`);
