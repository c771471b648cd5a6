// SPDX-License-Identifier: GPL-3.0-only
import { readWhole, type Texts } from '../chore/patch.ts';
import { Declined, type Script } from '../chore/script.ts';
import type { Compiler } from '../data/load-typescript.ts';
import { packagesByName } from './foreign.ts';
import { type ModuleTarget, openResolver } from './resolver.ts';
import { listTree, type SearchLine, searchTree, tooMany } from './working-tree.ts';

/** The modules of a patched tree: their texts, where specifiers lead, and the lines that have a text. */
export type TreeModules = {
  readonly files: ReadonlySet<string>;
  /** With these texts in the place of what the tree has. */
  readonly read: (path: string, texts: Texts) => Script<string | undefined>;
  readonly resolve: (from: string, specifier: string) => Script<ModuleTarget>;
  /** @throws Declined where there are more than one search shows */
  readonly lines: (text: string) => Script<readonly SearchLine[]>;
};

/** So many characters fit into one conversation beside the patch itself. */
const maxSeen = 2_500_000;

/** Opens the modules of a patched tree. */
export function* openModules(compiler: Compiler): Script<TreeModules> {
  const files = new Set(yield* listTree());
  const contents = new Map<string, string>();
  let seen = 0;
  const read = function* (path: string, texts: Texts): Script<string | undefined> {
    if (texts.has(path)) return texts.get(path);
    if (!files.has(path)) return undefined;
    const cached = contents.get(path);
    if (cached !== undefined) return cached;
    const text = yield* readWhole(path, 'patched');
    seen += text.length;
    if (seen > maxSeen) {
      throw new Declined('the files to look at are too many for rules; name a folder as the scope');
    }
    contents.set(path, text);
    return text;
  };
  const searches = new Map<string, readonly SearchLine[] | undefined>();
  const lines = function* (text: string, pattern = '**'): Script<readonly SearchLine[]> {
    const key = `${pattern} ${text}`;
    if (!searches.has(key)) searches.set(key, yield* searchTree(text, pattern));
    return searches.get(key) ?? tooMany(text);
  };
  const names = packagesByName(yield* lines('"name"', '**/package.json'));
  const resolver = openResolver(compiler, files, names);
  return {
    files,
    read,
    lines,
    resolve: function* (from, specifier) {
      const asking = resolver(from, specifier);
      let step = asking.next();
      while (!step.done) step = asking.next((yield* read(step.value, new Map())) ?? '');
      return step.value;
    },
  };
}
