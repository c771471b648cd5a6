// SPDX-License-Identifier: GPL-3.0-only
import { coveredBy, type Judge, type PatchView, undoneIn } from '../../src/chore/patch.ts';
import type { Script } from '../../src/chore/script.ts';
import { blankBlocks } from '../../src/markdown/prose.ts';

type Args = { readonly year: number; readonly holder?: string; readonly files?: readonly string[] };

/** An owner's notice that became one up to the year asked for is put back; no other line is. */
export const judge: Judge<Args> = function* ({ year, holder, files }, patch, texts) {
  const owner = holder ?? (yield* ownerOf(patch));
  if (owner === undefined)
    return { findings: ['the notices are of several holders, or of nobody that can be told'] };
  const left = new Map<string, string>();
  const findings: string[] = [];
  for (const path of patch.paths.filter(coveredBy(files))) {
    const [before, text] = [patch.base.get(path), texts.get(path)];
    if (before === undefined || text === undefined) continue;
    const [old, lines] = [before.split('\n'), text.split('\n')];
    const places = [...placesIn(path, text)];
    for (const index of placesIn(path, before)) {
      const line = old[index] ?? '';
      const notice = readNotice(line);
      if (notice?.holder !== owner || notice.last >= year) continue;
      const wanted = line.replace(notice.years, () => `${notice.first}-${year}`);
      const next = places.findIndex((at) => lines[at] === wanted);
      const at = places[next];
      if (at === undefined)
        findings.push(`${path}: a notice of "${owner}" does not end in ${year}`);
      else lines[at] = line;
      places.splice(0, next + 1);
    }
    left.set(path, lines.join('\n'));
  }
  const isOld = (line: string): boolean => {
    const notice = readNotice(line);
    return notice?.holder === owner && notice.last < year;
  };
  const others = yield* undoneIn(patch, coveredBy(files), (path, text) =>
    placesIn(path, text).some((at) => isOld(text.split('\n')[at] ?? '')),
  );
  return { texts: left, findings: [...findings, ...others] };
};

type Read = {
  readonly years: string;
  readonly first: string;
  readonly last: number;
  readonly holder: string;
};

const mark = /copyrighttext:|copyright|©|\(c\)/i;
const years =
  /^[ \t:]*((\d{4})(?:[ \t]?[-–][ \t]?(\d{4}))?)(?![\d–-]|[ \t]?,[ \t]?\d)[ \t,]*(?:by[ \t]+)?/i;
const after =
  /\*\/|-->|<|[.,;]?\s+(?:all rights reserved|(?:licen[cs]ed|released|distributed) under)\b/i;

