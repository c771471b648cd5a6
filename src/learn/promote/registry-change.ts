// SPDX-License-Identifier: GPL-3.0-only

import { canonicalJson } from '../../data/digest.ts';
import { UserError } from '../../data/user-error.ts';
import { adapterName } from '../../engine/models/adapter-name.ts';
import {
  type AgentVersion,
  type AgentVersions,
  type Registry,
  versionsOf,
  withAgent,
} from '../../engine/models/registry.ts';
import { registryName } from '../../engine/models/registry-names.ts';
import { type Signer, signEnvelope } from '../../trace/sign/dsse.ts';
import { type EvalCandidate, type EvalResult, resultDigest } from '../eval/result.ts';
import type { JudgedEval } from './judge-eval.ts';

/** The media type of what is signed of a promotion. */
export const promotionMediaType = 'application/vnd.pantheon.promotion+json';

type Evidence = NonNullable<AgentVersion['evidence']>;

/** What is signed of a promotion: the version with its evidence, without the signature, keys in order. */
export const promotionPayload = (agent: string, version: AgentVersion): unknown => {
  const { keyid: _, signature: _s, ...evidence } = version.evidence as Evidence;
  return JSON.parse(canonicalJson({ agent, ...version, evidence }));
};

/** A version as the registry has it; the evidence is that of its evaluation, signed by this runner. */
export const registeredVersion = (
  { version, base, adapter, rank, dataset }: EvalCandidate,
  date: string,
): AgentVersion => ({
  ...{ version, base, adapter },
  ...(rank !== undefined && { rank }),
  ...{ dataset, date },
});

/** The same with the evidence of its evaluation. */
export const withEvidence = (
  agent: string,
  version: AgentVersion,
  result: EvalResult,
  judged: JudgedEval,
  signer: Signer,
): AgentVersion => {
  const { code, pairs, guards, p, effect, look } = judged;
  const unsigned = {
    ...version,
    evidence: {
      code,
      against: result.incumbent.name,
      evaluator: result.evaluator,
      result: resultDigest(result),
      specs: { ...pairs },
      guards: guards.both + guards.candidate + guards.incumbent + guards.neither,
      p: rounded(p),
      ...(look && { look: { ...look, alpha: rounded(look.alpha) } }),
      effect: rounded(effect?.value ?? 0),
      interval: [rounded(effect?.low ?? 0), rounded(effect?.high ?? 0)] as [number, number],
      keyid: '',
      signature: '',
    },
  };
  const envelope = signEnvelope(promotionPayload(agent, unsigned), promotionMediaType, signer);
  const [{ keyid = '', sig = '' } = {}] = JSON.parse(envelope).signatures;
  return { ...unsigned, evidence: { ...unsigned.evidence, keyid, signature: sig } };
};

const rounded = (value: number): number => Number(value.toPrecision(6));

const without = (versions: AgentVersions | undefined, version: number): readonly AgentVersion[] =>
  (versions?.versions ?? []).filter((one) => one.version !== version);

/** The registry with a version as the champion, without routes: those are beside one champion. Who was it before is kept to go back to. */
export const asChampion = (registry: Registry, agent: string, version: AgentVersion): Registry => {
  const versions = versionsOf(registry, agent);
  const { champion, before = [], candidate } = versions ?? {};
  return withAgent(registry, agent, {
    champion: version.version,
    before: [...before, ...(champion === undefined ? [] : [champion])],
    ...(candidate && candidate.version !== version.version && { candidate }),
    versions: [...without(versions, version.version), version],
  });
};

/** What a candidate works of a night's specs, 0 to 1: in the place of the champion, and beside it in the shadow. */
export type CandidateShares = {
  readonly share?: number | undefined;
  readonly shadow?: number | undefined;
};

/** The registry with a version as the candidate, of shares of the specs where they are given. */
export const asCandidate = (
  registry: Registry,
  agent: string,
  version: AgentVersion,
  { share, shadow }: CandidateShares,
): Registry => {
  const versions = versionsOf(registry, agent);
  const { champion, before, routes } = versions ?? {};
  return withAgent(registry, agent, {
    ...(champion !== undefined && { champion }),
    ...(before && { before }),
    candidate: {
      version: version.version,
      ...(share !== undefined && { share }),
      ...(shadow !== undefined && { shadow }),
    },
    ...(routes && { routes }),
    versions: [...without(versions, version.version), version],
  });
};

/** The registry with the champion before, without routes. @throws UserError where there was none. */
export const rolledBack = (
  registry: Registry,
  agent: string,
): { readonly registry: Registry; readonly from: number; readonly to: number } => {
  const versions = versionsOf(registry, agent);
  const { champion, before = [], candidate, versions: listed = [] } = versions ?? {};
  const to = before.at(-1);
  if (champion === undefined) {
    throw new UserError(
      `${registryName} has no champion of ${agent}; there is nothing to go back from`,
    );
  }
  if (to === undefined) {
    throw new UserError(
      `${adapterName({ agent, version: champion })} is the first champion of ${agent}. To do without it, take "adapter" out of the profile in pantheon.yaml`,
    );
  }
  const changed = withAgent(registry, agent, {
    champion: to,
    before: before.slice(0, -1),
    ...(candidate && { candidate }),
    versions: [...listed],
  });
  return { registry: changed, from: champion, to };
};
