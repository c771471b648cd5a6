// SPDX-License-Identifier: GPL-3.0-only
import ts from 'typescript';
import { namesLicence } from '../../src/spec/licence.ts';
import {
  type Exported,
  exportedIn,
  exportsOf,
  fromRoot,
  inRoot,
  openService,
  syntaxErrors,
  tokensOf,
} from './compiler.ts';
import type { Driven, Files } from './drive.ts';
import type { Task } from './tasks.ts';

/** What is wrong with a finished task, judged without the rules that did it; `undefined`: nothing. */
export const faultOf = (task: Task, driven: Driven): string | undefined => {
  const before = task.corpus.files;
  const after = { ...before, ...Object.fromEntries(driven.changed) };
  for (const [path, text] of driven.changed) {
    const old = before[path] ?? '';
    if (syntaxErrors(path, text) > syntaxErrors(path, old)) return `${path} no longer parses`;
    if (old !== '' && crlfShare(old) !== crlfShare(text)) return `${path}: line endings changed`;
    if (old.startsWith('\uFEFF') !== text.startsWith('\uFEFF')) return `${path}: byte order mark`;
  }
  const { expect } = task;
  switch (expect.kind) {
    case 'rename':
      return renameFault(before, after, driven, expect.of, expect.to);
    case 'export':
      return exportFault(before, after, driven, expect.of, expect.index);
    case 'doc-comment':
      return docFault(before, after, driven, expect.of, expect.text);
    case 'test-skeleton':
      return testFault(after, driven, expect.of, expect.test);
    case 'header':
      return headerFault(before, after, driven, expect.ending, expect.licence);
    case 'hopeless':
      return `done although ${expect.why}`;
  }
};

/** All, none, or mixed: how lines end. */
const crlfShare = (text: string): string => {
  const all = text.match(/\n/gu)?.length ?? 0;
  const crlf = text.match(/\r\n/gu)?.length ?? 0;
  return crlf === 0 ? 'lf' : crlf === all ? 'crlf' : 'mixed';
};

const renameFault = (
  before: Files,
  after: Files,
  driven: Driven,
  of: Exported,
  to: string,
): string | undefined => {
  const target = exportedIn(of.path, after[of.path] ?? '').find(({ name }) => name === to);
  if (!target) return `${of.path} does not export ${to}`;
  const olds = openService(before);
  const news = openService(after);
  const old = references(olds, of.path, of.at);
  const now = references(news, of.path, target.at);
  const paths = [...new Set([...old.keys(), ...now.keys()])];
  const differing = paths.find((path) => old.get(path) !== now.get(path));
  if (differing) {
    return `${differing}: ${old.get(differing) ?? 0} references before, ${now.get(differing) ?? 0} after`;
  }
  for (const [path, text] of driven.changed) {
    const fault = renamedTokens(
      tokensOf(path, before[path] ?? ''),
      tokensOf(path, text),
      of.name,
      to,
    );
    if (fault) return `${path}: ${fault}`;
  }
  for (const path of driven.changed.keys()) {
    const [errors, others] = [diagnostics(olds, path), diagnostics(news, path)];
    if (errors !== others) return `${path}: other type errors than before`;
  }
  return undefined;
};

/** References by file, counted by the language service. */
const references = (
  service: ts.LanguageService,
  path: string,
  at: number,
): ReadonlyMap<string, number> => {
  const found = new Set(
    (service.findReferences(inRoot(path), at) ?? []).flatMap((group) =>
      group.references.map(({ fileName, textSpan }) => `${fromRoot(fileName)}\0${textSpan.start}`),
    ),
  );
  const counts = new Map<string, number>();
  for (const place of found) {
    const file = place.split('\0')[0] ?? '';
    counts.set(file, (counts.get(file) ?? 0) + 1);
  }
  return counts;
};

/** Semantic errors by code, names left out. */
const diagnostics = (service: ts.LanguageService, path: string): string =>
  service
    .getSemanticDiagnostics(inRoot(path))
    .map(({ code }) => code)
    .sort((a, b) => a - b)
    .join(' ');

