// SPDX-License-Identifier: GPL-3.0-only
import { canonicalJson } from '../data/digest.ts';
import type { Asked } from '../spec/asked.ts';
import type { Spec } from '../spec/schema.ts';
import { compileScope } from '../spec/scope.ts';
import type { Chores } from './chores.ts';
import type { Chore } from './read-chore.ts';

/** What a spec asks for, in the order of work, and the sentences that no chore covers. */
export type SpecReading = { readonly asked: readonly Asked[]; readonly unread: readonly string[] };

type Said = Pick<Spec, 'title' | 'acceptance' | 'rules'> & Partial<Pick<Spec, 'scope'>>;

/**
 * Reads the acceptance sentences. The title counts for a chore that no sentence speaks of, and for what
 * they leave open; rules ask for the chores that list them.
 */
export const readAsked = (
  { title, acceptance, rules, scope = ['**'] }: Said,
  chores: Chores,
): SpecReading => {
  const unread = acceptance.filter((sentence) => chores.read(sentence) === undefined);
  const said = acceptance.flatMap((sentence) => chores.read(sentence) ?? []);
  const titled = (chores.read(title) ?? []).filter(({ chore }) => isWork(chores.all.get(chore)));
  const names = new Set(said.map(({ chore }) => chore));
  const implied = [...chores.all.values()]
    .filter(({ manifest }) => !names.has(manifest.name))
    .filter(({ manifest }) => manifest.rules.some((rule) => Object.hasOwn(rules, rule)))
    .map(({ manifest }): Asked => ({ chore: manifest.name, args: {} }));
  const hints = titled.filter(({ chore }) => !names.has(chore));
  const asked = [
    ...said.map((one) => filled(one, [...said.filter((other) => speaksOf(other, one)), ...titled])),
    ...hints,
    ...implied,
  ];
  const reached = asked.map((one) => withinReach(one, scope));
  const distinct = new Map(reached.map((one) => [canonicalJson(one), one]));
  const orderOf = ({ chore }: Asked): number => chores.all.get(chore)?.manifest.order ?? 0;
  return { asked: [...distinct.values()].sort((a, b) => orderOf(a) - orderOf(b)), unread };
};

/** The names of the chores that a spec asks for, each once, in order. */
export const choresAsked = (said: Said, chores: Chores): readonly string[] =>
  [...new Set(readAsked(said, chores).asked.map(({ chore }) => chore))].sort();

/** What one agent is asked for; refused where a sentence is not understood, or the work is another agent's. */
export const readAskedOf = (
  agent: string,
  said: Said,
  chores: Chores,
): readonly Asked[] | { readonly refused: string } => {
  const { asked, unread } = readAsked(said, chores);
  if (unread.length > 0) {
    return { refused: `the acceptance "${unread[0]}" cannot be checked by this chore` };
  }
  const other = asked
    .map(({ chore }) => chores.all.get(chore))
    .find((chore) => isWork(chore) && chore?.manifest.agent !== agent);
  return other
    ? { refused: `the acceptance asks for ${other.manifest.name}, which ${agent} does not do` }
    : asked;
};

/** `README.md` is the one at the top; where the scope does not reach that one, those in the scope. */
const withinReach = ({ chore, args }: Asked, scope: readonly string[]): Asked => {
  const { files } = args;
  if (!Array.isArray(files)) return { chore, args };
  const isInScope = compileScope(scope);
  const within = files.map((name) => (isBareName(name) && !isInScope(name) ? `**/${name}` : name));
  return { chore, args: { ...args, files: within } };
};

/** A file's name without a folder. */
export const isBareName = (pattern: unknown): pattern is string =>
  typeof pattern === 'string' && /^[^/*?[\]{}!\\]+\.[a-z]+$/i.test(pattern);

/** Whether a chore changes files; others are conditions. */
export const isWork = (chore: Chore | undefined): boolean => chore?.manifest.flow !== undefined;

/** With the arguments it leaves open, from another that says the same in what both say. */
const filled = (asked: Asked, others: readonly Asked[]): Asked => {
  const related = others.filter(
    (other) => other !== asked && other.chore === asked.chore && agrees(asked, other),
  );
  const hints = related.map(({ args: { files: _, ...more } }) => more);
  // Not assigned: that would make of `__proto__` arguments that no schema sees.
  const args = Object.fromEntries([...hints.toReversed(), asked.args].flatMap(Object.entries));
  return { chore: asked.chore, args };
};

/** Whether what a sentence says holds wherever another one speaks of; a title speaks of all that is asked. */
const speaksOf = ({ args: { files } }: Asked, { args }: Asked): boolean =>
  files === undefined || canonicalJson(files) === canonicalJson(args.files ?? null);

/** Files may differ: they say where, not what. A list agrees with one that includes it. */
const agrees = ({ args }: Asked, other: Asked): boolean =>
  Object.entries(args).every(([key, value]) => {
    const there = other.args[key];
    if (key === 'files' || there === undefined) return true;
    return Array.isArray(value) && Array.isArray(there)
      ? value.every((item) => there.includes(item))
      : canonicalJson(value) === canonicalJson(there);
  });
