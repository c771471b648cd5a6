// SPDX-License-Identifier: GPL-3.0-only
import type { Judge } from '../../src/chore/patch.ts';
import { selectPaths } from '../../src/spec/scope.ts';
import { noticesIn } from './notices.ts';

type Args = { readonly year: number; readonly holder?: string; readonly files?: readonly string[] };

/** Writes the years of every notice anew. */
export const redo: Judge<Args> = ({ year, holder, files }, { paths }, texts) => {
  const done = new Map<string, string>();
  const holders = new Set<string>();
  for (const path of selectPaths(paths, files ?? ['**'])) {
    let text = texts.get(path);
    if (text === undefined) continue;
    for (const notice of noticesIn(text).toReversed()) {
      if (holder !== undefined && notice.holder !== holder) continue;
      holders.add(notice.holder);
      if (notice.last >= year) continue;
      const end = notice.at + notice.years.length;
      text = `${text.slice(0, notice.at)}${notice.first}-${year}${text.slice(end)}`;
    }
    done.set(path, text);
  }
  const findings = holders.size > 1 ? ['the notices are of several holders'] : [];
  return { texts: done, findings };
};
