// SPDX-License-Identifier: GPL-3.0-only
import type { Fact } from './facts.ts';

/** A unit's patch of a pull request that a person decided about, as rules are told of it. */
export type DecidedPatch = {
  /** The pull request's branch. */
  readonly branch: string;
  readonly decision: 'accept' | 'reject';
  readonly facts: readonly Fact[];
};

/** A rule that forbids what people rejected and never accepted. */
export type LearnedRule = {
  readonly id: string;
  /** Its clause in Prolog, with a comment that says what it is made from. */
  readonly text: string;
  /** Branches of the rejected pull requests that it forbids. */
  readonly rejected: readonly string[];
  /** How many pull requests people accepted, none of which it forbids. */
  readonly accepted: number;
};

/** What a rule says of one changed file; fewer and lower ranks make the simpler rule. */
type Condition = {
  readonly goal: string;
  readonly words: string;
  readonly rank: number;
  /** Enough for a rule by itself: one about every document, or all that an agent does, would say too much. */
  readonly alone: boolean;
};

const mostConditions = 3;
const mostRules = 10;
/** Of one pull request: a sweep over a repository says no more than these. */
const mostFiles = 500;

/**
 * The fewest and simplest rules that each forbid at least `least` rejected pull requests and no accepted
 * one: a decision list by separate-and-conquer (Fürnkranz 1999, https://doi.org/10.1023/A:1006524209794).
 */
export const learnRules = (
  patches: readonly DecidedPatch[],
  least: number,
): readonly LearnedRule[] => {
  const accepted = patches.filter(({ decision }) => decision === 'accept');
  const acceptedCount = new Set(accepted.map(({ branch }) => branch)).size;
  // Where people have accepted next to nothing, anything tells the two apart.
  if (acceptedCount < least) return [];
  const acceptedFiles = accepted.flatMap(filesOf).map((file) => new Set(file.map(goalOf)));
  const candidates = [...candidatesIn(patches)]
    .map(([, candidate]) => candidate)
    .filter(({ branches }) => branches.size >= least)
    .filter(({ conditions }) => !acceptedFiles.some((file) => covers(conditions, file)));
  const rules: LearnedRule[] = [];
  const left = new Set(candidates.flatMap(({ branches }) => [...branches]));
  while (rules.length < mostRules) {
    const [best] = candidates
      .map(({ conditions, branches }) => ({
        conditions,
        branches: [...branches].filter((branch) => left.has(branch)),
      }))
      .filter(({ branches }) => branches.length >= least)
      .sort(bySimplicity);
    if (!best) break;
    for (const branch of best.branches) left.delete(branch);
    rules.push(ruleOf(best.conditions, best.branches.toSorted(), acceptedCount));
  }
  return rules;
};

type Candidate = { readonly conditions: readonly Condition[]; readonly branches: Set<string> };

/** All that could be said of the files that rejected pull requests change, with whose they are. */
const candidatesIn = (patches: readonly DecidedPatch[]): ReadonlyMap<string, Candidate> => {
  const candidates = new Map<string, Candidate>();
  const files = new Map<string, number>();
  for (const patch of patches) {
    if (patch.decision !== 'reject') continue;
    const { branch } = patch;
    const room = mostFiles - (files.get(branch) ?? 0);
    const changed = filesOf(patch).slice(0, room);
    files.set(branch, mostFiles - room + changed.length);
    for (const file of changed) {
      for (const conditions of choices(file)) {
        const key = conditions.map(goalOf).join(', ');
        const candidate = candidates.get(key) ?? { conditions, branches: new Set<string>() };
        candidate.branches.add(branch);
        candidates.set(key, candidate);
      }
    }
  }
  return candidates;
};

const goalOf = ({ goal }: Condition): string => goal;

const covers = (conditions: readonly Condition[], file: ReadonlySet<string>): boolean =>
  conditions.every(({ goal }) => file.has(goal));

