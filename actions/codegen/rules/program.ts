// SPDX-License-Identifier: GPL-3.0-only
import type ts from 'typescript';
import { type Compiler, isRelative, resolveModule } from './syntax.ts';

/** A program over texts in memory: no library, no file system; relative imports only. */
export const createProgram = (
  compiler: Compiler,
  texts: ReadonlyMap<string, string>,
): ts.Program => {
  const paths = new Set(texts.keys());
  const options: ts.CompilerOptions = {
    noLib: true,
    noEmit: true,
    allowJs: true,
    types: [],
    target: compiler.ScriptTarget.Latest,
    module: compiler.ModuleKind.ESNext,
    moduleResolution: compiler.ModuleResolutionKind.Bundler,
    moduleDetection: compiler.ModuleDetectionKind.Auto,
    allowImportingTsExtensions: true,
    jsx: compiler.JsxEmit.Preserve,
  };
  const host: ts.CompilerHost = {
    fileExists: (path) => texts.has(path),
    readFile: (path) => texts.get(path),
    directoryExists: () => true,
    getDirectories: () => [],
    getSourceFile: (path, languageVersion) => {
      const text = texts.get(path);
      return text === undefined
        ? undefined
        : compiler.createSourceFile(path, text, languageVersion, true);
    },
    getDefaultLibFileName: () => 'lib.d.ts',
    getCurrentDirectory: () => '',
    getCanonicalFileName: (path) => path,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    writeFile: () => {},
    resolveModuleNameLiterals: (literals, from) =>
      literals.map(({ text }) => {
        const path = isRelative(text) ? resolveModule(from, text, paths) : undefined;
        return {
          resolvedModule:
            path === undefined
              ? undefined
              : {
                  resolvedFileName: path,
                  extension: extensionOf(path),
                  isExternalLibraryImport: false,
                },
        };
      }),
  };
  return compiler.createProgram({ rootNames: [...paths], options, host });
};

const extensionOf = (path: string): string =>
  /\.d\.[cm]?ts$|\.[cm]?[jt]sx?$/u.exec(path)?.[0] ?? '.ts';

/** Every node below one, JSDoc included, each once. */
export function* nodesOf(compiler: Compiler, root: ts.Node): Generator<ts.Node> {
  const pending: ts.Node[] = [root];
  const seen = new Set<ts.Node>();
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    yield node;
    compiler.forEachChild(node, (child) => {
      pending.push(child);
    });
    for (const doc of compiler.getJSDocCommentsAndTags(node)) pending.push(doc);
  }
}
