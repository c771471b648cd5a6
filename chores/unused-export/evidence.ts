// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import type ts from 'typescript';
import type { PatchView } from '../../src/chore/patch.ts';
import type { Script } from '../../src/chore/script.ts';
import { nodesOf } from '../../src/code/nodes.ts';
import { isSource } from '../../src/code/script-of.ts';
import { parseSource } from '../../src/code/syntax.ts';
import { loadTypeScript } from '../../src/data/load-typescript.ts';
import { memoiseByObject } from '../../src/data/memoise.ts';
import { compileScope } from '../../src/spec/scope.ts';

/** Whether nothing else can take a name of a module. */
export type Evidence = { readonly isFree: (path: string, name: string) => Script<boolean> };

/** What the files that name a module take from it. */
type Taken = 'all' | ReadonlySet<string>;

const mostFiles = 60;

/** Opens what the tree says of its modules; each file is looked at once for each module. */
export function* openEvidence(patch: PatchView): Script<Evidence> {
  const { scope, context } = patch.spec;
  const reads = compileScope([...scope, ...context]);
  const isWhole = ['a.ts', '.a/b.vue', 'x/y/z/package.json', 'docs/a.mdx'].every(reads);
  const isPlain = [...scope, ...context].every(
    (pattern) => !pattern.startsWith('!') || context.includes('**'),
  );
  const taken = new Map<string, Taken>();
  const loaders = yield* looseLoaders(patch);
  return {
    isFree: function* (path, name) {
      if (!isWhole || !isPlain || isFoundByPlace(path) || isFoundByName(name)) return false;
      const all = taken.get(path) ?? (yield* takenFrom(patch, path));
      taken.set(path, all);
      if (all === 'all' || all.has(name)) return false;
      if (loaders.length === 0) return true;
      for (const other of yield* patch.containing(name)) {
        if (other !== path && hasWord((yield* patch.read(other)) ?? '', name)) return false;
      }
      return true;
    },
  };
}

const isFoundByPlace = (path: string): boolean => {
  const folders = posix.dirname(path).split('/');
  const name = posix.basename(path);
  return (
    folders.some((folder) => folder === '__mocks__' || folder === '__fixtures__') ||
    name.startsWith('+') ||
    name.startsWith('index.') ||
    ['config', 'stories', 'bench'].some((part) => name.includes(`.${part}.`))
  );
};

const byName: readonly string[] = [
  'getServerSideProps getStaticProps getStaticPaths generateStaticParams generateMetadata generateViewport',
  'metadata viewport dynamic dynamicParams revalidate fetchCache runtime preferredRegion maxDuration config',
  'middleware proxy register onRequestError onRequest loader clientLoader action clientAction meta links',
  'headers handle shouldRevalidate ErrorBoundary HydrateFallback load actions prerender ssr csr',
  'trailingSlash entries match init handler handlers GET POST PUT PATCH DELETE HEAD OPTIONS fetch',
  'setup teardown globalSetup globalTeardown up down argTypes args decorators parameters',
];

const isFoundByName = (name: string): boolean =>
  byName.some((line) => line.split(' ').includes(name));

const hasWord = (text: string, name: string): boolean =>
  text.split(/[^\p{ID_Continue}$]+/u).includes(name);

const isProse = (path: string): boolean =>
  ['.md', '.markdown', '.txt'].includes(posix.extname(path).toLowerCase()) ||
  posix.basename(path).includes('lock') ||
  // The queue says which files its specs are about.
  (posix.basename(posix.dirname(path)) === 'specs' &&
    ['.json', '.yaml', '.yml'].includes(posix.extname(path)));