/** Walks both token lists: only the name may differ, or a shorthand be written out. */
const renamedTokens = (
  old: readonly string[],
  now: readonly string[],
  from: string,
  to: string,
): string | undefined => {
  let at = 0;
  for (const token of old) {
    if (token !== from) {
      if (now[at] !== token) return `\`${token}\` became \`${now[at]}\``;
      at += 1;
    } else if (now[at] === to) {
      at += now[at + 1] === ':' && now[at + 2] === from ? 3 : 1;
    } else if (now[at] === from) {
      at += now[at + 1] === ':' && now[at + 2] === to ? 3 : 1;
    } else return `\`${from}\` became \`${now[at]}\``;
  }
  return at === now.length ? undefined : `${now.length - at} tokens too many`;
};

const exportFault = (
  before: Files,
  after: Files,
  driven: Driven,
  of: Exported,
  index: string,
): string | undefined => {
  const other = [...driven.changed.keys()].find((path) => path !== index);
  if (other) return `${other} changed too`;
  const [old, now] = [exportsOf(before, index), exportsOf(after, index)];
  if (now.get(of.name) !== of.path) return `${of.name} comes from ${now.get(of.name)}`;
  const lost = [...old].find(([name, path]) => now.get(name) !== path);
  if (lost) return `${lost[0]} is no longer exported as it was`;
  return [...now.keys()].find((name) => name !== of.name && !old.has(name)) && 'exports too much';
};

const sameCode = (before: Files, driven: Driven): string | undefined =>
  [...driven.changed].find(
    ([path, text]) =>
      JSON.stringify(tokensOf(path, before[path] ?? '')) !== JSON.stringify(tokensOf(path, text)),
  )?.[0];

const docFault = (
  before: Files,
  after: Files,
  driven: Driven,
  of: Exported,
  text: string | undefined,
): string | undefined => {
  const changedCode = sameCode(before, driven);
  if (changedCode) return `${changedCode}: code changed`;
  const now = exportedIn(of.path, after[of.path] ?? '').find(({ name }) => name === of.name);
  if (!now?.documented) return `${of.name} has no doc comment`;
  return text === undefined || after[of.path]?.includes(text) ? undefined : 'other words';
};

const testFault = (
  after: Files,
  driven: Driven,
  of: Exported,
  test: string,
): string | undefined => {
  const other = [...driven.changed.keys()].find((path) => path !== test);
  if (other) return `${other} changed too`;
  const program = openService(after).getProgram();
  const file = program?.getSourceFile(inRoot(test));
  const checker = program?.getTypeChecker();
  if (!file || !checker) return `${test} is not there`;
  const specifier = file.statements
    .filter(ts.isImportDeclaration)
    .flatMap(({ importClause }) =>
      importClause?.namedBindings && ts.isNamedImports(importClause.namedBindings)
        ? [...importClause.namedBindings.elements]
        : [],
    )
    .find(({ name }) => name.text === of.name);
  const local = specifier && checker.getSymbolAtLocation(specifier.name);
  const real = local && checker.getAliasedSymbol(local);
  const from = real?.declarations?.[0]?.getSourceFile().fileName;
  if (from !== inRoot(of.path)) return `${test} imports ${of.name} from ${from}`;
  return /\bt\.\w+\(/u.test(file.text) ? undefined : `${test} asserts nothing`;
};

const headerFault = (
  before: Files,
  after: Files,
  driven: Driven,
  ending: string,
  licence: string,
): string | undefined => {
  const changedCode = sameCode(before, driven);
  if (changedCode) return `${changedCode}: code changed`;
  for (const [path, text] of Object.entries(before)) {
    const now = after[path] ?? '';
    if (!path.endsWith(ending)) {
      if (now !== text) return `${path} changed too`;
      continue;
    }
    if (!namesLicence(now.slice(0, 1000), licence)) return `${path} has no header`;
    const body = text.replace(/^\uFEFF?(?:#!.*\r?\n)?/u, '');
    if (!now.endsWith(body)) return `${path}: its text changed`;
  }
  return undefined;
};
