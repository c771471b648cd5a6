// SPDX-License-Identifier: GPL-3.0-only
import { coveredBy, type Judge, undoneIn } from '../../src/chore/patch.ts';

type Args = { readonly from: string; readonly to: string; readonly files?: readonly string[] };

/** Line by line, between the fences: a line whose key alone differs gets its old key back. */
export const judge: Judge<Args> = function* ({ from, to, files }, patch, texts) {
  const left = new Map<string, string>();
  const findings: string[] = [];
  const isNote = (path: string): boolean =>
    /\.(?:md|markdown)$/i.test(path) && coveredBy(files)(path);
  for (const path of patch.paths.filter(isNote)) {
    const [before, now] = [patch.base.get(path), texts.get(path)];
    if (before === undefined || now === undefined) continue;
    const old = linesOf(before).filter(({ key }) => isSame(key, from));
    if (old.length > 0 && isTaken(before, from, to)) {
      findings.push(`${path}: it had the key ${to} already`);
      continue;
    }
    const lines = now.split('\n');
    for (const { at, key, line } of linesOf(now).toReversed()) {
      if (isSame(key, from) && !isSame(from, to)) findings.push(`${path}: it has the key ${from}`);
      const was = old.at(-1);
      if (was === undefined || line !== to + was.line.slice(was.line.indexOf(':'))) continue;
      lines[at] = was.line;
      old.pop();
    }
    left.set(path, lines.join('\n'));
  }
  const others = yield* undoneIn(patch, isNote, (_, text) => {
    const named = linesOf(text).filter(({ key }) => isSame(key, from));
    return named.some(({ key }) => key !== to) && named.length === 1 && !isTaken(text, from, to);
  });
  return { texts: left, findings: [...findings, ...others] };
};

type Line = { readonly at: number; readonly line: string; readonly key: string };

/** The lines of the block on top that begin with a key. */
const linesOf = (text: string): readonly Line[] => {
  const lines = text.split('\n');
  const end = lines.findIndex((line, at) => at > 0 && /^(?:---|\.\.\.)\s*$/.test(line));
  if (!/^\uFEFF?---\s*$/.test(lines[0] ?? '')) return [];
  return lines.slice(0, end === -1 ? 0 : end).flatMap((line, at) => {
    const key = keyOf(line);
    return key === undefined ? [] : [{ at, line, key }];
  });
};

const isSame = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

const isTaken = (text: string, from: string, to: string): boolean =>
  !isSame(from, to) && linesOf(text).some(({ key }) => isSame(key, to));

/** The key that a line of a block of keys begins with. */
const keyOf = (line: string): string | undefined =>
  /^(?:"([^"\\]+)"|'([^']+)'|([^\s"'#:{}[\],-][^:#]*?))[ \t]*:(?:\s|$)/
    .exec(line)
    ?.slice(1)
    .find(Boolean);
