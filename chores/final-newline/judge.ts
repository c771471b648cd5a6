// SPDX-License-Identifier: GPL-3.0-only
import { coveredBy, type Judge, undoneIn } from '../../src/chore/patch.ts';
import { endsWithBreak } from '../../src/code/literal-lines.ts';

/** Where the base had no line break at its end, one is taken off. */
export const judge: Judge<{ readonly files?: readonly string[] }> = function* (
  { files },
  patch,
  texts,
) {
  const { paths, base, patched } = patch;
  const isMeant = (path: string): boolean => coveredBy(files)(path) && endsWithBreak(path);
  const left = new Map<string, string>();
  const findings: string[] = [];
  for (const path of paths.filter(isMeant)) {
    const [before = '', now = ''] = [base.get(path), texts.get(path)];
    if (now === '') continue;
    const end = ['\r\n', '\n', '\r'].find((one) => now.endsWith(one));
    if (end === undefined) {
      // A header's judge has taken it back already where the file ends as it did.
      if (!/[\r\n]$/.test(patched.get(path) ?? ''))
        findings.push(`${path}: it does not end with a line break`);
    } else if (before !== '' && !/[\r\n]$/.test(before)) {
      const used = new Set(now.slice(0, -end.length).match(/\r\n|\n|\r/g) ?? ['\n']);
      if (used.has(end)) left.set(path, now.slice(0, -end.length));
      else findings.push(`${path}: its last line ends in another way than the others`);
    }
  }
  const others = yield* undoneIn(patch, isMeant, (_, text) => /[^\r\n]$/.test(text));
  return { texts: left, findings: [...findings, ...others] };
};
