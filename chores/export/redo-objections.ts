// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import type ts from 'typescript';
import type { PatchView } from '../../src/chore/patch.ts';
import type { Script } from '../../src/chore/script.ts';
import { followRelative, mayDeclare, type ReadText } from '../../src/code/relative-modules.ts';
import { isDeclaration } from '../../src/code/script-of.ts';
import { declarationsOf, parseSource } from '../../src/code/syntax.ts';
import type { Compiler } from '../../src/data/load-typescript.ts';
import { type Reached, reach } from './redo-reach.ts';

type Sides = {
  readonly patch: PatchView;
  readonly compiler: Compiler;
  readonly before: ReadText;
  readonly after: ReadText;
};

type Wish = {
  readonly name: string;
  readonly place: string;
  /** The module that a sentence names. */
  readonly source: string | undefined;
  readonly owners: readonly string[];
};

/** The modules that declare a name, or where some export it only these. */
export function* ownersOf(
  compiler: Compiler,
  patch: PatchView,
  read: ReadText,
  name: string,
): Script<readonly string[]> {
  const owners: { readonly path: string; readonly exported: boolean }[] = [];
  for (const path of yield* mayDeclare(patch, name)) {
    const text = yield* read(path);
    if (text === undefined) continue;
    const file = parseSource(compiler, path, text);
    const declared = declarationsOf(compiler, file).filter((one) => one.name === name);
    const asDefault = file.statements.some(
      (one) =>
        compiler.isExportAssignment(one) &&
        compiler.isIdentifier(one.expression) &&
        one.expression.text === name,
    );
    if (declared.length > 0) {
      const exported = asDefault || declared.some((one) => one.exported !== 'no');
      owners.push({ path, exported });
    }
  }
  const open = owners.filter(({ exported }) => exported);
  return (open.length > 0 ? open : owners).map(({ path }) => path);
}

/** The first index in the folder of a module or above it. */
export function* nearestIndex(read: ReadText, module: string): Script<string | undefined> {
  const folders = module.split('/').slice(0, -1);
  for (let depth = folders.length; depth >= 0; depth -= 1) {
    for (const name of ['index.ts', 'index.mts', 'index.js', 'index.mjs', 'index.tsx']) {
      const path = [...folders.slice(0, depth), name].join('/');
      if (path !== module && (yield* read(path)) !== undefined) return path;
    }
  }
  return undefined;
}

