// SPDX-License-Identifier: GPL-3.0-only
import type { Chores } from '../../chore/chores.ts';
import { readAsked } from '../../chore/read-asked.ts';
import type { Spec } from '../../spec/schema.ts';
import type { BaseTree } from '../../workspace/base-tree.ts';
import { git } from '../../workspace/git.ts';
import { isShallow } from '../../workspace/repository.ts';

/** `YYYY-MM-DD` by path, of the commit that added each file; `undefined` where the spec does not ask. */
export type FirstCommitDates = (
  spec: Spec,
  paths: readonly string[],
) => Promise<Readonly<Record<string, string>> | undefined>;

/** Walks the history once, when the first spec asks. A shallow clone knows no file's first commit. */
export const openFirstCommitDates = (
  { repository, commit }: Pick<BaseTree, 'repository' | 'commit'>,
  chores: Chores,
): FirstCommitDates => {
  let walked: Promise<ReadonlyMap<string, string>> | undefined;
  return async (spec, paths) => {
    if (!asksForDates(spec, chores)) return undefined;
    walked ??= walk(repository, commit);
    const dates = await walked;
    return Object.fromEntries(
      paths.flatMap((path) => {
        const date = dates.get(path);
        return date === undefined ? [] : [[path, date]];
      }),
    );
  };
};

/** The name of this fact in a chore's arguments. */
const fact = 'first-commit';

const asksForDates = (spec: Spec, chores: Chores): boolean =>
  Object.hasOwn(spec.rules, 'date') ||
  readAsked(spec, chores).asked.some(({ args }) => Object.values(args).includes(fact));

/** No path of git's begins so. */
const mark = '//';

const walk = async (repository: string, commit: string): Promise<ReadonlyMap<string, string>> => {
  if (await isShallow(repository)) return new Map();
  const { stdout } = await git(repository, [
    'log',
    '-z',
    '--name-status',
    '--find-renames',
    '--diff-filter=AR',
    '--topo-order',
    `--format=${mark}%as`,
    commit,
  ]);
  return readHistory(stdout.toString('utf8').split('\0'));
};

/** Follows names back, newest commit first: of two commits that added a path the older one counts. */
const readHistory = (parts: readonly string[]): ReadonlyMap<string, string> => {
  const dates = new Map<string, string>();
  /** The names of today by one that a file had before; others are today's own. */
  const later = new Map<string, readonly string[]>();
  const today = (name: string): readonly string[] => later.get(name) ?? [name];
  let date = '';
  const left = parts.values();
  for (const part of left) {
    const text = part.replace(/^\n/, '');
    if (text === '') continue;
    if (text.startsWith(mark)) {
      date = text.slice(mark.length).trim();
      continue;
    }
    // `A`, name; or `R` with a similarity, old name, new name.
    const before = text.startsWith('R') ? left.next().value : undefined;
    const names = today(left.next().value ?? '');
    for (const name of names) dates.set(name, date);
    if (before !== undefined) later.set(before, [...(later.get(before) ?? []), ...names]);
  }
  return dates;
};
