// SPDX-License-Identifier: GPL-3.0-only
import { UserError } from '../../data/user-error.ts';
import { adapterName } from '../../engine/models/adapter-name.ts';
import {
  type Registry,
  renderRegistry,
  versionsOf,
  withAgent,
} from '../../engine/models/registry.ts';
import { registryName } from '../../engine/models/registry-names.ts';
import type { SideRuntime } from './bind-side.ts';
import type { EvalCandidate, EvalResult } from './result.ts';

/** The registry of a trial: the committed one, which the candidate is a version of. */
export const trialRegistry = (
  registry: Registry,
  agent: string,
  { version, adapter, base, rank, dataset }: EvalCandidate,
): string => {
  const before = versionsOf(registry, agent);
  const date = '1970-01-01';
  const own = { version, base, adapter, dataset, date, ...(rank !== undefined && { rank }) };
  const others = (before?.versions ?? []).filter((one) => one.version !== version);
  const { candidate: _, routes: _r, ...aliases } = before ?? {};
  return renderRegistry(withAgent(registry, agent, { ...aliases, versions: [...others, own] }));
};

/** What a version is compared with. */
export const readAgainst = (
  asked: string | undefined,
  registry: Registry,
  agent: string,
): { readonly incumbent: EvalResult['incumbent']; readonly side: SideRuntime } => {
  const versions = versionsOf(registry, agent);
  const champion = versions?.versions.find(({ version }) => version === versions.champion);
  const against = asked ?? (champion ? 'champion' : 'none');
  if (against === 'rules') {
    return { incumbent: { name: 'rules' }, side: { runtime: { engine: 'rules' } } };
  }
  if (against === 'none') {
    return { incumbent: { name: 'no adapter' }, side: { adapter: undefined } };
  }
  if (against !== 'champion') {
    throw new UserError(`--against: "${against}" is not one of champion, none, rules`);
  }
  if (!champion) {
    throw new UserError(
      `--against: ${registryName} has no champion of ${agent}. Compare with --against none, or rules`,
    );
  }
  const name = adapterName({ agent, version: champion.version });
  return { incumbent: { name, adapter: champion.adapter }, side: { adapter: name } };
};