function* takenFrom(patch: PatchView, path: string): Script<Taken> {
  const [stem = ''] = posix.basename(path).split('.');
  const files = new Set(yield* patch.containing(`/${stem}`));
  for (const quote of ["'", '"'])
    for (const other of yield* patch.containing(`${quote}${stem}`)) files.add(other);
  const names = new Set<string>();
  const others = [...files].filter((other) => other !== path && !isProse(other));
  if (others.length > mostFiles) return 'all';
  for (const other of others) {
    const text = (yield* patch.read(other)) ?? '';
    if (!isSource(other)) {
      if (partsOfPaths(text).some((part) => part === stem)) return 'all';
      continue;
    }
    const more = namesTaken(other, text, stem);
    if (more === 'all') return 'all';
    for (const name of more) names.add(name);
  }
  for (let folder = posix.dirname(path); ; folder = posix.dirname(folder)) {
    const manifest = yield* patch.read(posix.join(folder, 'package.json'));
    // Those further up speak of other packages.
    if (manifest?.match(/"\.\/[^"]*"/g)?.some((said) => said.includes('*'))) return 'all';
    if (manifest !== undefined || folder === '.') return names;
  }
}

/** The last parts of what may be paths in any text, without their endings. */
const partsOfPaths = (text: string): readonly string[] =>
  text
    .split(/[\s"'`()<>,;=:?#]+/)
    .filter(
      (word) => word.includes('/') || /\.[cm]?[jt]sx?$/.test(word) || text.includes(`"${word}"`),
    )
    .map((word) => posix.basename(word).split('.')[0] ?? '');

const namesTaken = (path: string, text: string, stem: string): Taken => {
  const compiler = loadTypeScript();
  const file = parseSource(compiler, path, text);
  const names = new Set<string>();
  const isMeant = (said: string): boolean => posix.basename(said).split('.')[0] === stem;
  for (const node of nodesOf(compiler, file)) {
    if (compiler.isTemplateLiteralToken(node) && node.text.split('/').some(isMeant)) {
      if (node.text.includes('/')) return 'all';
    }
    if (!compiler.isStringLiteral(node) || !isMeant(node.text)) continue;
    const elements = elementsTaken(node.parent);
    if (elements === undefined && (node.text.includes('/') || isLoad(node.parent))) return 'all';
    for (const one of elements ?? []) names.add((one.propertyName ?? one.name).text);
  }
  const comments = text.match(/\/\*[\s\S]*?\*\/|\/\/.*/g) ?? [];
  return comments.some((comment) => commentNames(comment, isMeant)) ? 'all' : names;

  /** A bare word names a module only where one is loaded. */
  function isLoad(parent: ts.Node): boolean {
    if (compiler.isCallExpression(parent))
      return /^(?:import|require)$/.test(parent.expression.getText(file));
    return compiler.isImportTypeNode(parent.parent) || compiler.isExternalModuleReference(parent);
  }
  function elementsTaken(
    parent: ts.Node,
  ): readonly (ts.ImportSpecifier | ts.ExportSpecifier)[] | undefined {
    if (compiler.isImportDeclaration(parent)) {
      const bound = parent.importClause?.namedBindings;
      if (!bound) return [];
      return compiler.isNamedImports(bound) ? bound.elements : undefined;
    }
    if (!compiler.isExportDeclaration(parent) || !parent.exportClause) return undefined;
    return compiler.isNamedExports(parent.exportClause) ? parent.exportClause.elements : undefined;
  }
};

const commentNames = (comment: string, isMeant: (said: string) => boolean): boolean =>
  comment.split(/[\s"'`()<>,;{}*?#]+/).some((word) => word.includes('/') && isMeant(word));

/** Files with a call that loads a module by a name worked out as the code runs. */
function* looseLoaders(patch: PatchView): Script<readonly string[]> {
  const loaders: string[] = [];
  for (const call of ['import(', 'require(', 'import.meta.glob', 'require.context']) {
    for (const path of yield* patch.containing(call)) {
      if (isProse(path) || loaders.includes(path)) continue;
      const text = (yield* patch.read(path)) ?? '';
      const isLoose = (): boolean => loadsLoosely(parseSource(loadTypeScript(), path, text));
      if (!isSource(path) || isLoose()) loaders.push(path);
    }
  }
  return loaders;
}

const loadsLoosely = memoiseByObject((file: ts.SourceFile): boolean => {
  const compiler = loadTypeScript();
  for (const node of nodesOf(compiler, file)) {
    if (!compiler.isCallExpression(node)) continue;
    const callee = node.expression.getText();
    if (/^import\.meta\.glob|^require\.context$/.test(callee)) return true;
    const [first] = node.arguments;
    const isLoad = callee === 'require' || callee === 'import';
    if (isLoad && first && !compiler.isStringLiteralLike(first)) return true;
  }
  return false;
});
