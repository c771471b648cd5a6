// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import type ts from 'typescript';
import type { Overlay, Side } from '../../src/workspace/overlay.ts';

type Compiler = typeof ts;
type Wanted = {
  readonly name: string;
  readonly specifier: string;
  readonly line: number;
  /** `export * from`: hands on every name and asks for none. */
  readonly star: boolean;
};
type Module = { readonly own: ReadonlySet<string>; readonly wanted: readonly Wanted[] };

const source = /(?<!\.d)\.[cm]?[jt]sx?$/;

/**
 * Imports anywhere in the tree of a name that their module had before the patch and has no more:
 * `file:line imports "name" from "specifier", which ...`. Reads nothing else where no export is lost.
 */
export const findLostImports = async (overlay: Overlay): Promise<readonly string[]> => {
  const changed = overlay.changes().map(({ path }) => path);
  if (!changed.some((path) => source.test(path))) return [];
  const { default: compiler } = await import('typescript');
  const sides = {
    base: sideOf(compiler, overlay, 'base'),
    patched: sideOf(compiler, overlay, 'patched'),
  };
  const lost = new Set<string>();
  for (const path of changed.filter((path) => source.test(path))) {
    const before = await sides.base.module(path);
    const after = await sides.patched.module(path);
    for (const name of before?.own ?? []) if (!after?.own.has(name)) lost.add(name);
    // A hand-on that goes takes names with it that are not written here.
    for (const { star, specifier } of before?.wanted ?? []) {
      if (!star || after?.wanted.some((one) => one.star && one.specifier === specifier)) continue;
      const target = sides.base.resolve(path, specifier);
      for (const name of await sides.base.names(target)) lost.add(name);
    }
  }
  if (lost.size === 0) return [];
  const findings: string[] = [];
  for (const path of overlay.list('patched').filter((path) => source.test(path))) {
    const text = await sides.patched.text(path);
    if (
      text === undefined ||
      ![...lost].some((name) => name === 'default' || text.includes(name))
    ) {
      continue;
    }
    for (const { name, specifier, line, star } of (await sides.patched.module(path))?.wanted ??
      []) {
      if (star || !lost.has(name)) continue;
      const had = await sides.base.names(sides.base.resolve(path, specifier));
      const has = await sides.patched.names(sides.patched.resolve(path, specifier));
      if (had.has(name) && !has.has(name)) {
        findings.push(
          `${path}:${line} imports "${name}" from "${specifier}", which the patch takes away`,
        );
      }
    }
  }
  return findings;
};

const sideOf = (compiler: Compiler, overlay: Overlay, side: Side) => {
  const files = new Set(overlay.list(side));
  const modules = new Map<string, Module>();
  const text = async (path: string): Promise<string | undefined> => {
    const bytes = files.has(path) ? await overlay.read(path, side) : undefined;
    return bytes && new TextDecoder().decode(bytes);
  };
  const module = async (path: string): Promise<Module | undefined> => {
    const known = modules.get(path);
    if (known) return known;
    const content = await text(path);
    if (content === undefined) return undefined;
    const read = readModule(compiler, path, content);
    modules.set(path, read);
    return read;
  };
  const resolve = (from: string, specifier: string): string | undefined =>
    candidates(from, specifier).find((path) => files.has(path));
  /** What a module exports, with what it hands on from others. */
  const names = async (start: string | undefined): Promise<ReadonlySet<string>> => {
    const all = new Set<string>();
    const reached = new Set(start === undefined ? [] : [start]);
    // A set grows while it is walked.
    for (const path of reached) {
      const { own, wanted } = (await module(path)) ?? { own: [], wanted: [] };
      for (const name of own) if (path === start || name !== 'default') all.add(name);
      for (const { star, specifier } of wanted) {
        const next = star ? resolve(path, specifier) : undefined;
        if (next !== undefined) reached.add(next);
      }
    }
    return all;
  };
  return { text, module, resolve, names };
};

const endings = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'];

/** Where Node, TypeScript and bundlers look for a relative specifier, in order. */
const candidates = (from: string, specifier: string): readonly string[] => {
  if (!/^\.{1,2}(?:\/|$)/.test(specifier)) return [];
  const target = posix.join(posix.dirname(from), specifier).replace(/\/$/, '');
  const typed = target.replace(/\.([cm]?)js(x?)$/, '.$1ts$2');
  return [
    target,
    typed,
    typed.replace(/\.ts$/, '.tsx'),
    ...endings.map((ending) => target + ending),
    ...endings.map((ending) => posix.join(target, `index${ending}`)),
  ];
};

const readModule = (compiler: Compiler, path: string, content: string): Module => {
  const file = compiler.createSourceFile(path, content, compiler.ScriptTarget.Latest, true);
  const own = new Set<string>();
  const wanted: Wanted[] = [];
  const want = (node: ts.Node, specifier: string, name: string, star = false): void => {
    const line = file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
    wanted.push({ name, specifier, line, star });
  };
  for (const statement of file.statements) {
    if (compiler.isImportDeclaration(statement)) {
      const { importClause: clause, moduleSpecifier } = statement;
      if (!clause || !compiler.isStringLiteral(moduleSpecifier)) continue;
      if (clause.name) want(clause, moduleSpecifier.text, 'default');
      const bound = clause.namedBindings;
      if (bound && compiler.isNamedImports(bound)) {
        for (const one of bound.elements) {
          want(one, moduleSpecifier.text, (one.propertyName ?? one.name).text);
        }
      }
    } else if (compiler.isExportDeclaration(statement)) {
      const { exportClause: clause, moduleSpecifier: from } = statement;
      const specifier = from && compiler.isStringLiteral(from) ? from.text : undefined;
      if (!clause) {
        if (specifier !== undefined) want(statement, specifier, '*', true);
      } else if (compiler.isNamedExports(clause)) {
        for (const one of clause.elements) {
          own.add(one.name.text);
          if (specifier !== undefined) want(one, specifier, (one.propertyName ?? one.name).text);
        }
      } else own.add(clause.name.text);
    } else if (compiler.isExportAssignment(statement)) own.add('default');
    else for (const name of declaredNames(compiler, statement)) own.add(name);
  }
  return { own, wanted };
};

const declaredNames = (compiler: Compiler, statement: ts.Statement): readonly string[] => {
  const kinds = compiler.canHaveModifiers(statement)
    ? (compiler.getModifiers(statement) ?? []).map(({ kind }) => kind)
    : [];
  if (!kinds.includes(compiler.SyntaxKind.ExportKeyword)) return [];
  if (kinds.includes(compiler.SyntaxKind.DefaultKeyword)) return ['default'];
  if (compiler.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) => boundNames(compiler, name));
  }
  const { name } = statement as { readonly name?: ts.Node };
  return name && compiler.isIdentifier(name) ? [name.text] : [];
};

const boundNames = (compiler: Compiler, name: ts.BindingName): readonly string[] =>
  compiler.isIdentifier(name)
    ? [name.text]
    : name.elements.flatMap((one) =>
        compiler.isOmittedExpression(one) ? [] : boundNames(compiler, one.name),
      );
