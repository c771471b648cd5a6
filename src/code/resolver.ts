// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import type ts from 'typescript';
import { createCache } from '../data/bounded-cache.ts';
import { digestOf, sha256 } from '../data/digest.ts';
import type { Compiler } from '../data/load-typescript.ts';
import { isForeign } from './foreign.ts';
import { isComponent, isSource } from './script-of.ts';

/**
 * Where a specifier leads: a source of the tree, a package that is not of the tree, a file that is
 * no source, or (`unknown`) something that cannot be followed, such as an alias of a bundler.
 */
export type ModuleTarget = { readonly path: string } | 'foreign' | 'other' | 'unknown';

/** Asks for the text of one file of the tree after the other until it knows. */
export type AskingForText<Answer> = Generator<string, Answer, string | undefined>;

export type Resolve = (from: string, specifier: string) => AskingForText<ModuleTarget>;

/** The facts that a resolver goes by; all paths begin at the top of the tree. */
type Facts = {
  readonly compiler: Compiler;
  readonly files: ReadonlySet<string>;
  /** The folders of the packages in the tree, by the packages' names. */
  readonly packages: ReadonlyMap<string, readonly string[]>;
  readonly configs: ReadonlyMap<string, readonly string[]>;
  readonly texts: Map<string, string>;
};

/**
 * Resolves as TypeScript does, by every tsconfig and jsconfig in the folders around a file and those
 * they extend and reference, by `imports` of package.json, and by the names of the tree's packages.
 */
export const openResolver = (
  compiler: Compiler,
  files: ReadonlySet<string>,
  packages: ReadonlyMap<string, readonly string[]>,
): Resolve => {
  const texts = new Map<string, string>();
  const facts = { compiler, files, packages, configs: configsByFolder(files), texts };
  let state = digestOf([[...files], [...packages].map(([name, folders]) => [name, [...folders]])]);
  const settle = function* <Answer>(key: string, attempt: Attempt<Answer>): AskingForText<Answer> {
    for (;;) {
      const known = `${state} ${key}`;
      const cached = (answers.get(known) as Ended<Answer> | undefined) ?? attemptIn(facts, attempt);
      answers.set(known, cached);
      if ('answer' in cached) return cached.answer;
      const text = (yield cached.missing) ?? '';
      texts.set(cached.missing, text);
      state = sha256(`${state} ${cached.missing} ${text}`);
    }
  };
  return function* (from, specifier) {
    return yield* settle(JSON.stringify([from, specifier]), (read) =>
      resolveWith({ ...facts, read }, from, specifier),
    );
  };
};

/** What an attempt came to, or the file whose text it lacked first. */
type Ended<Answer> = { readonly answer: Answer } | { readonly missing: string };
type Attempt<Answer> = (read: (path: string) => string | undefined) => Answer;

/** Rules go through their course again for each answer, over the same texts. */
const answers = createCache<string, Ended<unknown>>(20_000);

/** One at a time, since what is lacking next can depend on what the first one says. */
const attemptIn = <Answer>({ files, texts }: Facts, attempt: Attempt<Answer>): Ended<Answer> => {
  let missing: string | undefined;
  const answer = attempt((path) => {
    if (files.has(path) && !texts.has(path)) missing ??= path;
    return texts.get(path);
  });
  return missing === undefined ? { answer } : { missing };
};

type Means = Facts & { readonly read: (path: string) => string | undefined };

const resolveWith = (means: Means, from: string, specifier: string): ModuleTarget => {
  const host = hostOf(means, from);
  const { compiler, files } = means;
  const resolve = (options: ts.CompilerOptions): string | undefined => {
    const all = {
      ...options,
      allowJs: true,
      moduleResolution: compiler.ModuleResolutionKind.Bundler,
      customConditions: [...(options.customConditions ?? []), 'node'],
    };
    const { resolvedModule } = compiler.resolveModuleName(specifier, `/${from}`, all, host);
    const path = resolvedModule && host.locate(resolvedModule.resolvedFileName);
    // What is declared beside a module says nothing of what the module has.
    const beside = path?.replace(/\.d\.([cm]?)ts$/u, '.$1js') ?? '';
    return files.has(beside) ? beside : path;
  };
  const attempts = /^\.{1,2}(?:\/|$)/u.test(specifier) ? [{}] : optionsFor(means, host, from);
  for (const options of attempts) {
    const path = resolve(options);
    if (path !== undefined) return isSource(path) && files.has(path) ? { path } : 'other';
  }
  const source = sourceOf(means, from, specifier);
  if (source !== undefined) return { path: source };
  const beside = posix.join(posix.dirname(from), specifier);
  if (files.has(beside)) return isComponent(beside) ? 'unknown' : 'other';
  return isForeign(means, from, specifier) ? 'foreign' : 'unknown';
};

