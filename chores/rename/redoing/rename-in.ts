// SPDX-License-Identifier: GPL-3.0-only
import type ts from 'typescript';
import type { PatchView, Texts } from '../../../src/chore/patch.ts';
import { isSource } from '../../../src/code/script-of.ts';
import { declarationsOf, parseSource } from '../../../src/code/syntax.ts';
import type { Compiler } from '../../../src/data/load-typescript.ts';
import { exportersIn, valuesOfModules } from './module-values.ts';
import { findReferences, type NameReference, type Referred } from './references.ts';
import { commentsIn, linesIn, namedInDocs, saidAnew } from './said.ts';
import type { Sources } from './service.ts';

/** The texts with the rename done, and what forbids it. */
export type RenameDone = { readonly texts: Texts; readonly findings: readonly string[] };

type Task = {
  readonly args: { readonly from: string; readonly to: string };
  readonly patch: PatchView;
  readonly texts: Texts;
  readonly sources: Sources;
  readonly homes: readonly string[];
  readonly referred: Referred;
  readonly exporters: ReadonlySet<string>;
};

/** Renames all references, and asks the compiler once more whether they still are the same ones. */
export const renameIn = (compiler: Compiler, task: Task): RenameDone => {
  const { args, texts, sources, homes, referred, exporters } = task;
  const { from, to } = args;
  const byPath = Map.groupBy(referred.references, ({ path }) => path);
  const done = new Map<string, string>();
  const expected = new Set<string>();
  for (const [path, references] of byPath) {
    const text = sources.texts.get(path) ?? '';
    const { text: now, places } = write(text, references, args);
    done.set(path, now);
    for (const place of places) expected.add(`${path}:${place}`);
  }
  const findings = [
    ...referred.findings,
    ...valuesOfModules({
      compiler,
      program: referred.program,
      target: sources.target,
      exporters,
      homes,
      word: from,
      onlyTypes: homes.every((path) => areTypes(compiler, sources.texts.get(path), path, from)),
    }),
    ...clashes(compiler, referred, byPath, args),
    ...[...exporters]
      .filter((path) => exportsName(referred, path, to))
      .map((path) => `${path}: it exports a \`${to}\` already`),
    ...lost(compiler, task, done, expected),
  ];
  const withWords = new Map<string, string>(done);
  for (const [path, text] of texts) {
    if (text !== undefined) withWords.set(path, say(compiler, task, path, text, byPath.get(path)));
  }
  return { texts: withWords, findings };
};

const areTypes = (
  compiler: Compiler,
  text: string | undefined,
  path: string,
  word: string,
): boolean =>
  text !== undefined &&
  declarationsOf(compiler, parseSource(compiler, path, text))
    .filter(({ name }) => name === word)
    .every(({ typeOnly }) => typeOnly);

const write = (
  text: string,
  references: readonly NameReference[],
  { from, to }: Task['args'],
): { readonly text: string; readonly places: readonly number[] } => {
  const places: number[] = [];
  let now = '';
  let end = 0;
  for (const { start, written } of references.toSorted((a, b) => a.start - b.start)) {
    now += text.slice(end, start);
    if (written === 'old: word') now += `${from}: `;
    places.push(now.length);
    now += written === 'word: old' ? `${to}: ${from}` : to;
    end = start + from.length;
  }
  return { text: now + text.slice(end), places };
};

/** Names that are already taken where the new one would be. */
const clashes = (
  compiler: Compiler,
  { program }: Referred,
  byPath: ReadonlyMap<string, readonly NameReference[]>,
  { from, to }: Task['args'],
): readonly string[] => {
  const checker = program.getTypeChecker();
  const { Value, Type, Namespace, Alias } = compiler.SymbolFlags;
  return [...byPath.keys()].flatMap((path) => {
    const file = program.getSourceFile(path);
    if (!file) return [];
    const isHere = ({ name, declarations = [] }: ts.Symbol): boolean =>
      name === to && declarations.some((one) => one.getSourceFile() === file);
    const inScope = checker.getSymbolsInScope(
      file.endOfFileToken,
      Value | Type | Namespace | Alias,
    );
    const tags = (byPath.get(path) ?? []).some(
      ({ start }) => /<\/?$/u.test(file.text.slice(0, start)) && isTagAt(compiler, file, start),
    );
    const pragma = /@jsx(?:Frag)?\s+([\p{ID_Continue}$]+)/u.exec(file.text)?.[1];
    return [
      ...(pragma === from ? [`${path}: a pragma says \`${from}\``] : []),
      ...(inScope.some(isHere) ? [`${path}: there is a \`${to}\` already`] : []),
      ...(tags && /^[a-z]/u.test(to) ? [`${path}: <${to}> is an element of the platform`] : []),
    ];
  });
};

