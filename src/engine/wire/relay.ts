// SPDX-License-Identifier: GPL-3.0-only
import { createServer, type Socket } from 'node:net';
import { pipeline } from 'node:stream';
import type { HostLookup } from '../../boundary/local-address.ts';
import { hostsLookup } from '../../boundary/local-hosts.ts';
import { connectionFault } from './faults.ts';
import { type Address, targetOf } from './target.ts';

/** A socket that stands for an engine's, for a process that reaches nothing else. */
export type Relay = { readonly close: () => void };

/**
 * Listens at `path` and passes each connection on to where a profile says that a server listens, which is
 * judged again each time to be on this machine. @throws EngineFault where nobody listens there, or it is not local.
 */
export const openRelay = async (
  where: Address,
  setting: string,
  path: string,
  lookup: HostLookup = hostsLookup(),
): Promise<Relay> => {
  const target = targetOf(where, setting, lookup);
  try {
    (await target.connect()).destroy();
  } catch (error) {
    throw connectionFault(error, target.label);
  }
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, async (inner) => {
    open.add(inner);
    inner.on('close', () => open.delete(inner)).on('error', () => {});
    const outer = await target.connect().catch(() => undefined);
    if (outer === undefined) {
      inner.destroy();
      return;
    }
    outer.on('error', () => {});
    const both = () => {};
    pipeline(inner, outer, both);
    pipeline(outer, inner, both);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  return {
    close: () => {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
};
