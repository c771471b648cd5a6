// SPDX-License-Identifier: GPL-3.0-only
import { createConnection, type Socket } from 'node:net';
import {
  type HostLookup,
  isLoopback,
  type LocalResult,
  loopbackAddresses,
  readLocalUrl,
} from '../../boundary/local-address.ts';
import { judgeSocket, judgeSocketPath } from '../../boundary/local-socket.ts';
import type { Origin } from '../contract/engine.ts';
import { NotLocalFault } from './faults.ts';

/** What a profile says of where a server listens: exactly one of the first two. */
export type Address = {
  readonly socket?: string;
  readonly url?: string;
  /** A socket that stands for it, for a process that reaches nothing else. */
  readonly relay?: string;
};

/** Where connections go, judged again for each of them. */
export type Target = {
  readonly origin: Exclude<Origin, 'in-process'>;
  /** Setting and address, with which every message begins: `profiles.gpu.default.socket: /run/x`. */
  readonly label: string;
  /** What the Host header says. */
  readonly host: string;
  /** @throws NotLocalFault when what is there now is not local; what is not there yet is nothing to judge. */
  readonly judge: () => Promise<void>;
  /** @throws NotLocalFault, or the system's error when it cannot be reached. */
  readonly connect: () => Promise<Socket>;
};

const connectTimeoutMs = 5_000;

/** @throws NotLocalFault when the setting can never be local, without looking anything up. */
export const targetOf = (
  { relay, ...where }: Address,
  setting: string,
  lookup: HostLookup,
): Target => {
  const target = directTarget(where, setting, lookup);
  if (relay === undefined) return target;
  const { judge, connect } = unixTarget(relay, target.label);
  return { ...target, judge, connect };
};

const directTarget = (
  { socket, url }: Omit<Address, 'relay'>,
  setting: string,
  lookup: HostLookup,
): Target => {
  if (socket !== undefined && url !== undefined) {
    throw new NotLocalFault(`${setting}: names a "socket" and a "url"; keep one of them`);
  }
  if (socket !== undefined) return unixTarget(socket, `${setting}.socket: ${socket}`);
  if (url !== undefined) return tcpTarget(url, `${setting}.url: ${url}`, lookup);
  throw new NotLocalFault(
    `${setting}: says not where the server listens; set "socket" to its Unix socket or "url" to http://127.0.0.1 and its port`,
  );
};

const must = <T>(judged: LocalResult<T>, label: string): T => {
  if (judged.local) return judged.value;
  throw new NotLocalFault(`${label} ${judged.reason}; ${judged.fix}`);
};

const unixTarget = (path: string, label: string): Target => {
  const named = must(judgeSocketPath(path), label);
  return {
    origin: 'unix-socket',
    label,
    host: 'localhost',
    judge: async () => {
      const judged = await judgeSocket(named).catch(() => undefined);
      if (judged) must(judged, label);
    },
    connect: async () => {
      const before = must(await judgeSocket(named), label);
      const socket = await connectLocally({ path: before.path });
      // Whoever swapped the socket between the look and the connection is not talked to.
      const after = await judgeSocket(named).catch(() => undefined);
      if (after?.local && after.value.id === before.id) return socket;
      socket.destroy();
      throw new NotLocalFault(
        `${label} was replaced while it was connected to; look who does that`,
      );
    },
  };
};

const tcpTarget = (url: string, label: string, lookup: HostLookup): Target => {
  const { host, port } = must(readLocalUrl(url), label);
  return {
    origin: 'loopback',
    label,
    host: `${host.includes(':') ? `[${host}]` : host}:${port}`,
    judge: async () => {
      must(await loopbackAddresses(host, lookup), label);
    },
    connect: async () => {
      const addresses = must(await loopbackAddresses(host, lookup), label);
      const socket = await firstConnected(addresses, port);
      const { remoteAddress = 'nowhere' } = socket;
      if (isLoopback(remoteAddress)) return socket;
      socket.destroy();
      throw new NotLocalFault(`${label} ended at ${remoteAddress}, which is not this machine`);
    },
  };
};

/** `localhost` is two addresses and a server may listen on either. */
const firstConnected = async (addresses: readonly string[], port: number): Promise<Socket> => {
  const failures: unknown[] = [];
  for (const host of addresses) {
    try {
      return await connectLocally({ host, port });
    } catch (error) {
      failures.push(error);
    }
  }
  throw failures[0];
};

/**
 * Takes an address or a path and never a name: nothing is looked up here. A process that was given no
 * core for longer than the limit [ms] looks whether it is connected before it gives up.
 */
export const connectLocally = (
  where: { readonly path: string } | { readonly host: string; readonly port: number },
  limitMs = connectTimeoutMs,
): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = createConnection({ ...where, noDelay: true, autoSelectFamily: false });
    const giveUp = (): void => {
      if (!socket.connecting) return;
      socket.destroy(Object.assign(new Error('no connection'), { code: 'ETIMEDOUT' }));
    };
    const timer = setTimeout(() => setImmediate(giveUp), limitMs);
    socket.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    socket.once('connect', () => {
      clearTimeout(timer);
      resolve(socket);
    });
  });
