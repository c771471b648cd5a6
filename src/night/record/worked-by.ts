// SPDX-License-Identifier: GPL-3.0-only
import { adapterName } from '../../engine/models/adapter-name.ts';
import type { WorkedVersion } from '../../morning/summary.ts';
import type { DecidedSpec, Night } from './night-schemas.ts';

/** A version of the registry that works a spec at a node, with the digest of its files. */
export type DecidedVersion = WorkedVersion & { readonly digest: string };

/** Which versions of the registry a spec is worked by, and why these; a skipped spec has none. */
export const workedBy = (
  { flows, adapters = {} }: Pick<Night, 'flows' | 'adapters'>,
  { flow, skip, canary, route }: Pick<DecidedSpec, 'flow' | 'skip' | 'canary' | 'route'>,
): readonly DecidedVersion[] =>
  (skip === undefined ? (flows[flow]?.nodes ?? []) : []).flatMap(({ id: node }) => {
    const adapter = adapters[`${flow}/${node}`];
    if (!adapter) return [];
    const { agent, candidate, routes = [] } = adapter;
    const nameOf = ({ version }: { readonly version: number }) => adapterName({ agent, version });
    const other = [...(candidate ? [candidate] : []), ...routes].find(
      (one) => nameOf(one) === (canary ?? route),
    );
    const why = other ? (canary === undefined ? 'route' : 'canary') : (adapter.alias ?? 'named');
    const { digest } = other ?? adapter;
    return [{ node, adapter: nameOf(other ?? adapter), why, digest }];
  });
