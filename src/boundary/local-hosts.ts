// SPDX-License-Identifier: GPL-3.0-only
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import type { HostLookup } from './local-address.ts';

/** Larger than any hosts file that a person keeps [bytes]; block lists reach a few megabytes. */
const maxHosts = 32 * 1024 * 1024;

/**
 * Looks names up in the hosts file alone: to ask a resolver would send the name off the machine,
 * and what it answers may change from one question to the next. `localhost` needs no entry
 * (RFC 6761 6.3).
 */
export const hostsLookup =
  (file = '/etc/hosts'): HostLookup =>
  async (name) => {
    const wanted = name.toLowerCase();
    const addresses = addressesInHosts(await readHosts(file), wanted);
    if (addresses.length > 0) return addresses;
    return wanted === 'localhost' || wanted.endsWith('.localhost') ? ['127.0.0.1', '::1'] : [];
  };

const readHosts = async (file: string): Promise<string> => {
  try {
    const text = await readFile(file, 'utf8');
    return text.length > maxHosts ? '' : text;
  } catch {
    // Without the file no name is known, which refuses every one but localhost.
    return '';
  }
};

/** Every address that a hosts file gives a name, in its order (hosts(5)). */
export const addressesInHosts = (text: string, name: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim().split(/\s+/))
    .filter(([address = '', ...names]) => isIP(address) !== 0 && names.some(same(name)))
    .map(([address = '']) => address);

const same = (name: string) => (other: string) => other.toLowerCase() === name;
