// SPDX-License-Identifier: GPL-3.0-only
import { createCache } from '../../data/bounded-cache.ts';
import { once } from '../../data/memoise.ts';
import type { Source } from '../../data/read-source.ts';
import { compileProtected } from '../../spec/protected-paths.ts';
import type { Overlay, OverlayReach } from '../../workspace/overlay.ts';
import { patchDigest } from '../../workspace/patch-digest.ts';
import {
  type CallRuling,
  createPathVerifier,
  type ProposedCall,
  type Verifier,
} from '../verifier.ts';
import type { RuleEngine } from './engine.ts';
import type { Asker, Fact } from './facts.ts';
import type { ProposedPatch } from './patch-facts.ts';
import { shippedRules } from './shipped.ts';

/** The rules that ship and those of a commit, in Prolog; started when something is first judged. */
export type RuleBook = RuleEngine & {
  /** Judges paths first, and then by rules; and what was written, when its writer is done. */
  readonly verifier: (view: { overlay: Overlay; reach: OverlayReach }, asker: Asker) => Verifier;
  /** Whoever asks again of the same patch and spec gets the same answer. */
  readonly judgePatch: (patch: ProposedPatch, asker: Asker) => Promise<CallRuling>;
  /** What rules are told of a call that the path verifier lets through, and of a patch. */
  readonly callFacts: (call: ProposedCall, reach: OverlayReach, asker: Asker) => Promise<Facts>;
  readonly patchFacts: (patch: ProposedPatch, asker: Asker) => Promise<Facts>;
};

type Facts = readonly Fact[];

export type RuleBookOptions = {
  /** A repository's rules, which can forbid more and permit nothing. */
  readonly own: () => Promise<readonly Source[]>;
  /** Patterns of the files that a night of this repository runs by. */
  readonly runBy: readonly string[];
};

const ofCalls = once(() => import('./facts.ts'));
const ofPatches = once(() => import('./patch-facts.ts'));

/** Opens and loads nothing yet: most processes of a night judge nothing. */
export const openRuleBook = ({ own, runBy }: RuleBookOptions): RuleBook => {
  const runsNight = once(() => compileProtected(runBy));
  const actorOf = (asker: Asker) => ({ ...asker, runsNight: runsNight() });
  let opened: Promise<RuleEngine> | undefined;
  const engine = (): Promise<RuleEngine> => {
    opened ??= import('./engine.ts').then(({ openRuleEngine }) =>
      openRuleEngine(async () => ({ shipped: await shippedRules(), own: await own() })),
    );
    return opened;
  };
  const judge: RuleEngine['judge'] = async (facts) => (await engine()).judge(facts);
  const callFacts: RuleBook['callFacts'] = async (call, reach, asker) =>
    (await ofCalls()).factsOfCall(call, actorOf(asker), reach);
  const patchFacts: RuleBook['patchFacts'] = async (patch, asker) =>
    (await ofPatches()).factsOfPatch(patch, actorOf(asker));
  const judged = createCache<string, Promise<CallRuling>>(1000);
  const judgePatch: RuleBook['judgePatch'] = async (patch, asker) => {
    const changes = patch.changes();
    if (changes.length === 0) return { allow: true };
    const key = `${asker.spec.id} ${asker.agent} ${patchDigest(changes)}`;
    const ruling = judged.get(key) ?? patchFacts(patch, asker).then(judge);
    judged.set(key, ruling);
    return ruling;
  };
  return {
    judge,
    judgePatch,
    callFacts,
    patchFacts,
    verifier: ({ overlay, reach }, asker) => {
      const paths = createPathVerifier(reach);
      return {
        verifyPatch: () => judgePatch(overlay, asker),
        verify: async (call) => {
          const ruling = await paths.verify(call);
          return ruling.allow ? judge(await callFacts(call, reach, asker)) : ruling;
        },
      };
    },
    explain: async (facts) => (await engine()).explain(facts),
    check: async () => (await engine()).check(),
    close: async () => (await opened)?.close(),
  };
};
