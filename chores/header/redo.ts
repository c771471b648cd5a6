// SPDX-License-Identifier: GPL-3.0-only
import { type Judge, type PatchView, readOthers } from '../../src/chore/patch.ts';
import type { Script } from '../../src/chore/script.ts';
import { licenceFault, licenceHeader, namesLicence } from '../../src/spec/licence.ts';
import { readLicence } from '../../src/spec/licence-names.ts';
import { selectPaths } from '../../src/spec/scope.ts';
import { kindOf, renditionsOf } from './renditions.ts';
import { mayBeSpoken, reasonAgainst } from './silent.ts';

type Args = {
  readonly licence?: string;
  readonly text?: string;
  readonly files?: readonly string[];
};

/** Writes the header in every way it may be written, and takes the one that the patch has. */
export const redo: Judge<Args> = function* (args, patch, texts) {
  const said = saidBy(args, patch.spec.rules.header);
  if ('problem' in said) return { findings: [said.problem] };
  const { paths, patched } = patch;
  const done = new Map<string, string>();
  const findings: string[] = [];
  const globs = args.files?.length ? args.files : ['**'];
  for (const path of selectPaths(paths, globs).filter((one) => kindOf(one) !== undefined)) {
    const [before, after] = [texts.get(path), patched.get(path)];
    if (before === undefined || after === undefined) continue;
    const reason = reasonAgainst(path, before, said.licence);
    if (before === after) {
      const isSaid = said.forms.some((lines) => lines.every((line) => before.includes(line)));
      if (reason === undefined && !isSaid) findings.push(`${path}: the header is still missing`);
    } else if (reason === undefined) {
      const ways = renditionsOf(path, before, said.forms);
      // What comes after this chore may have changed more of it.
      const isThere = (way: string): boolean =>
        way.endsWith(before) && after.startsWith(way.slice(0, -before.length || undefined));
      const way = ways.find((one) => one === after) ?? ways.find(isThere) ?? ways[0];
      done.set(path, way ?? before);
    }
  }
  if (findings.length === 0) findings.push(...(yield* undone(patch, globs, said)));
  return { texts: done, findings };
};

type Said = { readonly forms: readonly (readonly string[])[]; readonly licence?: string };

const versions: Readonly<Record<string, readonly string[]>> = {
  GPL: ['1.0', '2.0', '3.0'],
  LGPL: ['2.0', '2.1', '3.0'],
  AGPL: ['1.0', '3.0'],
};

/** The lines that a header may consist of. */
const saidBy = (
  { licence: asked, text }: Args,
  rule: unknown,
): Said | { readonly problem: string } => {
  const licence = asked && (readLicence(asked) ?? asked);
  const problem = licence && licenceFault(licence);
  if (problem) return { problem };
  const words = text ?? (typeof rule === 'string' ? rule : '');
  if (words !== '') {
    const lines = linesOfWords(words);
    if (licence && !namesLicence(words, licence))
      return { problem: `what the header is to say does not name ${licence}` };
    const isShown = lines.every((line) => /^[\P{C}\t]*$/u.test(line));
    return lines.length > 0 && isShown
      ? { forms: [lines] }
      : { problem: 'what the header is to say has characters that are not shown' };
  }
  if (!licence) return { problem: 'the licence that the header is to name is not said' };
  const members = (versions[licence] ?? []).flatMap((version) => [
    `${licence}-${version}-only`,
    `${licence}-${version}-or-later`,
  ]);
  const plain = licenceHeader(licence);
  const others = members.map((id) => `SPDX-License-Identifier: ${id}`);
  return {
    forms: [[plain], ...others.filter((line) => line !== plain).map((line) => [line])],
    licence,
  };
};

const opening = ['///', '//', '/**', '/*', '<!--', '#', '*'];

/** The words line by line, without the marks of the comment that they were written in. */
const linesOfWords = (words: string): readonly string[] => {
  const lines = words.split(/\r\n|[\n\r]/).map((line) => {
    const start = line.trimStart();
    const mark = opening.find((one) => start.startsWith(one) && !start.startsWith('*/')) ?? '';
    const inner = start.slice(mark.length);
    const end = ['*/', '-->'].find((one) => inner.trimEnd().endsWith(one)) ?? '';
    const bare = inner
      .trimEnd()
      .slice(0, end === '' ? undefined : -end.length)
      .trimEnd();
    return mark === '' && end === '' ? line.trimEnd() : bare.replace(/^ /, '');
  });
  const shown = lines.flatMap((line, index) => (line === '' ? [] : [index]));
  return lines.slice(shown[0] ?? 0, (shown.at(-1) ?? -1) + 1);
};

/** Files that are meant, are not changed, and have no header though they could. */
function* undone(
  patch: PatchView,
  globs: readonly string[],
  { forms, licence }: Said,
): Script<readonly string[]> {
  const mark = licence === undefined ? forms[0]?.[0] : 'SPDX-License-Identifier:';
  const isMeant = (path: string): boolean =>
    kindOf(path) !== undefined && selectPaths([path], globs).length > 0;
  const others = yield* readOthers(patch, isMeant, mark);
  return [...others]
    .filter(([, text]) => !mayBeSpoken(text))
    .filter(([path, text]) => reasonAgainst(path, text, licence) === undefined)
    .map(([path]) => `${path}: what is asked was not done here`);
}
