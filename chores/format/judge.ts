// SPDX-License-Identifier: GPL-3.0-only
import { coveredBy, type Judge, type PatchView } from '../../src/chore/patch.ts';
import type { Script } from '../../src/chore/script.ts';
import { sameData } from './judge-data.ts';
import { sameOutside } from './judge-outside.ts';
import { relaid, withOldImports } from './judge-relaid.ts';
import { sameScript } from './judge-script.ts';
import { type FormatArgs, isMeant, isScript, isWhollyAsked } from './kinds.ts';

/** Walks both texts side by side: what they say must be the same, and every comment be there. */
export const judge: Judge<FormatArgs> = function* ({ files, part }, patch, texts) {
  const { paths, base } = patch;
  const left = new Map<string, string>();
  const findings: string[] = [];
  for (const path of paths.filter(coveredBy(files)).filter(isMeant(part))) {
    const [before, now] = [base.get(path), texts.get(path)];
    if (before === undefined || now === undefined || before === now) continue;
    if (part === 'imports' && isWhollyAsked(patch, path)) continue;
    const old = wasWritten(path, before, now, part);
    const isPlain = headOf(before) === headOf(now) && oddIn(now) <= oddIn(old ?? before);
    const end = endOf(before);
    if (old === undefined || !isPlain)
      findings.push(`${path}: more is changed than how it is written`);
    else if (now.split(/\r\n|\n|\r/).join(end) !== now && !(yield* isAskedFor(patch, now)))
      findings.push(`${path}: its lines end in another way`);
    else if (/[\r\n]$/.test(before) && !/[\r\n]$/.test(now))
      findings.push(`${path}: it does not end with a line break any more`);
    else left.set(path, old);
  }
  return { texts: left, findings };
};

/** What a file says, as it was written before; `undefined` where more is changed than how it is written. */
const wasWritten = (
  path: string,
  before: string,
  now: string,
  part: FormatArgs['part'],
): string | undefined => {
  if (!isScript(path)) return sameData(path, before, now) ? before : undefined;
  if (part !== 'imports') return sameScript(path, before, now) ? before : relaid(path, before, now);
  const old = sameScript(path, before, now) ? before : withOldImports(path, before, now);
  return sameScript(path, old, now) && sameOutside(path, old, now) ? old : undefined;
};

/** Signs that formatters neither add nor move: blanks of other kinds, and what is not shown. */
const oddIn = (text: string): number => text.match(/[^\S \t\r\n]|[^\P{C}\t\r\n]/gu)?.length ?? 0;

const endOf = (text: string): string => /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';

/** Line ends that Biome makes: `\n`, or what its configuration says. */
function* isAskedFor(patch: PatchView, now: string): Script<boolean> {
  if (!now.includes('\r')) return true;
  const config = (yield* patch.read('biome.json')) ?? (yield* patch.read('biome.jsonc')) ?? '';
  return /"lineEnding"\s*:\s*"(?:crlf|auto)"/.test(config) && !/(?<!\r)\n|\r(?!\n)/.test(now);
}

/** A mark of the byte order and a first line for the shell are in no tree. */
const headOf = (text: string): string | undefined => /^\uFEFF?(?:#![^\r\n]*)?/.exec(text)?.[0];
