// SPDX-License-Identifier: GPL-3.0-only
import { coveredBy, type Judge } from '../../src/chore/patch.ts';
import { sameData } from './judge-data.ts';
import { sameScript } from './judge-script.ts';
import { isFormatted, isScript } from './kinds.ts';

/** Walks both texts side by side: what they say must be the same, and every comment be there. */
export const judge: Judge<{ readonly files?: readonly string[] }> = (
  { files },
  { paths, base },
  texts,
) => {
  const left = new Map<string, string>();
  const findings: string[] = [];
  for (const path of paths.filter(coveredBy(files)).filter(isFormatted)) {
    const [before, now] = [base.get(path), texts.get(path)];
    if (before === undefined || now === undefined || before === now) continue;
    const same = isScript(path) ? sameScript(path, before, now) : sameData(path, before, now);
    if (same && headOf(before) === headOf(now)) left.set(path, before);
    else findings.push(`${path}: more is changed than how it is written`);
  }
  return { texts: left, findings };
};

/** A mark of the byte order and a first line for the shell are in no tree. */
const headOf = (text: string): string | undefined => /^\uFEFF?(?:#![^\r\n]*)?/.exec(text)?.[0];
