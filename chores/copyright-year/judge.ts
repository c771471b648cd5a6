// SPDX-License-Identifier: GPL-3.0-only
import { coveredBy, type Judge } from '../../src/chore/patch.ts';

type Args = { readonly year: number; readonly holder?: string; readonly files?: readonly string[] };

const older = /\b(\d{4})(?:[ \t]?[-–][ \t]?(\d{4}))?(?!\d)/;

/** A notice that became one up to the year asked for is put back; other chores may add lines around it. */
export const judge: Judge<Args> = ({ year, holder, files }, { paths, base }, texts) => {
  const left = new Map<string, string>();
  for (const path of paths.filter(coveredBy(files))) {
    const [before, now] = [base.get(path)?.split('\n'), texts.get(path)?.split('\n')];
    if (!before || !now) continue;
    const notices = before.filter((line) => /copyright|©|\(c\)/i.test(line));
    let next = 0;
    const lines = now.map((line) => {
      const at = notices.findIndex(
        (was, index) => index >= next && line === updated(was, year, holder),
      );
      if (at === -1) return line;
      next = at + 1;
      return notices[at] ?? line;
    });
    left.set(path, lines.join('\n'));
  }
  return { texts: left, findings: [] };
};

const updated = (notice: string, year: number, holder: string | undefined): string => {
  const [span = '', first = '', last = first] = older.exec(notice) ?? [];
  const isMeant = span !== '' && Number(last) < year && (!holder || notice.includes(holder));
  return isMeant ? notice.replace(older, () => `${first}-${year}`) : notice;
};
