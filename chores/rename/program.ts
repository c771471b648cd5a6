// SPDX-License-Identifier: GPL-3.0-only

import type ts from 'typescript';
import type { Compiler } from '../../src/data/load-typescript.ts';
import type { Around } from './around.ts';

/** A program over texts in memory: no library, no file system; imports lead where `target` says. */
export const createProgram = (compiler: Compiler, { texts, target }: Around): ts.Program => {
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
        const leads = target(from, text);
        const path = typeof leads === 'object' && texts.has(leads.path) ? leads.path : undefined;
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
  return compiler.createProgram({ rootNames: [...texts.keys()], options, host });
};

const extensionOf = (path: string): string =>
  /\.d\.[cm]?ts$|\.[cm]?[jt]sx?$/u.exec(path)?.[0] ?? '.ts';
