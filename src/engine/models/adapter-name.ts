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

/** A version that works the specs which ask for just these chores. */
export type Route = { readonly chores: readonly string[]; readonly adapter: RegisteredAdapter };

/** Which version works, which one works a share of the specs in its place, and which ones some by their chores. */
export type ChosenAdapters = {
  readonly adapter: RegisteredAdapter;
  readonly routes?: readonly Route[];
  readonly canary?: { readonly adapter: RegisteredAdapter; readonly share: number };
};

/** `agent@version`: the name of an adapter's folder, and at a server. */
export const adapterName = ({
  agent,
  version,
}: Pick<RegisteredAdapter, 'agent' | 'version'>): string => `${agent}@${version}`;
