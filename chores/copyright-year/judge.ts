// SPDX-License-Identifier: GPL-3.0-only
import { coveredBy, type Judge } from '../../src/chore/patch.ts';

type Args = { readonly year: number; readonly holder?: string; readonly files?: readonly string[] };

const years = /\b(\d{4})-(\d{4})\b/;
const older = /\b(\d{4})(?:[ \t]?[-–][ \t]?(\d{4}))?(?!\d)/;

/** A changed line must be a notice whose last year is the one asked for; it gets its old years back. */
export const judge: Judge<Args> = ({ year, holder, files }, { paths, base }, texts) => {
  const left = new Map<string, string>();
  const findings: string[] = [];
  for (const path of paths.filter(coveredBy(files))) {
    const [before, now] = [base.get(path)?.split('\n'), texts.get(path)?.split('\n')];
    if (!before || !now || before.length !== now.length) continue;
    const lines = now.map((line, index) => {
      const was = before[index] ?? '';
      if (line === was) return line;
      const [, first, last] = years.exec(line) ?? [];
      const [span = '', oldFirst, oldLast = oldFirst] = older.exec(was) ?? [];
      const isNotice = /copyright|©|\(c\)/i.test(was) && (!holder || was.includes(holder));
      const isUpdate = Number(last) === year && first === oldFirst && Number(oldLast) < year;
      return isNotice && isUpdate ? line.replace(years, () => span) : line;
    });
    left.set(path, lines.join('\n'));
  }
  return { texts: left, findings };
};
