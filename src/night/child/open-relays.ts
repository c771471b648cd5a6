// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import { NotLocalFault } from '../../engine/wire/faults.ts';
import { openRelay, type Relay } from '../../engine/wire/relay.ts';
import type { Relays } from '../record/night-task.ts';
import type { Binding } from './bindings.ts';
import { seen } from './child-view.ts';

/**
 * A socket in `folder` for each engine that a profile reaches by one or by an address. An engine that is not
 * there gets none: who looks for it finds nothing either.
 */
export const openRelays = async (
  bindings: readonly Binding[],
  folder: string,
): Promise<{ readonly relays: Relays; readonly close: () => void }> => {
  const open: Relay[] = [];
  const relays: Record<string, Relays[string]> = {};
  for (const [setting, { socket, url }] of bindings) {
    const named = socket ?? url;
    if (named === undefined || relays[named] !== undefined) continue;
    const where = socket === undefined ? { url: named } : { socket };
    const name = `${open.length}.sock`;
    try {
      const relay = await openRelay(where, setting, join(folder, name));
      if (relay === undefined) continue;
      open.push(relay);
      relays[named] = { socket: join(seen.engines, name) };
    } catch (error) {
      if (!(error instanceof NotLocalFault)) throw error;
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
