// SPDX-License-Identifier: GPL-3.0-only
import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { HostCheck } from './schema.ts';

type Answer = Pick<HostCheck, 'outcome' | 'detail'>;

const present = (detail: string): Answer => ({ outcome: 'present', detail });
const absent = (detail: string): Answer => ({ outcome: 'absent', detail });
const unseen = (detail: string): Answer => ({ outcome: 'unseen', detail });

const nft = '/usr/sbin/nft';

const rules = async (): Promise<Answer> => {
  try {
    const { stdout } = await promisify(execFile)(nft, ['list', 'table', 'inet', 'pantheon'], {
      timeout: 5000,
      env: { LC_ALL: 'C' },
    });
    return present(`of the ${/^\tcomment "(night|day)"$/m.exec(stdout)?.[1] ?? 'unknown kind'}`);
  } catch (error) {
    const { code, stderr = '' } = error as NodeJS.ErrnoException & { readonly stderr?: string };
    if (code === 'ENOENT') return absent('nft is not installed');
    if (/No such file/.test(stderr)) return absent('there is no table "pantheon"');
    return unseen(/not permitted/.test(stderr) ? 'only root sees them' : 'nft failed');
  }
};

/** Who listens at 127.0.0.1:3128 (proc_net_tcp.txt of the kernel). */
const proxy = (): Answer => {
  const uids = readFileSync('/proc/net/tcp', 'latin1')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => local === '0100007F:0C38' && state === '0A')
    .map((fields) => fields[7]);
  if (uids.length === 0) return absent('nothing listens at 127.0.0.1:3128');
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((one) => uids.includes(one.split(':')[2]));
  const name = line?.split(':')[0] ?? 'an unknown user';
  return name === 'pantheon-proxy'
    ? present('it listens at 127.0.0.1:3128')
    : absent(`the listener at 127.0.0.1:3128 belongs to ${name}`);
};

/**
 * Whether the kernel takes a packet of this user that is not for the proxy. It is for the group that every machine is in
 * by itself, and may make no hop: so it is judged by the rules and never leaves (ip(7), IP_MULTICAST_TTL).
 */
const direct = async (): Promise<Answer> => {
  const socket = createSocket('udp4');
  try {
    socket.bind(0);
    await once(socket, 'listening');
    socket.setMulticastTTL(0);
    socket.setMulticastLoopback(false);
    await new Promise<void>((resolve, reject) => {
      socket.send('?', 9, '224.0.0.1', (error) => (error ? reject(error) : resolve()));
    });
    return absent('the kernel takes packets that are not for the proxy');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'EPERM'
      ? present('the kernel refuses packets that are not for the proxy')
      : unseen(code === 'ENETUNREACH' ? 'there is no network' : message);
  } finally {
    socket.close();
  }
};

/**
 * What this machine itself allows the user of a night (runner-setup/README.md), as far as that user sees it. It says
 * nothing of the process that works the night, which has no network at all.
 */
export const lookAtHost = async (): Promise<readonly HostCheck[]> => [
  { what: 'rules', ...(await rules()) },
  { what: 'proxy', ...proxy() },
  { what: 'no way past it', ...(await direct()) },
];

/** For a person, on one line. */
export const describeHost = (checks: readonly HostCheck[]): string =>
  checks.map(({ what, outcome, detail }) => `${what}: ${outcome} (${detail})`).join('; ');
