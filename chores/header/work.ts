// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import { coveredBy } from '../../src/chore/patch.ts';
import { Declined, type Script } from '../../src/chore/script.ts';
import type { Work } from '../../src/chore/work.ts';
import type { CodeHands } from '../../src/code/hands.ts';
import type { WorkingTree } from '../../src/code/working-tree.ts';
import { licenceFault, licenceHeader, namesLicence } from '../../src/spec/licence.ts';
import { readLicence } from '../../src/spec/licence-names.ts';
import { headerStyleOf } from '../../src/tool/header-place.ts';
import { repositoryLicence } from './repository-licence.ts';

type Args = {
  readonly licence?: string;
  readonly text?: string;
  readonly files?: readonly string[];
};

/**
 * Puts the licence header on every file the intent means that can take one, and names the others;
 * `ruled` is what the spec's rules say.
 */
export const work: Work<Args, CodeHands> = function* (args, { tree, spec }) {
  const ruled = typeof spec.rules.header === 'string' ? spec.rules.header : undefined;
  const { files = [] } = args;
  const licence = args.licence && (readLicence(args.licence) ?? args.licence);
  const fault = licence && licenceFault(licence);
  if (fault) throw new Declined(fault);
  const words = args.text ?? ruled;
  const text = words ?? (licence && licenceHeader(licence));
  if (!text) throw new Declined('no sentence names the licence of the header');
  if (words !== undefined && licence && !namesLicence(words, licence)) {
    throw new Declined(`the rules word a header that does not name ${licence}, as a sentence asks`);
  }
  const wanted = coveredBy(files);
  const paths = (yield* tree.files()).filter((path) => wanted(path) && tree.mayWrite(path));
  if (paths.length === 0) throw new Declined('the scope has no such file');
  const header = { text: plainHeader(text), ...(licence && words === undefined && { licence }) };
  const inPlace = yield* filesThatName(tree, header.licence);
  const without = paths.filter((path) => headerStyleOf(path) === undefined);
  const named = without.find((path) => isMeantByName(path, files));
  if (named !== undefined) throw new Declined(`${named} ${unknownType}`);
  const left = without.map((path) => ({ path, reason: unknownType }));
  let count = 0;
  for (const path of paths.filter((one) => !inPlace.has(one) && !without.includes(one))) {
    const result = yield* tree.insertHeader(path, header);
    if (typeof result !== 'string') count += result ? 1 : 0;
    else if (isMeantByName(path, files)) throw new Declined(result);
    else left.push({ path, reason: result.slice(path.length + 1).slice(0, maxReason) });
  }
  const reasons = cut(left.map(({ path, reason }) => `${path} ${reason}`));
  const able = paths.length - left.length;
  const isIdle = count === 0 && left.length > without.length;
  if (able === 0 || isIdle) throw new Declined(reasons.join('; '));
  const others = count < able ? ', the others had it' : '';
  const done = [`header: ${count} of ${able} files${others}`];
  if (reasons.length > 0) done.push(`no header on: ${reasons.join('; ')}`);
  const remark = licence && (yield* repositoryLicence(tree, licence));
  return { notes: [...done, ...(remark ? [remark] : [])].join('; '), left };
};

/** A sentence about `a.ts` is not met where that very file has no header. */
const isMeantByName = (path: string, files: readonly string[]): boolean =>
  files.some((glob) => posix.basename(glob) === posix.basename(path));

const unknownType = 'is of a type whose comments are not known';

const maxReason = 400;
const maxReasons = 20;

const cut = (reasons: readonly string[]): readonly string[] =>
  reasons.length > maxReasons
    ? [...reasons.slice(0, maxReasons), `and ${reasons.length - maxReasons} files more`]
    : reasons;

/** Code files whose first lines have an SPDX line of this licence: they need no call each. */
function* filesThatName(
  tree: WorkingTree,
  licence: string | undefined,
): Script<ReadonlySet<string>> {
  const hits = licence === undefined ? [] : yield* tree.lines('SPDX-License-Identifier:');
  const named = (hits ?? []).filter(
    ({ line, text }) =>
      line <= 2 && licence && /^\s*(?:\/\/|#|\/\*)/u.test(text) && namesLicence(text, licence),
  );
  return new Set(
    named.map(({ path }) => path).filter((path) => !/\.(?:md|markdown)$/iu.test(path)),
  );
}

/** A quoted header without the comment marks it was written with. */
const plainHeader = (text: string): string =>
  text
    .split(/\r?\n/u)
    .map((line) => line.replace(/^\s*(?:\/\/+|\/\*+|<!--+|\*(?!\/)|#)?\s?/u, ''))
    .map((line) => line.replace(/\s*(?:\*\/|--+>)\s*$/u, '').trimEnd())
    .join('\n')
    .trim();
