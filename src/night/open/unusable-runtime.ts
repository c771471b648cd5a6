// SPDX-License-Identifier: GPL-3.0-only
import type { ModelAgent } from '../../agent/registry.ts';
import { type BoundRuntime, runtimeDigest } from '../../agent/runtime.ts';
import { digestOf } from '../../data/digest.ts';
import { pantheonVersion } from '../../data/installation.ts';
import { UserError } from '../../data/user-error.ts';
import { type Probe, UnusableFault } from '../../engine/contract/engine.ts';

/**
 * Stands in for a runtime whose engine cannot be opened or failed its preflight: whatever is asked
 * of it fails with the same message, so that the specs that need it end red and others go on.
 */
export const unusableRuntime = (
  { settings, setting, dialect }: Pick<BoundRuntime, 'settings' | 'setting' | 'dialect'>,
  agent: ModelAgent,
  fault: string,
): BoundRuntime => {
  const { engine, temperature = 0 } = settings;
  const probe: Probe = {
    identity: {
      engine,
      // Nothing outside this process answers.
      origin: 'in-process',
      version: pantheonVersion,
      modelDigest: digestOf({ unusable: settings }),
      temperature,
    },
    contextTokens: 0,
    slots: 1,
  };
  const refuse = async (): Promise<never> => {
    throw new UnusableFault(fault);
  };
  return {
    engine: {
      complete: refuse,
      probe: refuse,
      countTokens: refuse,
      close: async () => {},
    },
    probe,
    settings,
    setting,
    dialect,
    digest: runtimeDigest(probe, agent, dialect, settings),
    fault,
  };
};

/** Where nothing but the engine was asked for. @throws UserError with every fault. */
export const refuseFaults = (faults: readonly string[]): void => {
  if (faults.length > 0) throw new UserError(faults.join('\n'));
};
