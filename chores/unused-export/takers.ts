// SPDX-License-Identifier: GPL-3.0-only
import type { PatchView } from '../../src/chore/patch.ts';
import type { Script } from '../../src/chore/script.ts';
import type { Spec } from '../../src/spec/schema.ts';

const mostRead = 60;
/** With the queue of specs. */
const prose =
  /\.(?:md|markdown|txt)$|(?:^|\/)[^/]*lock[^/]*$|(?:^|\/)specs\/[^/]*\.(?:json|ya?ml)$/i;

/** Whether nothing of the tree is out of sight. */
export const seesAll = ({ scope, context }: Spec): boolean => {
  const all = [...scope, ...context];
  const at = Math.max(all.lastIndexOf('**'), all.lastIndexOf('**/*'));
  return at !== -1 && all.slice(at).every((one) => !one.startsWith('!'));
};

/**
 * Who may take one of a module's names, in words; `undefined` where nobody can. Reads every file that
 * says the module's name at the end of a path.
 */
export function* takerOf(
  patch: PatchView,
  path: string,
  names: readonly string[],
  loading: readonly string[],
): Script<string | undefined> {
  const file = path.slice(path.lastIndexOf('/') + 1);
  const stem = file.slice(0, file.indexOf('.'));
  const says = new Set<string>();
  for (const text of [`/${stem}`, `'${stem}'`, `"${stem}"`, `"${stem}.`])
    for (const other of yield* patch.containing(text)) says.add(other);
  says.delete(path);
  const others = [...says].filter((other) => !prose.test(other));
  if (others.length > mostRead) return `one of ${others.length} files that name it`;
  for (const other of others) {
    const taken = namesIn(other, (yield* patch.read(other)) ?? '', stem);
    if (taken === 'any' || names.some((name) => taken.includes(name))) return other;
  }
  if (names.some((name) => frames.test(name))) return 'a framework';
  const around = yield* handedOn(patch, path);
  if (around !== undefined || loading.length === 0) return around;
  for (const name of names) {
    const word = new RegExp(`(?<![\\w$])${quoteMeta(name)}(?![\\w$])`);
    for (const other of yield* patch.containing(name))
      if (other !== path && word.test((yield* patch.read(other)) ?? '')) return other;
  }
  return undefined;
}

/** Names that Next, Remix, SvelteKit, test runners, Storybook or a cloud look for in modules. */
const frames =
  /^(?:get(?:ServerSideProps|StaticProps|StaticPaths)|generate(?:StaticParams|Metadata|Viewport)|metadata|viewport|dynamic(?:Params)?|revalidate|fetchCache|runtime|preferredRegion|maxDuration|config|middleware|proxy|register|onRequest(?:Error)?|(?:client)?(?:loader|action|Loader|Action)|meta|links|headers|handlers?|handle|shouldRevalidate|ErrorBoundary|HydrateFallback|load|actions|prerender|ssr|csr|trailingSlash|entries|match|init|GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|fetch|setup|teardown|globalSetup|globalTeardown|up|down|argTypes|args|decorators|parameters)$/;

const quoteMeta = (text: string): string => text.replace(/[$^.*+?()[\]{}|\\]/g, '\\$&');

/** The names that a file takes from modules so called; `any` where it may take others too. */
const namesIn = (path: string, text: string, stem: string): readonly string[] | 'any' => {
  const end = `(?:[^'"\\n]*/)?${quoteMeta(stem)}(?:\\.[\\w.]+)?`;
  const isSource = /\.[cm]?[jt]sx?$/.test(path);
  // A bare word in quotes is a module only where one is imported.
  const quoted = `(['"])${quoteMeta(stem)}(?:\\.[cm]?[jt]sx?)?\\1`;
  const bare = isSource ? `\\b(?:from|import|import\\(|require\\()\\s*${quoted}` : quoted;
  const mention = new RegExp(`/${quoteMeta(stem)}(?![\\w$-])|${bare}`);
  if (!isSource) return mention.test(text) ? 'any' : [];
  const list = new RegExp(
    `^(?:import|export)\\s+(?:type\\s+)?(?:[\\w$]+\\s*,\\s*)?\\{([^{}]*)\\}\\s*from\\s*(['"])${end}\\2`,
    'gm',
  );
  const plain = new RegExp(`^import\\s+(?:(?:type\\s+)?[\\w$]+\\s+from\\s*)?(['"])${end}\\1`, 'gm');
  const names = [...text.matchAll(list)].flatMap(([, inner = '']) =>
    inner.split(',').flatMap((one) => /^\s*(?:type\s+)?([\w$]+)/.exec(one)?.[1] ?? []),
  );
  return mention.test(text.replace(list, '').replace(plain, '')) ? 'any' : names;
};

/** A package.json above the module by which others may import it. */
function* handedOn(patch: PatchView, path: string): Script<string | undefined> {
  const parts = path.split('/');
  for (let depth = parts.length - 1; depth >= 0; depth -= 1) {
    const file = [...parts.slice(0, depth), 'package.json'].join('/');
    const text = yield* patch.read(file);
    if (text !== undefined) return /"\.\/[^"]*\*/.test(text) ? file : undefined;
  }
  return undefined;
}

/** Files that load modules whose names show only as the code runs. */
export function* loadsOf(patch: PatchView): Script<readonly string[]> {
  const loading: string[] = [];
  for (const call of ['import(', 'require(', 'import.meta.glob', 'require.context'])
    for (const path of (yield* patch.containing(call)).filter((one) => !prose.test(one))) {
      const text = ((yield* patch.read(path)) ?? '').replace(
        /\b(?:import|require)\(\s*(?:'[^'\n]*'|"[^"\n]*"|`[^`$\n]*`)\s*[,)]/g,
        '',
      );
      if (/\b(?:import|require)\(|\bimport\.meta\.glob|\brequire\.context/.test(text))
        loading.push(path);
    }
  return loading;
}
