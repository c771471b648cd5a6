// SPDX-License-Identifier: GPL-3.0-only
import { Resolver } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { BlockList, isIP, isIPv4 } from 'node:net';

/*
 * Prints `ADDRESS NAME` for each address of the forge, from egress.conf and the resolver that it names.
 * Exit code 2: a line of the file is not understood; 1: a name has no address that counts.
 */

export type Host = {
  readonly name: string;
  readonly addresses: readonly string[];
  /** Networks in CIDR notation, one of which must contain each address that the resolver gives. */
  readonly networks: readonly string[];
};
export type Settings = { readonly resolvers: readonly string[]; readonly hosts: readonly Host[] };

class Mistake extends Error {}

const nameSyntax =
  /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/;

/** Reads `egress.conf`. @throws Mistake with the line that is not understood. */
export const readSettings = (text: string): Settings => {
  const resolvers: string[] = [];
  const hosts: Host[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const [key, value = '', ...rest] = line.replace(/#.*/, '').trim().split(/\s+/);
    const wrong = (why: string) => new Mistake(`line ${index + 1}: ${why}`);
    if (key === '' || key === undefined) continue;
    if (key === 'resolver') {
      if (!isIP(value) || rest.length > 0) throw wrong('a resolver is one address');
      resolvers.push(value);
    } else if (key === 'host') {
      if (!nameSyntax.test(value)) throw wrong(`"${value}" is not a name in lower case`);
      const networks = rest.filter((word) => word.includes('/'));
      const addresses = rest.filter((word) => !word.includes('/'));
      if (networks.length > 0 && addresses.length > 0) {
        throw wrong('a host has addresses or networks, not both');
      }
      for (const address of addresses) {
        if (!isIP(address)) throw wrong(`"${address}" is not an address`);
      }
      for (const network of networks) {
        if (!isNetwork(network)) throw wrong(`"${network}" is not a network`);
      }
      hosts.push({ name: value, addresses, networks });
    } else throw wrong(`"${key}" is neither resolver nor host`);
  }
  if (hosts.length === 0)
    throw new Mistake('names no host; write the forge, such as: host github.com');
  return { resolvers, hosts };
};

const isNetwork = (text: string): boolean => {
  const [address = '', bits = ''] = text.split('/');
  return (
    isIP(address) !== 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (isIPv4(address) ? 32 : 128)
  );
};

const family = (address: string): 'ipv4' | 'ipv6' => (isIPv4(address) ? 'ipv4' : 'ipv6');

const listOf = (networks: readonly string[]): BlockList => {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits = ''] = network.split('/');
    list.addSubnet(address, Number(bits), family(address));
  }
  return list;
};

/** Where a name that is asked of DNS must not lead: this machine, its network, its cloud's metadata. */
const local = listOf([
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16'],
  ...['172.16.0.0/12', '192.168.0.0/16', '224.0.0.0/3'],
  ...['::/96', '64:ff9b::/96', 'fc00::/7', 'fe80::/10', 'fec0::/10', 'ff00::/8'],
]);

/** Which of the addresses that a resolver gave count for a host, or why none does. */
export const judgeAddresses = (
  { name, networks }: Host,
  addresses: readonly string[],
): readonly string[] | Error => {
  const inside = networks.length > 0 ? listOf(networks) : undefined;
  const refused = addresses.find((address) =>
    inside ? !inside.check(address, family(address)) : local.check(address, family(address)),
  );
  if (refused !== undefined) {
    const where = inside ? `in none of ${networks.join(', ')}` : 'an address of the local network';
    return new Error(`${name}: the resolver gave ${refused}, ${where}`);
  }
  return addresses.length > 0 ? addresses : new Error(`${name}: the resolver gave no address`);
};

const lookUp = async (host: Host, resolver: Resolver): Promise<readonly string[] | Error> => {
  const answers = await Promise.allSettled([
    resolver.resolve4(host.name),
    resolver.resolve6(host.name),
  ]);
  return judgeAddresses(
    host,
    answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : [])),
  );
};

/** Looks all hosts up. A host without an address that counts is in `faults` and has no pin. */
const pin = async ({ resolvers, hosts }: Settings) => {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  if (resolvers.length > 0) resolver.setServers(resolvers);
  else if (hosts.some(({ addresses }) => addresses.length === 0)) {
    throw new Mistake('names no resolver; write one, such as: resolver 192.0.2.53');
  }
  const pinned = await Promise.all(
    hosts.map(async (host) => ({
      host,
      found: host.addresses.length > 0 ? host.addresses : await lookUp(host, resolver),
    })),
  );
  return {
    pins: pinned.flatMap(({ host, found }) =>
      found instanceof Error ? [] : found.map((address) => `${address} ${host.name}`),
    ),
    faults: pinned.flatMap(({ found }) => (found instanceof Error ? [found.message] : [])),
  };
};

if (import.meta.main) {
  const [file = '/etc/pantheon/egress.conf'] = process.argv.slice(2);
  try {
    const { pins, faults } = await pin(readSettings(readFileSync(file, 'utf8')));
    for (const fault of faults) console.error(`pin.ts: ${fault}; it is not reachable until it is`);
    if (pins.length === 0) process.exitCode = 1;
    else console.log(pins.join('\n'));
  } catch (error) {
    if (!(error instanceof Mistake)) throw error;
    console.error(`${file}: ${error.message}`);
    process.exitCode = 2;
  }
}
