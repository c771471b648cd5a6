// SPDX-License-Identifier: GPL-3.0-only
import { BlockList, isIP } from 'node:net';

/** Why something does not count as local, and what a person can do. */
export type LocalRefusal = { readonly reason: string; readonly fix: string };

export type NotLocal = { readonly local: false } & LocalRefusal;

export type LocalResult<T> = { readonly local: true; readonly value: T } | NotLocal;

/** Of a URL that may be local: its host still has to be looked up unless it is an address. */
export type LocalUrl = { readonly host: string; readonly port: number };

/** All addresses of a name, as texts. Rejects or answers nothing when there is none. */
export type HostLookup = (name: string) => Promise<readonly string[]>;

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/**
 * Whether an IP address is one of this machine's loopback: 127.0.0.0/8, ::1 and the first as
 * IPv4-mapped IPv6 (RFC 4291 2.5.5.2). Scoped (`%lo`) and unspecified addresses are not.
 */
export const isLoopback = (address: string): boolean => {
  const family = isIP(address);
  if (family === 0 || address.includes('%')) return false;
  return loopback.check(address, family === 4 ? 'ipv4' : 'ipv6');
};

const localFix = 'write the URL of a server on this machine, such as http://127.0.0.1:8000';

/** Something that is not local; by default an address. */
export const refuseLocal = (reason: string, fix: string = localFix): NotLocal => ({
  local: false,
  reason,
  fix,
});

/** What the URL parser drops or rewrites in silence, so that two readers would not read the same. */
const hidden = /[\s\\\p{Cc}\p{Cf}]/u;

/**
 * Reads the address of a server. What it means is what the WHATWG URL parser makes of it, and only
 * that is connected to: `http://2130706433` is 127.0.0.1, `http://127.0.0.1@other` is `other`.
 */
export const readLocalUrl = (text: string): LocalResult<LocalUrl> => {
  if (hidden.test(text)) {
    return refuseLocal('contains a space, a backslash or an invisible character');
  }
  const url = URL.parse(text);
  if (!url) return refuseLocal('is not a URL');
  if (url.protocol !== 'http:') {
    return refuseLocal(`uses ${url.protocol.slice(0, -1)}, and only http is allowed`);
  }
  if (!/^http:\/\/[^/]/i.test(text)) return refuseLocal('does not begin with http:// and a host');
  if (url.username !== '' || url.password !== '' || text.includes('@')) {
    return refuseLocal(`contains credentials or an "@", and leads to ${url.hostname}`);
  }
  if (url.search !== '' || url.hash !== '' || /[?#]/.test(text)) {
    return refuseLocal('contains a "?" or a "#"', 'write only http://, the host and the port');
  }
  if (url.pathname !== '/') {
    return refuseLocal(`has the path ${url.pathname}`, `write ${url.origin}`);
  }
  const port = url.port === '' ? 80 : Number(url.port);
  if (port === 0) return refuseLocal('has port 0, on which no server can listen');
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(host) !== 0 && !isLoopback(host))
    return refuseLocal(`leads to ${host}, not to this machine`);
  return { local: true, value: { host, port } };
};

/**
 * The addresses that may be connected to for a host: the host itself, or all of its name's, each
 * of which has to be loopback. Ask again for each connection.
 */
export const loopbackAddresses = async (
  host: string,
  lookup: HostLookup,
): Promise<LocalResult<readonly string[]>> => {
  if (isIP(host) !== 0) {
    return isLoopback(host)
      ? { local: true, value: [host] }
      : refuseLocal(`leads to ${host}, not to this machine`);
  }
  const addresses = await lookup(host);
  if (addresses.length === 0) {
    return refuseLocal(
      `the name ${host} is not in the hosts file of this machine, which is the only place where names are looked up`,
    );
  }
  const other = addresses.find((address) => !isLoopback(address));
  return other === undefined
    ? { local: true, value: addresses }
    : refuseLocal(`the name ${host} leads to ${other}, not only to this machine`);
};
