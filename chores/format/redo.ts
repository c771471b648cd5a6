// SPDX-License-Identifier: GPL-3.0-only
import type { Judge } from '../../src/chore/patch.ts';
import { selectPaths } from '../../src/spec/scope.ts';
import { type FormatArgs, isMeant, isScript, isWhollyAsked } from './kinds.ts';
import { cssForm } from './redo-css.ts';
import { isSpoiledJson, jsonForm } from './redo-data.ts';
import { withImportsOf } from './redo-imports.ts';
import { isSameScript } from './redo-script.ts';

/** Brings both texts to one form, written by the compiler; where the forms are equal, so is what they say. */
export const redo: Judge<FormatArgs> = function* ({ files, part }, patch, texts) {
  const { paths, patched, read } = patch;
  const configs = [yield* read('biome.json'), yield* read('biome.jsonc')].join('');
  const mayEndInCrLf = ['crlf', 'auto'].some((one) => configs.includes(`"${one}"`));
  const done = new Map<string, string>();
  const findings: string[] = [];
  for (const path of selectPaths(paths, files ?? ['**']).filter(isMeant(part))) {
    const [text, now] = [texts.get(path), patched.get(path)];
    if (text === undefined || now === undefined || text === now) continue;
    if (part === 'imports' && isWhollyAsked(patch, path)) continue;
    const isPlain = isPlainlyWritten(text, now, mayEndInCrLf) && !isSpoiledJson(path, text, now);
    if (isPlain && isSame(path, text, now))
      done.set(path, part === 'imports' ? withImportsOf(path, text, now) : now);
    else findings.push(`${path}: it does not say the same as before`);
  }
  return { texts: done, findings };
};

/** Whether lines end in one way, the last one too, and no blank or sign is new that formatters do not write. */
const isPlainlyWritten = (before: string, now: string, mayEndInCrLf: boolean): boolean => {
  const ends = new Set(now.match(/\r\n|[\r\n\u2028\u2029]/g));
  const kept = /\r\n|\n|\r/.exec(before)?.[0] ?? '\n';
  const [end = '\n'] = ends;
  const isUsual = end === '\n' || end === kept || (end === '\r\n' && mayEndInCrLf);
  const signs = (text: string): number =>
    [...text].filter((sign) => /[\s\p{C}]/u.test(sign) && !' \t\r\n'.includes(sign)).length;
  const isEnded = /[\r\n]$/.test(now) || !/[\r\n]$/.test(before);
  return ends.size <= 1 && isUsual && isEnded && signs(now) <= signs(before);
};

const isSame = (path: string, before: string, now: string): boolean => {
  if (headOf(before) !== headOf(now)) return false;
  if (isScript(path)) return isSameScript(path, before, now);
  const form = /\.jsonc?$/i.test(path) ? jsonForm : cssForm;
  return form(before) === form(now);
};

/** What no compiler shows: a byte order mark, a line for the shell. */
const headOf = (text: string): string => text.match(/^\uFEFF?(?:#![^\r\n]*)?/)?.[0] ?? '';
