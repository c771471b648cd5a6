// SPDX-License-Identifier: GPL-3.0-only
import { coveredBy, type Judge, type PatchView } from '../../src/chore/patch.ts';
import type { Script } from '../../src/chore/script.ts';
import { mayDeclare, type ReadText } from '../../src/code/relative-modules.ts';
import { isSource } from '../../src/code/script-of.ts';
import { isTest } from '../../src/code/syntax.ts';
import { loadTypeScript } from '../../src/data/load-typescript.ts';
import { compileScope } from '../../src/spec/scope.ts';
import type { Named, TokenModule } from '../export/judge-module.ts';
import { type Look, openLook } from '../export/judge-trace.ts';
import { isCallable } from './judge-function.ts';
import { wrongForm, wrongWords } from './judge-words.ts';

type Args = {
  readonly names?: readonly string[];
  readonly which?: 'function' | 'type' | 'class' | 'constant';
  readonly files?: readonly string[];
  readonly text?: string;
};

type Stages = { readonly patch: PatchView; readonly base: Look; readonly now: Look };

/** So many unchanged files are read to see whether they have what is asked for. */
const mostFiles = 120;

/** Takes out each new comment that stands above a declaration that should have one. */
export const judge: Judge<Args> = function* (args, patch, texts) {
  const left = new Map(texts);
  const stages = openStages(patch, left);
  const { names = [], which, files = [], text } = args;
  const findings: string[] = [];
  const undo = function* (path: string, isMeant: IsMeant): Script<void> {
    const [module, base] = [yield* stages.now(path), yield* stages.base(path)];
    if (!module || !base) return;
    const result = withoutComments(module, base, isMeant, text);
    findings.push(...result.findings);
    if (result.text !== module.text) left.set(path, result.text);
  };
  for (const name of names) {
    const paths = yield* declarers(stages, name, files);
    const [only, other] = paths;
    if (only === undefined || other !== undefined) {
      findings.push(`\`${name}\` is declared in ${paths.join(', ') || 'no file that is meant'}`);
    } else yield* undo(only, (one) => (one.name === name ? 'asked' : 'not asked'));
  }
  if (names.length > 0) return { texts: left, findings };
  const inScope = compileScope(patch.spec.scope);
  const isCovered = coveredBy(files);
  const paths = (yield* patch.files()).filter(
    (path) => isSource(path) && !isTest(path) && inScope(path) && isCovered(path),
  );
  if (paths.length === 0) return { findings: ['there is no file to document'] };
  if (paths.filter((path) => !left.has(path)).length > mostFiles) {
    return { findings: [`more than ${mostFiles} files are to be documented; name a folder`] };
  }
  for (const path of paths) {
    yield* undo(path, (one, module) => (isOf(one, which) ? standingOf(one, module) : 'not asked'));
  }
  return { texts: left, findings };
};

type IsMeant = (one: Named, module: TokenModule) => 'asked' | 'may' | 'not asked';

/** What is exported by its name must be documented, and what is by another name may be. */
const standingOf = (one: Named, { handed }: TokenModule): 'asked' | 'may' | 'not asked' => {
  const exports = handed.filter(({ local, module }) => module === undefined && local === one.name);
  if (exports.length === 0) return 'not asked';
  return exports.some(({ name, form }) => form === 'declaration' || name === one.name)
    ? 'asked'
    : 'may';
};

const isOf = (one: Named, which: Args['which']): boolean => {
  const first = one.statement.tokens.find(({ text }) =>
    /^(?:const|let|var|function|class|enum|interface|type)$/u.test(text),
  )?.text;
  const isVariable = first !== undefined && /^(?:const|let|var)$/u.test(first);
  if (which === 'function') return isCallable(one);
  if (which === 'class') return first === 'class';
  if (which === 'type') return one.kind === 'type';
  return which === undefined || (isVariable && !isCallable(one));
};

const openStages = (patch: PatchView, left: ReadonlyMap<string, string | undefined>): Stages => {
  const compiler = loadTypeScript();
  const names = new Map(
    patch.asked
      .filter(({ chore }) => chore === 'rename')
      .map(({ args }) => [String(args.from), String(args.to)]),
  );
  const base: ReadText = function* (path) {
    const text = yield* patch.read(path, 'base');
    return text?.replace(/[\p{ID_Continue}$]+/gu, (word) => names.get(word) ?? word);
  };
  const now: ReadText = function* (path) {
    return left.has(path) ? left.get(path) : yield* patch.read(path);
  };
  return { patch, base: openLook(compiler, base), now: openLook(compiler, now) };
};

