// SPDX-License-Identifier: GPL-3.0-only
import { adapterName } from '../../engine/models/adapter-name.ts';
import {
  asCandidate,
  asChampion,
  type CandidateShares,
  registeredVersion,
  withEvidence,
} from '../../learn/promote/registry-change.ts';
import { keyFolder, openSigner } from '../../trace/sign/key-folder.ts';
import { type ProposedRegistry, proposeRegistry } from '../propose-registry.ts';
import type { JudgedVersion, OpenVersion } from './judge-version.ts';

const today = (): string => new Date().toISOString().slice(0, 10);

/** Opens the pull request that makes a version the champion, with its evidence signed by this runner. */
export const proposeChampion = (
  opened: OpenVersion,
  { kept, judged }: JudgedVersion,
  body: readonly string[],
): Promise<ProposedRegistry> => {
  const { agent, version, candidate, registry } = opened;
  const plain = registeredVersion(candidate, today());
  const proven = withEvidence(agent, plain, kept.result, judged, openSigner(keyFolder()));
  return proposeRegistry({
    ...opened,
    registry: asChampion(registry, agent, proven),
    title: `Promote ${adapterName({ agent, version })}`,
    body,
  });
};

/** Opens the pull request that has a version work shares of the specs, or none until a profile asks for it. */
export const proposeCandidate = (
  opened: OpenVersion,
  shares: CandidateShares,
): Promise<ProposedRegistry> => {
  const { agent, version, candidate, registry } = opened;
  return proposeRegistry({
    ...opened,
    registry: asCandidate(registry, agent, registeredVersion(candidate, today()), shares),
    title: `Try ${adapterName({ agent, version })} as the candidate`,
    body: [],
  });
};
