// SPDX-License-Identifier: GPL-3.0-only

/** Why a spec, a unit or a node may end as it did, for a person; each text but the title is whole sentences. */
export type Finding = {
  /** What happened, as a line without a full stop. */
  readonly title: string;
  readonly cause: string;
  /** What a person can do about it. */
  readonly fix: string;
  /** Where to look first, if not where its group says. */
  readonly look?: string;
  /** It may be gone the next night, which tries again although nothing has changed. */
  readonly transient?: true;
};

/** The findings of one group; a code begins with the name of its group. */
export type FindingsOf<Group extends string> = Readonly<Record<`${Group}.${string}`, Finding>>;

/** Codes that have one beginning, and what they have in common. */
export type FindingGroup = { readonly title: string; readonly look: string };