function* declarers(
  { patch, now }: Stages,
  name: string,
  files: readonly string[],
): Script<readonly string[]> {
  const all: string[] = [];
  const open: string[] = [];
  for (const path of yield* mayDeclare(patch, name, files)) {
    const module = yield* now(path);
    if (!module?.named.some((one) => one.name === name)) continue;
    all.push(path);
    if (module.handed.some((one) => one.local === name && one.module === undefined))
      open.push(path);
  }
  return open.length > 0 ? open : all;
}

/** The text of a module without the comments that are new and asked for. */
const withoutComments = (
  module: TokenModule,
  base: TokenModule,
  isMeant: IsMeant,
  text: string | undefined,
): { readonly text: string; readonly findings: readonly string[] } => {
  const findings: string[] = [];
  const cuts: { readonly start: number; readonly end: number }[] = [];
  const names = new Set(module.named.map(({ name }) => name));
  for (const name of names) {
    const group = module.named.filter((one) => one.name === name);
    const standings = group.map((one) => isMeant(one, module));
    if (standings.every((standing) => standing === 'not asked')) continue;
    const old = base.named
      .filter((one) => one.name === name)
      .flatMap(({ statement }) => docsAbove(base.text, base, statement.start));
    if (old.length > 0) {
      const words = old.map(({ source }) => plain(source)).join(' ');
      if (text !== undefined && !words.includes(plain(text))) {
        findings.push(`${module.path}: \`${name}\` has another comment`);
      }
      continue;
    }
    let count = 0;
    for (const [at, one] of group.entries()) {
      if (standings[at] === 'not asked') continue;
      const docs = docsAbove(module.text, module, one.statement.start);
      const [doc] = docs;
      if (!doc || cuts.some(({ start }) => start === doc.start)) continue;
      count += 1;
      const problem =
        docs.length > 1
          ? 'it has more than one comment'
          : (wrongForm(module.text, doc, one.statement.start, text !== undefined) ??
            wrongWords(doc.source, one, module, text));
      if (problem !== undefined) findings.push(`${module.path}: \`${name}\`: ${problem}`);
      const indent = doc.start - (module.text.lastIndexOf('\n', doc.start - 1) + 1);
      const eol = module.text.startsWith('\r\n', doc.end) ? 2 : 1;
      const isMark = module.text.startsWith('\uFEFF') && doc.start === 1;
      cuts.push({ start: doc.start, end: doc.end + eol + (isMark ? 0 : indent) });
    }
    if (count === 0 && standings.includes('asked')) {
      findings.push(`${module.path}: \`${name}\` has no doc comment`);
    }
  }
  const left = cuts
    .toSorted((a, b) => b.start - a.start)
    .reduce((all, { start, end }) => all.slice(0, start) + all.slice(end), module.text);
  return { text: left, findings };
};

const plain = (comment: string): string =>
  comment
    .replace(/^\/\*\*|\*\/$/gu, '')
    .replace(/^[ \t]*\* ?/gmu, '')
    .replace(/[ \t\r\n]+/gu, ' ')
    .trim();

type Doc = { readonly start: number; readonly end: number; readonly source: string };

/** The doc comments between the statement before and this one. */
const docsAbove = (text: string, { statements }: TokenModule, to: number): readonly Doc[] => {
  const before = statements.findLast(({ end }) => end <= to)?.end;
  const from = before === undefined ? 0 : endOfLine(text, before);
  return [...text.slice(from, to).matchAll(/\/\/[^\r\n]*|\/\*[\s\S]*?\*\//gu)]
    .filter(([source]) => /^\/\*\*[^/]/u.test(source))
    .map(({ 0: source, index }) => ({
      source,
      start: from + index,
      end: from + index + source.length,
    }));
};

/** A comment behind the statement before, on its last line, is of that one. */
const endOfLine = (text: string, at: number): number => {
  const end = text.indexOf('\n', at);
  return end === -1 ? at : end;
};