/** The source of an entry of a package of the tree, where what is built of it is not there. */
const sourceOf = (
  { files, packages }: Means,
  from: string,
  specifier: string,
): string | undefined => {
  const [, name = '', entry = 'index'] = /^((?:@[^/]+\/)?[^/]+)(?:\/(.+))?$/u.exec(specifier) ?? [];
  const folder = nearestOf(packages.get(name) ?? [], from);
  if (folder === undefined) return undefined;
  return ['ts', 'tsx', 'mts', 'js', 'jsx', 'mjs']
    .flatMap((ending) => [`src/${entry}.${ending}`, `src/${entry}/index.${ending}`])
    .map((path) => posix.join(folder, path))
    .find((path) => files.has(path));
};

type Host = ts.ParseConfigHost & { readonly locate: (path: string) => string };

/** The tree at `/`, with its packages in `/node_modules` as a package manager would link them. */
const hostOf = ({ files, packages, read }: Means, from: string): Host => {
  const locate = (path: string): string => {
    const [, name, rest] = /^\/node_modules\/((?:@[^/]+\/)?[^/]+)(\/.*)$/u.exec(path) ?? [];
    const only = name === undefined ? undefined : nearestOf(packages.get(name) ?? [], from);
    return only === undefined ? path.slice(1) : posix.join(only, `.${rest}`);
  };
  return {
    useCaseSensitiveFileNames: true,
    fileExists: (path) => files.has(locate(path)),
    readFile: (path) => read(locate(path)),
    readDirectory: () => [],
    locate,
  };
};

/** Of folders with packages of one name, that with which a file shares most of its path. */
const nearestOf = (folders: readonly string[], from: string): string | undefined => {
  const parts = from.split('/');
  const sharedWith = (folder: string): number => {
    const others = folder.split('/');
    const end = others.findIndex((part, index) => part !== parts[index]);
    return end === -1 ? others.length : end;
  };
  const [first, second] = folders
    .map((folder) => ({ folder, shared: sharedWith(folder) }))
    .sort((a, b) => b.shared - a.shared);
  return first?.shared === second?.shared ? undefined : first?.folder;
};

/** The settings that may hold for a file, those nearest to it first; none last. */
const optionsFor = (means: Means, host: Host, from: string): readonly ts.CompilerOptions[] => {
  const pending: string[] = [];
  for (let folder = posix.dirname(from); ; folder = posix.dirname(folder)) {
    pending.push(...(means.configs.get(folder) ?? []));
    if (folder === '.') break;
  }
  const options: ts.CompilerOptions[] = [];
  const seen = new Set(pending);
  // A set grows while it is walked.
  for (const config of seen) {
    const parsed = readConfig(means, host, `/${config}`);
    if (parsed.options.paths || parsed.options.baseUrl || parsed.options.customConditions) {
      options.push(parsed.options);
    }
    for (const one of parsed.references) if (means.files.has(one)) seen.add(one);
  }
  return [...options, {}];
};

const readConfig = ({ compiler, files }: Means, host: Host, config: string) => {
  const { config: json = {} } = compiler.readConfigFile(config, host.readFile);
  const folder = posix.dirname(config);
  const parsed = compiler.parseJsonConfigFileContent(json, host, folder);
  const paths = Object.entries(parsed.options.paths ?? {}).filter(([, to]) => isListOfTexts(to));
  const references = (parsed.projectReferences ?? []).map(({ path }) => {
    const target = posix.resolve(folder, path).slice(1);
    return files.has(target) ? target : posix.join(target, 'tsconfig.json');
  });
  return {
    options: {
      ...parsed.options,
      paths: paths.length > 0 ? Object.fromEntries(paths) : undefined,
    } as ts.CompilerOptions,
    references,
  };
};

/** The compiler takes whatever stands there for one. */
const isListOfTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

const configName = /(?:^|\/)[jt]sconfig(?:\.[\w.-]+)?\.json$/u;

/** `tsconfig.json` before `jsconfig.json` before `tsconfig.app.json`. */
const configsByFolder = (files: ReadonlySet<string>): ReadonlyMap<string, readonly string[]> => {
  const rank = (path: string): string =>
    `${posix.basename(path).split('.').length} ${path.replace(/jsconfig/u, 'usconfig')}`;
  const configs = [...files].filter((path) => configName.test(path));
  configs.sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  return Map.groupBy(configs, (path) => posix.dirname(path));
};
