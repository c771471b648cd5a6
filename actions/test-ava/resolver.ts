// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import type ts from 'typescript';
import type { Compiler } from './module-names.ts';

type ReadText = (path: string) => Promise<string | undefined>;

/** Where a specifier in a file leads: a path of the tree. */
export type Resolve = (from: string, specifier: string) => string | undefined;

/** Configurations that extend one another are followed this far. */
const maxExtends = 8;

/**
 * Resolves as TypeScript does, with the `paths` and `baseUrl` of the nearest tsconfig.json or
 * jsconfig.json and the `imports` of the nearest package.json.
 */
export const openResolver = async (
  compiler: Compiler,
  files: ReadonlySet<string>,
  text: ReadText,
): Promise<Resolve> => {
  // The compiler asks at once, and paths of the tree begin at its root.
  const texts = new Map<string, string>();
  const asked = new Set([...files].filter((path) => configName.test(path)));
  const host = {
    useCaseSensitiveFileNames: true,
    fileExists: (path: string) => files.has(path.slice(1)),
    readFile: (path: string) => {
      asked.add(path.slice(1));
      return texts.get(path.slice(1));
    },
    readDirectory: () => [],
    getCurrentDirectory: () => '/',
  };
  const optionsAt = (config: string): ts.CompilerOptions => {
    const { config: json = {} } = compiler.readConfigFile(config, host.readFile);
    const { options } = compiler.parseJsonConfigFileContent(json, host, posix.dirname(config));
    const paths = Object.entries(options.paths ?? {}).filter(([, to]) => isListOfTexts(to));
    return { ...options, paths: Object.fromEntries(paths) };
  };
  const optionsByConfig = new Map<string, ts.CompilerOptions>();
  for (let depth = 0; depth <= maxExtends && asked.size > texts.size; depth += 1) {
    for (const path of asked) texts.set(path, (await text(path)) ?? '');
    for (const path of texts.keys()) if (/[jt]sconfig\.json$/.test(path)) optionsAt(`/${path}`);
  }
  return (from, specifier) => {
    const folder = posix.dirname(`/${from}`);
    const [config] = ['tsconfig.json', 'jsconfig.json']
      .flatMap((name) => compiler.findConfigFile(folder, host.fileExists, name) ?? [])
      .sort((a, b) => b.length - a.length);
    const options = {
      ...(config === undefined ? {} : (optionsByConfig.get(config) ?? optionsAt(config))),
      ...{ allowJs: true, customConditions: ['node'] },
      moduleResolution: compiler.ModuleResolutionKind.Bundler,
    };
    if (config !== undefined) optionsByConfig.set(config, options);
    const { resolvedModule } = compiler.resolveModuleName(specifier, `/${from}`, options, host);
    const path = resolvedModule?.resolvedFileName.slice(1);
    // What is declared beside a module says nothing of what the module has.
    const declared = path?.replace(/\.d\.([cm]?)ts$/, '.$1js') ?? '';
    return files.has(declared) ? declared : path;
  };
};

/** The compiler takes whatever stands there for one. */
const isListOfTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

const configName = /(?:^|\/)(?:package|[jt]sconfig)\.json$/;
