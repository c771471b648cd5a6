// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import { EngineFault } from '../../engine/contract/engine.ts';
import { openRelay, type Relay } from '../../engine/wire/relay.ts';
import { addressOf, type Relays } from '../record/relays.ts';
import type { Binding } from './bindings.ts';
import { seen } from './child-view.ts';

/**
 * A socket in `folder` for each engine that a profile reaches by one or by an address, or why it has none:
 * the fault of an engine that is not there, or not on this machine.
 */
export const openRelays = async (
  bindings: readonly Binding[],
  folder: string,
): Promise<{ readonly relays: Relays; readonly close: () => void }> => {
  const open: Relay[] = [];
  const relays: Record<string, Relays[string]> = {};
  for (const [setting, runtime] of bindings) {
    const named = addressOf(runtime);
    if (named === undefined || relays[named] !== undefined) continue;
    const where = runtime.socket === undefined ? { url: named } : { socket: named };
    const name = `${open.length}.sock`;
    try {
      open.push(await openRelay(where, setting, join(folder, name)));
      relays[named] = { socket: join(seen.engines, name) };
    } catch (error) {
      if (!(error instanceof EngineFault)) throw error;
      relays[named] = { fault: error.message };
    }
  }
  return {
    relays,
    close: () => {
      for (const relay of open) relay.close();
    },
  };
};
