// SPDX-License-Identifier: GPL-3.0-only
import { coveredBy } from '../../src/chore/patch.ts';
import { Declined, type Script } from '../../src/chore/script.ts';
import { refuseUnseen } from '../../src/chore/unseen.ts';
import type { Work } from '../../src/chore/work.ts';
import type { CodeHands } from '../../src/code/hands.ts';
import { isDeclaration, isSource } from '../../src/code/script-of.ts';
import { isTest } from '../../src/code/syntax.ts';
import type { WorkingTree } from '../../src/code/working-tree.ts';
import { type ExportedStatement, exportedIn, isModuleText } from './exported.ts';
import { type Importers, looseLoads, whoImports } from './importers.ts';

type Args = { readonly names?: readonly string[]; readonly files?: readonly string[] };

/** More modules than this are not looked at one by one. */
const mostModules = 120;

/** Module by module; what may be imported though nothing is seen to import it is left and named. */
export const work: Work<Args, CodeHands> = function* ({ names, files }, { tree, compiler, spec }) {
  refuseUnseen(spec, 'who imports from');
  const wanted = coveredBy(files);
  const paths = (yield* modulesIn(tree, names)).filter(
    (path) => wanted(path) && tree.mayWrite(path),
  );
  if (paths.length > mostModules)
    throw new Declined(`${paths.length} modules are more than rules can look at; name a folder`);
  const loose = yield* looseLoads(tree);
  const left: { readonly path: string; readonly reason: string }[] = [];
  const done: string[] = [];
  const met = new Set<string>();
  for (const path of paths) {
    const text = yield* tree.read(path);
    const all = exportedIn(compiler, path, text);
    const open = [...new Set(all.flatMap((one) => one.names))].filter(
      (name) => names?.includes(name) ?? true,
    );
    if (open.length === 0) continue;
    for (const name of open) met.add(name);
    const importers = yield* whoImports(compiler, tree, path);
    const reasons = new Map<string, string>();
    for (const name of open) {
      const user = importers.names.get(name);
      if (names && user !== undefined)
        throw new Declined(`\`${name}\` of ${path} is imported by ${user}`);
      if (user !== undefined) continue;
      const reason = yield* doubtAbout(tree, path, name, importers, loose);
      if (reason !== undefined) reasons.set(name, reason);
    }
    const free = open.filter((name) => !importers.names.has(name) && !reasons.has(name));
    const taken = removable(all, free);
    const bare = cut(text, taken);
    if (taken.length > 0 && !isModuleText(compiler, path, bare)) {
      for (const name of free) reasons.set(name, 'is all that makes its file a module');
      taken.length = 0;
    }
    for (const name of free)
      if (!reasons.has(name) && !taken.some((one) => one.names.includes(name)))
        reasons.set(name, 'is exported together with another that is imported');
    const said = [...reasons].map(([name, reason]) => `\`${name}\` ${reason}`).join('; ');
    if (said !== '' && names) throw new Declined(`${path}: ${said}`);
    if (said !== '') left.push({ path, reason: `keeps exports: ${said}`.slice(0, 400) });
    yield* tree.edit(
      path,
      taken.map(({ start, end }) => ({ start, end, text: '' })),
    );
    if (taken.length > 0) done.push(`${taken.flatMap((one) => one.names).join(', ')} in ${path}`);
  }
  const lacking = names?.filter((name) => !met.has(name)) ?? [];
  if (lacking.length > 0 && lacking.length < (names?.length ?? 0))
    throw new Declined(`no module in these files exports \`${lacking.join('`, `')}\``);
  const kept = left.map(({ path, reason }) => `${path} ${reason}`).slice(0, 10);
  const notes = [`unused-export: ${done.join('; ') || 'there is none'}`, ...kept].join('; ');
  return { notes: notes.slice(0, 2000), left };
};

/** Modules that may have what is asked: those with the names in them, or all. */
function* modulesIn(
  tree: WorkingTree,
  names: readonly string[] | undefined,
): Script<readonly string[]> {
  const paths = new Set<string>();
  for (const name of names ?? []) for (const path of yield* tree.containing(name)) paths.add(path);
  return (names ? [...paths].sort() : yield* tree.files()).filter(
    (path) => isSource(path) && !isDeclaration(path) && !isTest(path),
  );
}

/** Modules that a tool loads by where they are, and names that a framework looks for in modules. */
const loadedByPlace =
  /(?:^|\/)(?:__mocks__|__fixtures__)\/|\.(?:config|stories|bench)\.|(?:^|\/)\+/;
const calledByName = new Set(
  'getServerSideProps getStaticProps getStaticPaths generateStaticParams generateMetadata generateViewport metadata viewport dynamic dynamicParams revalidate fetchCache runtime preferredRegion maxDuration config middleware proxy register onRequestError loader clientLoader action clientAction meta links headers handle shouldRevalidate ErrorBoundary HydrateFallback load actions prerender ssr csr trailingSlash entries match init handler handlers GET POST PUT PATCH DELETE HEAD OPTIONS fetch onRequest setup teardown globalSetup globalTeardown up down argTypes args decorators parameters'.split(
    ' ',
  ),
);

/** Why it cannot be ruled out that a name is imported, though no file is seen to do so. */
function* doubtAbout(
  tree: WorkingTree,
  path: string,
  name: string,
  { whole }: Importers,
  loose: readonly string[],
): Script<string | undefined> {
  if (whole !== undefined) return whole;
  if (loadedByPlace.test(path)) return 'is in a file that a tool loads';
  if (calledByName.has(name)) return 'has a name that frameworks look for';
  if (loose.length === 0) return undefined;
  const [other] = (yield* tree.containing(name)).filter((one) => one !== path);
  return other === undefined
    ? undefined
    : `may be what ${loose[0]} loads, and ${other} has that name too`;
}

/** The statements all of whose names are free, and those of the same names with them. */
const removable = (
  all: readonly ExportedStatement[],
  free: readonly string[],
): ExportedStatement[] => {
  const names = new Set(free);
  for (let size = -1; size !== names.size; ) {
    size = names.size;
    for (const one of all) {
      if (one.names.every((name) => names.has(name))) continue;
      for (const name of one.names) names.delete(name);
    }
  }
  return all.filter((one) => one.names.every((name) => names.has(name)));
};

const cut = (text: string, statements: readonly ExportedStatement[]): string =>
  statements.reduceRight((rest, { start, end }) => rest.slice(0, start) + rest.slice(end), text);
