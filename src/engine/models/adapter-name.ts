// SPDX-License-Identifier: GPL-3.0-only

/** What may stand in the place of a version's number. */
export const aliases = ['champion', 'candidate'] as const;
export type Alias = (typeof aliases)[number];

/** A version of the registry that an adapter's name in pantheon.yaml stands for. */
export type RegisteredAdapter = {
  readonly agent: string;
  readonly alias?: Alias;
  readonly version: number;
  /** sha256 over its files. */
  readonly digest: string;
};

/** Which version works, and which one works a share of the specs in its place. */
export type ChosenAdapters = {
  readonly adapter: RegisteredAdapter;
  readonly canary?: { readonly adapter: RegisteredAdapter; readonly share: number };
};

/** `agent@version`: the name of an adapter's folder, and at a server. */
export const adapterName = ({
  agent,
  version,
}: Pick<RegisteredAdapter, 'agent' | 'version'>): string => `${agent}@${version}`;
