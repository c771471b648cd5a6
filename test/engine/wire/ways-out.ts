// SPDX-License-Identifier: GPL-3.0-only
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import { isIP, Socket } from 'node:net';

/* Every way out of this process is watched, by loading this. */

/** Names that were asked of a resolver; nobody is asked. */
export const asked: string[] = [];
/** Addresses and paths that were connected to. */
export const connectedTo: string[] = [];

for (const name of ['lookup', 'resolve', 'resolve4', 'resolve6', 'resolveAny'] as const) {
  const before: unknown = dns[name];
  const watched = (host: string, ...rest: readonly unknown[]): unknown => {
    // What is an address already is answered without asking anybody.
    if (isIP(host) !== 0 && typeof before === 'function') return before(host, ...rest);
    asked.push(host);
    throw new Error(`a resolver was asked for ${host}`);
  };
  Object.assign(dns, { [name]: watched });
}
syncBuiltinESMExports();
const connect = Socket.prototype.connect;
Socket.prototype.connect = function (this: Socket, ...args: Parameters<Socket['connect']>) {
  const [options] = args.flat(2) as readonly { readonly host?: string; readonly path?: string }[];
  connectedTo.push(options?.path ?? options?.host ?? 'unknown');
  return connect.apply(this, args);
} as Socket['connect'];
