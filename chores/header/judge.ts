// SPDX-License-Identifier: GPL-3.0-only
import { coveredBy, type Judge, undoneIn } from '../../src/chore/patch.ts';
import { licenceFault, namesLicence } from '../../src/spec/licence.ts';
import { readLicence } from '../../src/spec/licence-names.ts';
import { readExpression } from '../../src/spec/spdx.ts';
import { cutHeader, isHeaderKind, type Wanted } from './cut-header.ts';
import { objectionTo } from './objection.ts';

type Args = {
  readonly licence?: string;
  readonly text?: string;
  readonly files?: readonly string[];
};

/** Cuts the header out of every file that has got one, which must be one that could take it. */
export const judge: Judge<Args> = function* (args, patch, texts) {
  const { paths, base, patched, spec } = patch;
  const wanted = wantedOf(args, spec.rules.header);
  if (typeof wanted === 'string') return { findings: [wanted] };
  const isMeant = (path: string): boolean => coveredBy(args.files)(path) && isHeaderKind(path);
  const left = new Map<string, string>();
  const findings: string[] = [];
  for (const path of paths.filter(isMeant)) {
    const [before, after, now] = [base.get(path), patched.get(path), texts.get(path)];
    if (after === undefined || now === undefined) continue;
    if (before !== undefined && cutHeader(path, before, wanted) !== undefined) continue;
    const rest = cutHeader(path, now, wanted, before);
    const isLacking = rest === undefined && cutHeader(path, after, wanted) === undefined;
    const objection =
      rest === undefined && !isLacking
        ? undefined
        : objectionTo(path, rest ?? before ?? now, wanted.licence);
    if (rest !== undefined) left.set(path, rest);
    if (rest !== undefined && objection !== undefined) findings.push(`${path}: ${objection}`);
    if (isLacking && objection === undefined)
      findings.push(`${path}: the header is missing, or not as asked`);
  }
  const others = yield* undoneIn(
    patch,
    isMeant,
    (path, text) =>
      !/licen[cs]e|copyright|\(c\)|©/i.test(text) &&
      cutHeader(path, text, wanted) === undefined &&
      objectionTo(path, text, wanted.licence) === undefined,
    'SPDX-License-Identifier:',
  );
  return { texts: left, findings: [...findings, ...others] };
};

/** What the comment must say, or why no comment is right. */
const wantedOf = ({ licence: name, text }: Args, ruled: unknown): Wanted | string => {
  const words = text ?? (typeof ruled === 'string' ? ruled : undefined);
  const licence = name === undefined ? undefined : (readLicence(name) ?? name);
  const fault = licence === undefined ? undefined : licenceFault(licence);
  if (fault !== undefined) return fault;
  if (words !== undefined) {
    if (licence !== undefined && !namesLicence(words, licence))
      return `the words of the header do not name ${licence}`;
    const lines = bare(words);
    if (lines.length === 0 || /[^\P{C}\t]/u.test(lines.join('')))
      return 'the words of the header are none that a comment can show';
    return { lines: lines.length, isSaid: (said) => said.join('\n') === lines.join('\n') };
  }
  if (licence === undefined) return 'no sentence says which licence the header names';
  const isSaid = ([line = '']: readonly string[]): boolean => {
    const [, id = ''] = /^SPDX-License-Identifier: (.+)$/u.exec(line) ?? [];
    return isFamily(licence) ? isMember(id, licence) : id === licence;
  };
  return { lines: 1, licence, isSaid };
};

const isFamily = (licence: string): boolean => /^[AL]?GPL$/.test(licence);

const isMember = (id: string, family: string): boolean =>
  id.startsWith(`${family}-`) &&
  /^\d\.\d-(?:only|or-later)$/.test(id.slice(family.length + 1)) &&
  readExpression(id) === id;

/** The lines of words that may be written as a comment, without its marks. */
const bare = (words: string): readonly string[] => {
  const lines = words.trim().split(/\r\n|\r|\n/);
  const plain = lines.map((line) =>
    line
      .trim()
      .replace(/^(?:\/{2,}|\/\*+|<!--+|#|\*(?!\/))(?:\s|(?=\S))/, '')
      .replace(/\s*(?:\*\/|--+>)$/, '')
      .trimEnd(),
  );
  while (plain.length > 0 && plain[0] === '') plain.shift();
  while (plain.length > 0 && plain.at(-1) === '') plain.pop();
  return plain;
};
