// SPDX-License-Identifier: GPL-3.0-only
import { coveredBy, type Judge } from '../../src/chore/patch.ts';
import { isKnownText, literalLines } from '../../src/code/literal-lines.ts';

/** Lines that lost blanks at their end get them back from the base, one by one. */
export const judge: Judge<{ readonly files?: readonly string[] }> = (
  { files },
  { paths, base },
  texts,
) => {
  const left = new Map<string, string>();
  const findings: string[] = [];
  for (const path of paths.filter(coveredBy(files)).filter(isKnownText)) {
    const [before, now] = [base.get(path), texts.get(path)];
    if (before === undefined || now === undefined) continue;
    const literal = literalLines(path, now);
    const old = before.split('\n');
    const lines = now.split('\n');
    const at = lines.findIndex((line, index) => /[ \t]\r?$/.test(line) && !literal.has(index));
    if (at !== -1) findings.push(`${path}:${at + 1}: blanks are left at the end of the line`);
    if (old.length !== lines.length) continue;
    const restored = lines.map((line, index) => {
      const was = old[index] ?? '';
      const bare = was.replace(/[ \t]+(\r?)$/, '$1');
      return line === bare && !literal.has(index) ? was : line;
    });
    left.set(path, restored.join('\n'));
  }
  return { texts: left, findings };
};