/** What a line says of years and a holder behind its last mark. */
const readNotice = (line: string): Read | undefined => {
  const [, ...behind] = line.split(mark);
  const tail = behind.at(-1) ?? '';
  const [whole, span = '', first = '', last = first] = years.exec(tail) ?? [];
  if (whole === undefined) return undefined;
  const [said = ''] = tail.slice(whole.length).split(after);
  const holder = said.replace(/[\s.,;:*_"'`]+$/, '').trim();
  return { years: span, first, last: Number(last), holder };
};

const hashes = /\.(?:ya?ml|sh|bash|zsh|fish|pyi?|rb|pl|toml|tf|r|mk)$|file$|(?:^|\/)\.[a-z]+$/i;
const dashes = /\.(?:sql|lua|hs)$/i;
const markup = /\.(?:md|markdown|html?|xml|svg)$/i;
const slashes =
  /\.(?:[cm]?[jt]sx?|java|kts?|go|rs|cc?|h|[ch]pp|cs|swift|scala|dart|proto|groovy|gradle|s?css|less|php|sql)$/i;
const plain =
  /\.(?:md|markdown|txt|rst|adoc)$|(?:^|\/)(?:(?:un)?licen[cs]e|copying|copyright|notice|authors)[^./]*$/i;

/** Which lines are of the comments on top, or begin as a notice does in a plain text. */
const placesIn = (path: string, text: string): readonly number[] => {
  if (/copies\s+of\s+this\s+licen[cs]e\s+document/i.test(text)) return [];
  const all = text.split('\n');
  const end = topOf(path, all);
  const below = plain.test(path) ? all.slice(end).join('\n') : '';
  const shown = (markup.test(path) ? blankBlocks(below) : below).split('\n');
  return all.flatMap((_, at) => {
    const isBegun = /^[ \t>*_]*(?:copyright|spdx-filec|©|\(c\))/i.test(shown[at - end] ?? '');
    return at < end || isBegun ? [at] : [];
  });
};

/** How many lines at the top are comments, empty, or what must stand above them. */
const topOf = (path: string, lines: readonly string[]): number => {
  let close: string | undefined;
  const front = markup.test(path) && /^\uFEFF?---\s*$/.test(lines[0] ?? '');
  const start = front
    ? 1 + lines.slice(1).findIndex((line) => /^(?:---|\.\.\.)\s*$/.test(line)) + 1
    : 0;
  for (let at = start; at < lines.length; at += 1) {
    const line = (lines[at] ?? '').replace(/^\uFEFF/, '').trim();
    if (close === undefined) {
      if (line === '' || (at === 0 && line.startsWith('#!'))) continue;
      if (/^<\?(?:xml|php)\b|^<!doctype\b|^@charset\b/i.test(line)) continue;
      if (slashes.test(path) && line.startsWith('//')) continue;
      if (hashes.test(path) && line.startsWith('#')) continue;
      if (dashes.test(path) && line.startsWith('--')) continue;
      if (slashes.test(path) && line.startsWith('/*')) close = '*/';
      else if (markup.test(path) && line.startsWith('<!--')) close = '-->';
      else return at;
    }
    const closed = line.indexOf(close, line.startsWith('/*') ? 2 : 0);
    if (closed === -1) continue;
    if (line.slice(closed + close.length).trim() !== '') return at + 1;
    close = undefined;
  }
  return lines.length;
};

const licences = ['LICENSE', 'LICENCE', 'COPYING', 'COPYRIGHT', 'NOTICE'].flatMap((name) =>
  ['', '.md', '.txt'].map((end) => name + end),
);
const marks = ['Copyright', 'copyright', 'COPYRIGHT', '©', '(c)', '(C)'];
const mostOthers = 150;

/** Whose repository it is; `undefined` where that is nobody, or more than one. */
function* ownerOf(patch: PatchView): Script<string | undefined> {
  const holders = new Map<string, ReadonlySet<string>>();
  const look = (path: string, text: string | undefined): void => {
    const lines = (text ?? '').split('\n');
    const said = placesIn(path, text ?? '').flatMap(
      (at) => readNotice(lines[at] ?? '')?.holder ?? [],
    );
    holders.set(path, new Set(said));
  };
  for (const path of patch.paths) look(path, patch.base.get(path));
  for (const path of licences) look(path, yield* patch.read(path, 'base'));
  const author = authorIn((yield* patch.read('package.json', 'base')) ?? '');
  const all = (): ReadonlySet<string> => new Set([...holders.values()].flatMap((one) => [...one]));
  if (author !== undefined && all().has(author)) return author;
  const licensed = new Set(licences.flatMap((path) => [...(holders.get(path) ?? [])]));
  if (licensed.size > 0) return only(licensed);
  const others = new Set<string>();
  for (const said of marks) for (const path of yield* patch.containing(said)) others.add(path);
  if (others.size > mostOthers) return undefined;
  for (const path of others) if (!holders.has(path)) look(path, yield* patch.read(path, 'base'));
  if (author !== undefined && all().has(author)) return author;
  for (const path of holders.keys())
    if (/(?:^|\/)(?:vendor|vendored|third[-_]?party|external|node_modules)\//i.test(path))
      holders.delete(path);
  return only(all());
}

const only = (names: ReadonlySet<string>): string | undefined =>
  names.size === 1 ? [...names][0] : undefined;

const authorIn = (manifest: string): string | undefined => {
  const [, plainly, inside] =
    /"author"\s*:\s*(?:"([^"<(]+)|\{[^{}]*"name"\s*:\s*"([^"]+)")/.exec(manifest) ?? [];
  return (plainly ?? inside)?.trim();
};
