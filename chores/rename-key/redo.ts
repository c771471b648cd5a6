// SPDX-License-Identifier: GPL-3.0-only
import { type Judge, readOthers } from '../../src/chore/patch.ts';
import { isRefused } from '../../src/markdown/decode-markdown.ts';
import { parseFrontmatter, splitFrontmatter } from '../../src/markdown/frontmatter.ts';
import { selectPaths } from '../../src/spec/scope.ts';

type Args = { readonly from: string; readonly to: string; readonly files?: readonly string[] };

/** Finds the key in the parsed block and writes the new one over it; also in notes the patch leaves alone. */
export const redo: Judge<Args> = function* ({ from, to, files }, patch, texts) {
  const done = new Map<string, string>();
  const findings: string[] = [];
  const isMeant = (path: string): boolean =>
    /\.(?:md|markdown)$/i.test(path) && selectPaths([path], files ?? ['**']).length > 0;
  const changed = patch.paths.filter(isMeant).map((path) => [path, texts.get(path)] as const);
  for (const [path, text] of [...changed, ...(yield* readOthers(patch, isMeant))]) {
    const split = splitFrontmatter(text ?? '');
    if (text === undefined || isRefused(split)) continue;
    const parsed = parseFrontmatter(split.yaml, split.eol);
    if (isRefused(parsed)) continue;
    const keys = (parsed.map?.items ?? []).map(({ key }) => key as Key);
    const same = (name: string) =>
      keys.filter(({ value }) => String(value).toLowerCase() === name.toLowerCase());
    const [key, ...more] = same(from);
    if (!key) continue;
    if (!key.range || more.length > 0 || (from !== to && same(to).some((other) => other !== key))) {
      if (patch.patched.has(path)) findings.push(`${path}: its key ${from} cannot become ${to}`);
      continue;
    }
    const start = split.bom.length + split.open.length;
    done.set(path, text.slice(0, start + key.range[0]) + to + text.slice(start + key.range[1]));
  }
  return { texts: done, findings };
};

type Key = { readonly value?: unknown; readonly range?: readonly [number, number, number] };
