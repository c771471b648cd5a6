// SPDX-License-Identifier: GPL-3.0-only
import { coveredBy, type Judge, type PatchView } from '../../src/chore/patch.ts';
import { type CodeToken, readStatements } from '../../src/code/tokens.ts';
import { loadTypeScript } from '../../src/data/load-typescript.ts';
import { loadsOf, seesAll, takerOf } from './takers.ts';

type Args = { readonly names?: readonly string[]; readonly files?: readonly string[] };

const module = /\.[cm]?[jt]sx?$/;
const special =
  /\.d\.[cm]?ts$|(?:^|\/)(?:tests?|spec|__tests__|__mocks__|__fixtures__)\/|[.-](?:test|spec)\.[cm]?[jt]sx?$|\.(?:config|stories|bench)\.|(?:^|\/)(?:\+|index\.)[^/]*$/;

/** Lines get their `export` back; nothing else may be able to take what they declare. */
export const judge: Judge<Args> = function* ({ names, files }, patch, texts) {
  const left = new Map<string, string>();
  const findings: string[] = [];
  const gone = new Map<string, readonly string[]>();
  const renamed = renamer(patch.asked);
  for (const path of patch.paths.filter(coveredBy(files)).filter((one) => module.test(one))) {
    const [before, now] = [patch.base.get(path), texts.get(path)];
    if (before === undefined || now === undefined) continue;
    const { text, lines } = giveBack(before, now, renamed);
    if (names) {
      const still = exportsOf(path, before, namesLine(before, now));
      const open = names.find((name) => still.includes(name));
      if (open !== undefined) findings.push(`${path}: \`${open}\` is still exported`);
    }
    if (lines.length === 0) continue;
    left.set(path, text);
    const declared = exportsOf(path, before, lines);
    gone.set(path, declared);
    const other = declared.find((name) => names && !names.includes(name));
    if (other !== undefined) findings.push(`${path}: no sentence speaks of \`${other}\``);
    if (!/^(?:import|export)\b/m.test(now)) findings.push(`${path}: it is no module any more`);
    if (special.test(path)) findings.push(`${path}: tools or other packages may take its names`);
  }
  if (gone.size > 0 && !seesAll(patch.spec))
    findings.push('files outside the scope may import what is no longer exported');
  if (findings.length > 0 || gone.size === 0) return { texts: left, findings };
  const loading = yield* loadsOf(patch);
  for (const [path, declared] of gone) {
    const names = [...new Set(declared.flatMap((name) => [name, renamed(name)]))];
    const taker = yield* takerOf(patch, path, names, loading);
    if (taker !== undefined)
      findings.push(`${path}: what is no longer exported may be taken by ${taker}`);
  }
  return { texts: left, findings };
};

/** What a line becomes by the renames that are asked for too. */
const renamer =
  (asked: PatchView['asked']) =>
  (line: string): string =>
    asked
      .filter(({ chore }) => chore === 'rename')
      .reduce((words, { args: { from, to } }) => {
        const name = String(from).replace(/[$^.*+?()[\]{}|\\]/g, '\\$&');
        return words.replace(new RegExp(`(?<![\\w$])${name}(?![\\w$])`, 'g'), () => String(to));
      }, line);

/** The text with `export` put back, and the numbers of the base's lines that had lost it. */
const giveBack = (before: string, now: string, renamed: (line: string) => string) => {
  const old = before.split('\n');
  const wanted = new Map<string, { readonly line: string; readonly index: number }>();
  for (const [index, line] of old.entries()) {
    const [, word = '', said] = /^(export[ \t]+)(?!default\b|\{|\*)(.*)$/.exec(line) ?? [];
    if (said === undefined) continue;
    const rest = renamed(said);
    // What is a line of its own as well cannot be told from it.
    const isAmbiguous = old.includes(said) || wanted.has(rest);
    wanted.set(rest, { line: word + rest, index: isAmbiguous ? -1 : index });
  }
  const lines: number[] = [];
  const restored = now.split('\n').map((line) => {
    const was = wanted.get(line);
    if (!was || was.index === -1) return line;
    wanted.delete(line);
    lines.push(was.index);
    return was.line;
  });
  return { text: restored.join('\n'), lines };
};

/** Lines of the base that export and are still there. */
const namesLine = (before: string, now: string): readonly number[] => {
  const still = new Set(now.split('\n'));
  return before
    .split('\n')
    .flatMap((line, index) => (line.startsWith('export') && still.has(line) ? [index] : []));
};

/** What the statements declare that begin in these lines. */
const exportsOf = (path: string, text: string, lines: readonly number[]): readonly string[] => {
  const starts = new Set(lines);
  return readStatements(loadTypeScript(), path, text)
    .filter(({ start }) => starts.has(text.slice(0, start).split('\n').length - 1))
    .flatMap(({ tokens }) => namesOf(tokens.map((token: CodeToken) => token.text)));
};

const before = new Set(['export', 'declare', 'abstract', 'async']);
const word = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** The names that a statement declares, from its words and marks. */
const namesOf = (tokens: readonly string[]): readonly string[] => {
  const at = tokens.findIndex((token) => !before.has(token));
  const [kind = '', next = ''] = tokens.slice(at);
  const isList = /^(?:const|let|var)$/.test(kind) && next !== 'enum';
  if (!isList)
    return tokens
      .slice(at + 1)
      .filter((one) => word.test(one) && one !== 'enum')
      .slice(0, 1);
  const names: string[] = [];
  let depth = 0;
  let inName = true;
  for (const [index, token] of tokens.entries()) {
    if (index <= at) continue;
    const isKey = depth > 0 && tokens[index + 1] === ':';
    if (inName && !isKey && word.test(token)) names.push(token);
    if (/^[([{]$/.test(token)) depth += 1;
    if (/^[)\]}]$/.test(token)) depth -= 1;
    if (depth === 0 && (token === '=' || token === ':')) inName = false;
    if (depth === 0 && token === ',') inName = true;
  }
  return names;
};
