// SPDX-License-Identifier: GPL-3.0-only
import type { InventedPackage } from './code/invented-package.ts';
import type { ExamNote } from './docs/exam-notes.ts';
import type { ExamEdits, ExamFiles } from './exam-case.ts';
import type { Random } from './seeded-random.ts';

/** What a patch is made of: an invented package, a source file of the repository, or a note; with its files. */
export type Material = { readonly files: ExamFiles } & (
  | ({ readonly is: 'package' } & InventedPackage)
  | { readonly is: 'source'; readonly path: string; readonly text: string }
  | { readonly is: 'note'; readonly note: ExamNote }
);

/** A chore done right on some material: what was asked, and the files before and after. */
export type Draft = {
  /** Which kind of it, for the counts. */
  readonly way: string;
  readonly acceptance: readonly string[];
  /** Further files that its worker has to see, where it has to. */
  readonly context?: readonly string[];
  /** What its worker says of it. */
  readonly notes: string;
  /** The files before, where they are not the material's. */
  readonly base?: ExamFiles;
  readonly edits: ExamEdits;
  /** Ways to do this very chore wrong, by name; some need that something else was asked. */
  readonly wrong: Readonly<
    Record<string, ExamEdits | Pick<Draft, 'acceptance' | 'edits'> | undefined>
  >;
};

/**
 * `spoil` of a chore's spoil.ts does the chore right, and wrong in ways of its own; `undefined` where it cannot
 * be done on this material beyond doubt.
 */
export type Spoil = (material: Material, random: Random) => Draft | undefined;

/** One of a repository's own answers from another process. */
export type OwnSpoil = (...args: Parameters<Spoil>) => Promise<ReturnType<Spoil>>;
