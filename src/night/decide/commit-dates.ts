// SPDX-License-Identifier: GPL-3.0-only
import type { Chores } from '../../chore/chores.ts';
import { readAsked } from '../../chore/read-asked.ts';
import type { Spec } from '../../spec/schema.ts';
import type { BaseTree } from '../../workspace/base-tree.ts';
import { git } from '../../workspace/git.ts';
import { isShallow } from '../../workspace/repository.ts';
import type { CommitDates } from '../record/night-schemas.ts';

/** The dates that a spec asks for, of these files. */
export type FindCommitDates = (spec: Spec, paths: readonly string[]) => Promise<CommitDates>;

/** Walks the history once for each fact, when the first spec asks. A shallow clone knows no dates. */
export const openCommitDates = (
  { repository, commit }: Pick<BaseTree, 'repository' | 'commit'>,
  chores: Chores,
): FindCommitDates => {
  const walked = new Map<keyof CommitDates, ReturnType<typeof walk>>();
  return async (spec, paths) => {
    const dates: { -readonly [Name in keyof CommitDates]: CommitDates[Name] } = {};
    for (const name of asksFor(spec, chores)) {
      const walking = walked.get(name) ?? walk(repository, commit, name);
      walked.set(name, walking);
      const days = await walking;
      dates[name] = Object.fromEntries(
        paths.flatMap((path) => {
          const day = days.get(path);
          return day === undefined ? [] : [[path, day]];
        }),
      );
    }
    return dates;
  };
};

/** By their names in a chore's arguments. */
const facts = {
  'first-commit': 'firstCommitDates',
  'last-commit': 'lastCommitDates',
} as const satisfies Readonly<Record<string, keyof CommitDates>>;

const asksFor = (spec: Spec, chores: Chores): readonly (keyof CommitDates)[] => {
  const { asked } = readAsked(spec, chores);
  return Object.entries(facts).flatMap(([fact, name]) =>
    (fact === 'first-commit' && Object.hasOwn(spec.rules, 'date')) ||
    asked.some(({ args }) => Object.values(args).includes(fact))
      ? [name]
      : [],
  );
};

/** No path of git's begins so. */
const mark = '//';

const walk = async (
  repository: string,
  commit: string,
  fact: keyof CommitDates,
): Promise<ReadonlyMap<string, string>> => {
  const isLast = fact === 'lastCommitDates';
  if (await isShallow(repository)) return new Map();
  const { stdout } = await git(repository, [
    'log',
    '-z',
    '--name-status',
    '--find-renames',
    `--diff-filter=${isLast ? 'AMRT' : 'AR'}`,
    '--topo-order',
    `--format=${mark}%as`,
    commit,
  ]);
  return readHistory(stdout.toString('utf8').split('\0'), isLast);
};

/**
 * Follows names back, newest commit first: of two commits that added a path the older one counts, and the
 * newest that changed it where `isLast`.
 */
const readHistory = (parts: readonly string[], isLast: boolean): ReadonlyMap<string, string> => {
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
    // `A`, `M` or `T`, name; or `R` with a similarity, old name, new name.
    const before = text.startsWith('R') ? left.next().value : undefined;
    const names = today(left.next().value ?? '');
    for (const name of names) if (!isLast || !dates.has(name)) dates.set(name, date);
    if (before !== undefined) later.set(before, [...(later.get(before) ?? []), ...names]);
  }
  return dates;
};