/** Also what a module hands on by `export *`. */
const exportsName = ({ program }: Referred, path: string, name: string): boolean => {
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(path);
  const module = file && checker.getSymbolAtLocation(file);
  return (
    module !== undefined && checker.getExportsOfModule(module).some((one) => one.name === name)
  );
};

const isTagAt = (compiler: Compiler, file: ts.SourceFile, start: number): boolean => {
  let isTag = false;
  const visit = (node: ts.Node): void => {
    if (node.pos > start || node.end <= start) return;
    if (
      (compiler.isJsxOpeningLikeElement(node) || compiler.isJsxClosingElement(node)) &&
      node.tagName.getStart(file) === start
    ) {
      isTag = true;
    }
    compiler.forEachChild(node, visit);
  };
  visit(file);
  return isTag;
};

/** What the new name does not mean any more, or what it has come to mean besides. */
const lost = (
  compiler: Compiler,
  { args: { from, to }, sources, homes, exporters }: Task,
  done: ReadonlyMap<string, string>,
  expected: ReadonlySet<string>,
): readonly string[] => {
  const texts = new Map([...sources.texts, ...done]);
  const { program, references } = findReferences(compiler, { ...sources, texts }, homes, to);
  const now = new Set(references.map(({ path, start }) => `${path}:${start}`));
  const findings: string[] = [];
  const missing = [...expected].find((place) => !now.has(place));
  if (missing !== undefined) {
    findings.push(`${missing.replace(/:\d+$/u, '')}: \`${to}\` would mean something else there`);
  }
  const extra = [...now].find((place) => !expected.has(place));
  if (extra !== undefined) {
    findings.push(`${extra.replace(/:\d+$/u, '')}: \`${to}\` is already used for something else`);
  }
  const still = exportersIn(compiler, program, homes, to);
  const without = [...exporters].find((path) => !still.has(path));
  if (without !== undefined) findings.push(`${without}: \`${to}\` is not exported, or twice`);
  for (const home of homes) {
    const file = program.getSourceFile(home);
    const left = file ? declarationsOf(compiler, file).some(({ name }) => name === from) : false;
    if (left) findings.push(`${home}: \`${from}\` is still declared`);
  }
  return findings;
};

/** A text with its references renamed and with the words in comments as the patch has them. */
const say = (
  compiler: Compiler,
  { args, patch, referred }: Task,
  path: string,
  text: string,
  references: readonly NameReference[] = [],
): string => {
  const others = patch.asked.flatMap(({ chore, args: { from, to } }) =>
    chore === 'rename' && typeof from === 'string' && typeof to === 'string' && from !== args.from
      ? [{ from, to }]
      : [],
  );
  const patched = patch.patched.get(path) ?? '';
  const file = isSource(path) ? referred.program.getSourceFile(path) : undefined;
  if (!file) {
    if (!/\.(?:md|markdown|txt|rst|adoc)$/iu.test(path)) return text;
    const lines = linesIn(patched).map((one) => one.text);
    const places = saidAnew(linesIn(text), lines, args, others, () => false);
    return write(text, wordsAt(path, places), args).text;
  }
  const starts = new Set(references.map(({ start }) => start));
  const named = namedInDocs(compiler, referred.program, file, args.from);
  const comments = commentsIn(
    compiler,
    compiler.createSourceFile(path, patched, compiler.ScriptTarget.Latest, true),
  );
  const places = saidAnew(
    commentsIn(compiler, file),
    comments.map((one) => one.text),
    args,
    others,
    (at) => (starts.has(at) ? 'reference' : named.has(at)),
  );
  return write(text, [...references, ...wordsAt(path, places)], args).text;
};

const wordsAt = (path: string, places: readonly number[]): readonly NameReference[] =>
  places.map((start) => ({ path, start, written: 'word' }));
