// SPDX-License-Identifier: GPL-3.0-only

/*
 * What `report.html` carries: the contract between the process that writes the page (../page) and the
 * scripts that run in it. It imports nothing, since both sides read it. Every text in it may be a
 * stranger's; the scripts show it as text and never as markup.
 */

/** A line and the command that gives the same. */
export type Figure = { readonly label: string; readonly text: string; readonly bad?: boolean };

export type ReviewRow = { readonly reviewer: string; readonly verdict: string };

export type UnitRow = {
  readonly id: string;
  readonly state: string;
  readonly paths: readonly string[];
  readonly reason?: string;
  readonly reviews: readonly ReviewRow[];
  /** How many of the gate's rules it passed; none where it did not come to the gate. */
  readonly passed?: number;
};

/** A spec, in whatever section it stands. */
export type SpecRow = {
  readonly id: string;
  readonly title: string;
  readonly flow: string;
  readonly reason: string;
  /** `+7 -0 in 2 files`, `12 tests passed` and the like. */
  readonly facts: readonly string[];
  readonly units: readonly UnitRow[];
  readonly left: readonly { readonly path: string; readonly reason: string }[];
  /** An address of the web. */
  readonly link?: string;
  /** What to type instead of a link, or beside it. */
  readonly command?: string;
  /** The part of the page that has its steps; none where there was no room. */
  readonly chunk?: number;
};

/** Specs of one section that ended for the same reason. */
export type Group = {
  readonly code: string;
  readonly title: string;
  readonly fix?: string;
  readonly specs: readonly SpecRow[];
  /** Shown closed: nothing about it is new. */
  readonly folded?: boolean;
};

export type Section = {
  readonly id: string;
  readonly title: string;
  readonly empty: string;
  readonly groups: readonly Group[];
};

/** A value on a scale, as a dial. */
export type Dial = {
  readonly label: string;
  readonly text: string;
  readonly value: number;
  readonly max: number;
  /** Above this it is bad. */
  readonly bound?: number;
  /** The formula with its numbers. */
  readonly formula: string;
};

/** A chart; `null` is a place where nothing was measured. */
export type Chart = {
  readonly id: string;
  readonly title: string;
  /** How to read it, in a sentence. */
  readonly note: string;
  /** Names of the places along the axis, or seconds since 1970. */
  readonly along: readonly string[] | readonly number[];
  readonly unit: string;
  readonly min?: number;
  readonly max?: number;
  readonly series: readonly {
    readonly label: string;
    readonly values: readonly (number | null)[];
  }[];
  readonly lines: readonly { readonly label: string; readonly value: number }[];
};

/** What was measured about one subject. */
export type Panel = {
  readonly id: string;
  readonly title: string;
  readonly facts: readonly Figure[];
  readonly dials: readonly Dial[];
  readonly charts: readonly Chart[];
  /** Gives the same numbers as text. */
  readonly command: string;
};

/** A night as a row of the dashboard: the name, a cell for each column, or why it cannot be read. */
export type NightLine = {
  readonly night: string;
  /** Its page, from where this one lies. */
  readonly page?: string;
  readonly cells: readonly string[];
  readonly fault?: string;
};

/** All of the page but the steps of specs. */
export type PageData = {
  readonly title: string;
  /** `3 pull requests`, each with the section it leads to. */
  readonly counts: readonly { readonly text: string; readonly section: string }[];
  readonly about: readonly Figure[];
  /** What has to be known before anything else. */
  readonly alerts: readonly string[];
  /** The gate's rules for a unit, in the order in which they are judged. */
  readonly rules: readonly string[];
  readonly sections: readonly Section[];
  /** Many nights, newest first, in place of the specs of one. */
  readonly nights?: { readonly columns: readonly string[]; readonly lines: readonly NightLine[] };
  readonly panels: readonly Panel[];
  readonly notices: readonly string[];
  /** How many specs have no steps in the page, for lack of room. */
  readonly withoutSteps: number;
};

/** A call of a tool, as `tool_calls.jsonl` has it. */
export type CallRow = {
  readonly name: string;
  readonly args: string;
  readonly result: string;
  readonly failed: boolean;
};

/** One node's work. Long texts are cut and say so. */
export type StepRow = {
  readonly unit: string;
  readonly node: string;
  readonly agent: string;
  readonly status: 'ok' | 'failed' | 'unreadable' | 'left out';
  readonly seconds: number | null;
  /** What it said, or how it failed. */
  readonly notes: string;
  readonly calls: readonly CallRow[];
  readonly prompt?: string;
  readonly diff?: string;
  readonly log?: string;
};

/** The steps of some specs, by id: one compressed part of the page. */
export type StepChunk = Readonly<Record<string, readonly StepRow[]>>;
