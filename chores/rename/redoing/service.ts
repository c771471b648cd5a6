// SPDX-License-Identifier: GPL-3.0-only
import type ts from 'typescript';
import type { ModuleTarget } from '../../../src/code/resolver.ts';
import type { Compiler } from '../../../src/data/load-typescript.ts';

/** Sources by path, and where the specifiers in them lead. */
export type Sources = {
  readonly texts: ReadonlyMap<string, string>;
  readonly targets: ReadonlyMap<string, ModuleTarget>;
  readonly target: (from: string, specifier: string) => ModuleTarget;
};

/** So much of the language's library that the value of `await import()` has a type. */
const library = `
interface Object {} interface Function {} interface CallableFunction {} interface NewableFunction {}
interface IArguments {} interface String {} interface Number {} interface Boolean {} interface RegExp {}
interface Array<T> { [index: number]: T }
interface PromiseLike<T> { then<A = T>(done: (value: T) => A | PromiseLike<A>): PromiseLike<A> }
interface Promise<T> { then<A = T>(done: (value: T) => A | PromiseLike<A>): Promise<A> }
interface PromiseConstructor { readonly prototype: unknown }
declare var Promise: PromiseConstructor;
`;
const libraryPath = 'lib.rename.d.ts';

/** The compiler's language service over texts in memory. */
export const openService = (
  compiler: Compiler,
  { texts, target }: Sources,
): { readonly service: ts.LanguageService; readonly program: ts.Program } => {
  const read = (path: string): string | undefined =>
    path === libraryPath ? library : texts.get(path);
  const host: ts.LanguageServiceHost = {
    getCompilationSettings: () => ({
      noEmit: true,
      noLib: true,
      allowJs: true,
      checkJs: false,
      types: [],
      target: compiler.ScriptTarget.Latest,
      module: compiler.ModuleKind.ESNext,
      moduleResolution: compiler.ModuleResolutionKind.Bundler,
      allowImportingTsExtensions: true,
      jsx: compiler.JsxEmit.Preserve,
    }),
    getScriptFileNames: () => [libraryPath, ...texts.keys()],
    getScriptVersion: () => '1',
    getScriptSnapshot: (path) => {
      const text = read(path);
      return text === undefined ? undefined : compiler.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => '',
    getDefaultLibFileName: () => libraryPath,
    useCaseSensitiveFileNames: () => true,
    fileExists: (path) => read(path) !== undefined,
    readFile: read,
    directoryExists: () => true,
    getDirectories: () => [],
    resolveModuleNameLiterals: (literals, from) =>
      literals.map(({ text }) => {
        const leads = target(from, text);
        if (typeof leads === 'string' || !texts.has(leads.path))
          return { resolvedModule: undefined };
        const extension = /(?:\.d)?\.[cm]?[jt]sx?$/u.exec(leads.path)?.[0] ?? '.ts';
        return { resolvedModule: { resolvedFileName: leads.path, extension } };
      }),
  };
  const service = compiler.createLanguageService(host);
  const program = service.getProgram();
  if (!program) throw new TypeError('the language service has no program');
  return { service, program };
};
