// SPDX-License-Identifier: GPL-3.0-only
import { coveredBy, type Judge } from '../../src/chore/patch.ts';

type Args = { readonly from: string; readonly to: string; readonly files?: readonly string[] };

/** Line by line, between the fences: a line whose key alone differs gets its old key back. */
export const judge: Judge<Args> = ({ from, to, files }, { paths, base }, texts) => {
  const left = new Map<string, string>();
  const findings: string[] = [];
  for (const path of paths.filter(coveredBy(files))) {
    const [before, now] = [base.get(path)?.split('\n'), texts.get(path)?.split('\n')];
    if (!before || !now || before.length !== now.length) continue;
    const fence = before.findIndex((line, index) => index > 0 && /^(?:---|\.\.\.)\s*$/.test(line));
    const keys = before.slice(1, fence).map((line) => keyOf(line)?.toLowerCase());
    if (from.toLowerCase() !== to.toLowerCase() && keys.includes(to.toLowerCase())) {
      findings.push(`${path}: it had the key ${to} already`);
      continue;
    }
    const lines = now.map((line, index) => {
      const was = before[index] ?? '';
      const isKey = index > 0 && index < fence && keyOf(was)?.toLowerCase() === from.toLowerCase();
      const rest = was.slice(was.indexOf(':'));
      return isKey && line === to + rest ? was : line;
    });
    left.set(path, lines.join('\n'));
  }
  return { texts: left, findings };
};

/** The key that a line of a block of keys begins with. */
const keyOf = (line: string): string | undefined =>
  /^(?:"([^"\\]+)"|'([^']+)'|([^\s"'#:{}[\],-][^:#]*?))[ \t]*:(?:\s|$)/
    .exec(line)
    ?.slice(1)
    .find(Boolean);