/** Few conditions, much covered, and of those that are alike the one that says where. */
const bySimplicity = (
  a: { readonly conditions: readonly Condition[]; readonly branches: readonly string[] },
  b: typeof a,
): number =>
  a.conditions.length - b.conditions.length ||
  b.branches.length - a.branches.length ||
  rankOf(a.conditions) - rankOf(b.conditions) ||
  textOf(b.conditions).length - textOf(a.conditions).length ||
  (textOf(a.conditions) < textOf(b.conditions) ? -1 : 1);

const rankOf = (conditions: readonly Condition[]): number =>
  conditions.reduce((sum, { rank }) => sum + rank, 0);

const textOf = (conditions: readonly Condition[]): string => conditions.map(goalOf).join(', ');

/** Up to so many of a file's conditions, one of which is enough alone, and none of a rank twice. */
const choices = (file: readonly Condition[]): readonly (readonly Condition[])[] => {
  let sets: readonly (readonly Condition[])[] = [[]];
  for (const condition of file) {
    sets = [
      ...sets,
      ...sets
        .filter(
          (set) => set.length < mostConditions && set.every(({ rank }) => rank !== condition.rank),
        )
        .map((set) => [...set, condition]),
    ];
  }
  return sets.filter((set) => set.some(({ alone }) => alone));
};

/** What may stand in a text of a rule, whoever gave the name. */
const plain = /^[\w ./@+-]+$/;

/** What can be said of each file that a patch changes, sorted by rank. */
const filesOf = ({ facts }: DecidedPatch): readonly (readonly Condition[])[] => {
  const kinds = new Map(
    facts.flatMap(([name, path, kind]) => (name === 'kind' ? [[path, kind]] : [])),
  );
  const agents = facts.flatMap(([name, agent]) => (name === 'agent' ? [String(agent)] : []));
  return facts.flatMap(([fact, path, how]) =>
    fact === 'change'
      ? [conditionsOf(String(path), String(how), String(kinds.get(path)), agents)]
      : [],
  );
};

const conditionsOf = (
  path: string,
  how: string,
  kind: string,
  agents: readonly string[],
): readonly Condition[] => {
  const parts = path.split('/');
  const name = parts.at(-1)?.toLowerCase() ?? '';
  const [ending] = /(?<=.)\.\w+$/.exec(path) ?? [];
  const folders = parts.slice(0, -1).map((_, index) => `${parts.slice(0, index + 1).join('/')}/`);
  return [
    ...folders.flatMap((folder) => about('starts_with(Path, "?")', folder, 'in ', 0, true)),
    ...about('name_of(Path, "?")', name, 'called ', 1, true),
    ...about('ends_with(Path, "?")', ending, 'ending in ', 1, true),
    ...about('change(Path, "?", _)', how, '', 2, how !== 'changed'),
    ...about('kind(Path, "?")', kind, 'of kind ', 3, false),
    ...agents.flatMap((agent) => about('agent("?")', agent, 'by ', 4, false)),
  ];
};

/** A condition with a value in the place of `?`; none of a value that a text of Prolog could end with. */
const about = (
  goal: string,
  value: string | undefined,
  words: string,
  rank: number,
  alone: boolean,
): readonly Condition[] =>
  value !== undefined && plain.test(value)
    ? [{ goal: goal.replace('?', () => value), words: `${words}${value}`, rank, alone }]
    : [];

const ruleOf = (
  conditions: readonly Condition[],
  rejected: readonly string[],
  accepted: number,
): LearnedRule => {
  const goals = conditions.map(goalOf);
  const change = goals.find((goal) => goal.startsWith('change(')) ?? 'change(Path, _, _)';
  const body = [change, ...goals.filter((goal) => goal !== change)].join(', ');
  const values = goals.map((goal) => /"(.*)"/.exec(goal)?.[1] ?? '').join('_');
  const id = `rejected_${values
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '')}`;
  const words = conditions.map((condition) => condition.words).join(', ');
  const shown = rejected
    .filter((branch) => plain.test(branch))
    .slice(0, 5)
    .join(', ');
  const text = `% Rejected: ${shown}${rejected.length > 5 ? ' and others' : ''}.
forbid(${id}, [Path, " (${words}): people rejected ${rejected.length} pull requests with such a change and accepted none of ${accepted}. Leave it alone."]) :-
    ${body}.
`;
  return { id, text, rejected, accepted };
};