/** Why what a name leads to now is not what is asked for. */
export function* objection(
  { compiler, patch, before, after }: Sides,
  { name, place, source, owners }: Wish,
  result: Reached,
  had: Reached | undefined,
): Script<string | undefined> {
  const { origins, isValue, onlyType, through } = result;
  const [origin = '', another] = origins;
  if (another !== undefined) return `\`${name}\` is declared in ${origin} and in ${another}`;
  if (isValue && onlyType) return `${place} exports the value \`${name}\` as a type`;
  const text = (yield* before(place)) ?? '';
  const own = declarationsOf(compiler, parseSource(compiler, place, text));
  if (source !== undefined) {
    if (origin !== source && !through.includes(source))
      return `\`${name}\` does not come from ${source}`;
  } else if (own.some((one) => one.name === name)) {
    if (origin !== place) return `${place} has a \`${name}\` of its own`;
  } else if (owners.length > 0 && (owners.length > 1 || owners[0] !== origin)) {
    return `\`${name}\` is declared in ${owners.join(', ')}; ${origin} may be wrong`;
  }
  for (const path of [place, origin]) {
    const types = path.replace(/\.([cm]?)jsx?$/u, '.d.$1ts');
    if (!isDeclaration(types) || types === path || (yield* after(types)) === undefined) continue;
    const typed = yield* reach(compiler, after, types, name);
    if (!typed || typed.isValue !== isValue || (isValue && typed.onlyType))
      return `${types} does not declare \`${name}\``;
    if (!typed.origins.includes(types) && !typed.origins.includes(origin))
      return `${types} has another \`${name}\``;
  }
  if (!had) {
    const lost = yield* lostBy({ compiler, patch, before, after }, name, origin);
    if (lost !== undefined) return lost;
  }
  if (had || !isValue || origin === place) return undefined;
  if (/(?:^|[^.\w])(?:module\s*\.\s*)?exports\s*[.=[]/u.test(text)) return `${place} is CommonJS`;
  return yield* firstRun({ compiler, patch, before, after }, place, [...through, origin]);
}

/** Of two names that meet through stars the compiler keeps neither. */
function* lostBy(
  { compiler, patch, before, after }: Sides,
  name: string,
  origin: string,
): Script<string | undefined> {
  const hubs = (yield* patch.containing('export *')).filter((path) =>
    /\.[cm]?[jt]sx?$/u.test(path),
  );
  for (const path of hubs.slice(0, 20)) {
    const was = yield* reach(compiler, before, path, name);
    if (!was || was.origins.includes(origin)) continue;
    const is = yield* reach(compiler, after, path, name);
    if (is?.origins[0] !== was.origins[0]) return `${path} no longer exports its \`${name}\``;
  }
  return undefined;
}

/** Code that runs as soon as a module is imported, in modules that nothing in the place imported so far. */
function* firstRun(
  { compiler, before, after }: Sides,
  place: string,
  paths: readonly string[],
): Script<string | undefined> {
  const running = new Set(yield* loadedBy({ compiler, before }, place));
  for (const barrel of running) {
    for (const path of yield* loadedBy({ compiler, before }, barrel, 'stars')) running.add(path);
  }
  for (const path of new Set(paths)) {
    if (running.has(path)) continue;
    const module = parseSource(compiler, path, (yield* after(path)) ?? '');
    const names = new Set(declarationsOf(compiler, module).map(({ name }) => name));
    const run = module.statements.find((one) => isRun(compiler, one, names));
    if (run)
      return `${posix.basename(path)} does something when it is loaded: ${run.getText(module).slice(0, 60)}`;
  }
  return undefined;
}

/** The modules that a module imports or exports from; with `stars` those it hands on whole. */
function* loadedBy(
  { compiler, before }: Pick<Sides, 'compiler' | 'before'>,
  from: string,
  which?: 'stars',
): Script<readonly string[]> {
  const file = parseSource(compiler, from, (yield* before(from)) ?? '');
  const paths: string[] = [];
  for (const statement of file.statements) {
    const isImport =
      compiler.isImportDeclaration(statement) && !statement.importClause?.isTypeOnly && !which;
    const isExport =
      compiler.isExportDeclaration(statement) &&
      !statement.isTypeOnly &&
      (!which || !statement.exportClause);
    if (!(isImport || isExport) || !statement.moduleSpecifier) continue;
    const specifier = (statement.moduleSpecifier as ts.StringLiteral).text;
    const path = yield* followRelative(before, from, specifier);
    if (path !== undefined) paths.push(path);
  }
  return paths;
}

const isRun = (compiler: Compiler, one: ts.Statement, names: ReadonlySet<string>): boolean => {
  if (compiler.isExpressionStatement(one)) {
    const { expression } = one;
    if (compiler.isStringLiteral(expression)) return false;
    return !(
      compiler.isBinaryExpression(expression) &&
      expression.operatorToken.kind === compiler.SyntaxKind.EqualsToken &&
      compiler.isPropertyAccessExpression(expression.left) &&
      compiler.isIdentifier(expression.left.expression) &&
      names.has(expression.left.expression.text)
    );
  }
  return (
    compiler.isIfStatement(one) ||
    compiler.isTryStatement(one) ||
    compiler.isSwitchStatement(one) ||
    compiler.isBlock(one) ||
    compiler.isThrowStatement(one) ||
    compiler.isLabeledStatement(one) ||
    compiler.isIterationStatement(one, false)
  );
};
