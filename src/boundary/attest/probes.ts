// SPDX-License-Identifier: GPL-3.0-only
import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createConnection } from 'node:net';
import type { WayOut } from './schema.ts';

/** How long a way out is waited for [ms]: without a network the system says no at once. */
const patienceMs = 500;

type Trial = () => Promise<string> | string;

/** A trial says how it was refused by throwing, and what got through by giving it back. */
const tryWay = async (way: string, trial: Trial): Promise<WayOut> => {
  try {
    return { way, outcome: 'open', detail: await trial() };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return { way, outcome: code === 'UNTRIED' ? 'untried' : 'refused', detail: code ?? message };
  }
};

/** What the system says of itself where no packet was sent; every other end means that one was. */
const unsent = new Set([
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'EAFNOSUPPORT',
  'EPERM',
  'EACCES',
]);

const connect = (host: string, port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = createConnection({ host, port, autoSelectFamily: false });
    const end = (code: string): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(`${host}: ${code}`);
    };
    const timer = setTimeout(end, patienceMs, 'no answer');
    socket.once('connect', () => end('connected'));
    socket.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      if (unsent.has(error.code ?? '')) reject(error);
      else end(error.code ?? error.message);
    });
  });

const send = (host: string, port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    socket.once('error', reject);
    socket.send('?', port, host, (error) => {
      socket.close();
      if (error) reject(error);
      else resolve(`a datagram left for ${host}`);
    });
  });

const lookUp = async (): Promise<string> => {
  const resolver = new Resolver({ timeout: patienceMs, tries: 1 });
  const [address] = await resolver.resolve4('example.com');
  return `example.com is ${address}`;
};

/** Interfaces beside the loopback, and routes: where there are none no packet can leave. */
const routes = (): string => {
  const up = readFileSync('/proc/net/route', 'latin1').split('\n').slice(1).filter(Boolean);
  const up6 = lines('/proc/net/ipv6_route').filter((line) => !/\slo$/.test(line));
  const [first] = [...up, ...up6];
  if (first === undefined) throw new Error('there is none');
  return `by ${first
    .trim()
    .split(/\s+/)
    .at(first.includes('\t') ? 0 : -1)}`;
};

const lines = (file: string): readonly string[] => {
  try {
    return readFileSync(file, 'latin1').split('\n').filter(Boolean);
  } catch {
    return [];
  }
};

const abstractSockets = (): string => {
  const named = lines('/proc/net/unix').filter((line) => /\s@\S+$/.test(line));
  if (named.length === 0) throw new Error('there is none');
  return `${named.length} in sight`;
};

/** Beside its three pipes and what Node itself opens, nothing of whoever started it is open. */
const descriptors = (): string => {
  const odd = readdirSync('/proc/self/fd').flatMap((name) => {
    try {
      const target = readlinkSync(`/proc/self/fd/${name}`);
      const own = Number(name) < 3 || /^(?:anon_inode:|pipe:|\/proc\/|\/dev\/null$)/.test(target);
      return own ? [] : [`${name} is ${target.replace(/:.*/, '')}`];
    } catch {
      // The one that lists them is closed by now.
      return [];
    }
  });
  if (odd.length === 0) throw new Error('there is none');
  return odd.join(', ');
};

const proxies = (): string => {
  const named = Object.keys(process.env).filter((name) => /^(?:https?|all|ftp)_proxy$/i.test(name));
  if (named.length === 0) throw new Error('there is none');
  return named.join(', ');
};

/** What Node has no call for: each line is a name, and `open` or the error's number. */
const script = `
use Socket;
my %sockets = ('AF_VSOCK' => [40, 1, 0], 'AF_PACKET' => [17, 3, 0x0300], 'raw IP' => [2, 3, 255],
  'ICMP' => [2, 2, 1], 'ICMPv6' => [10, 2, 58], 'AF_NETLINK netfilter' => [16, 3, 12],
  'AF_BLUETOOTH' => [31, 1, 3]);
for my $name (sort keys %sockets) {
  my $made = socket(my $s, $sockets{$name}[0], $sockets{$name}[1], $sockets{$name}[2]);
  print "$name\\t", $made ? 'open' : $! + 0, "\\n";
}
my %calls = $ARGV[0] eq 'x64'
  ? ('keyctl' => 250, 'add_key' => 248, 'io_uring_setup' => 425, 'bpf' => 321, 'userfaultfd' => 323, 'ptrace' => 101)
  : ('keyctl' => 219, 'add_key' => 217, 'io_uring_setup' => 425, 'bpf' => 280, 'userfaultfd' => 282, 'ptrace' => 117);
for my $name (sort keys %calls) {
  my $got = syscall($calls{$name}, 0, -3, 0, 0, 0);
  print "$name\\t", $got >= 0 || $! + 0 != 38 ? 'open' : $! + 0, "\\n";
}`;

const bySystemCalls = (): Promise<readonly WayOut[]> =>
  new Promise((resolve) => {
    execFile('/usr/bin/perl', ['-e', script, process.arch], { timeout: 5000 }, (error, stdout) => {
      const told = stdout.split('\n').filter((line) => line.includes('\t'));
      if (error && told.length === 0) {
        const way = 'sockets of other families, and calls that reach the kernel';
        resolve([{ way, outcome: 'untried', detail: 'perl cannot be run here' }]);
        return;
      }
      resolve(
        told.map((line): WayOut => {
          const [way = '', said = ''] = line.split('\t');
          return said === 'open'
            ? { way, outcome: 'open', detail: 'the kernel took it' }
            : { way, outcome: 'refused', detail: `error ${said}` };
        }),
      );
    });
  });

/*
 * Addresses that anybody may ask and that a network would lead to: two public resolvers, and the one
 * at which clouds hand out credentials.
 */
const active: Readonly<Record<string, Trial>> = {
  'TCP to a public address': () => connect('1.1.1.1', 443),
  'TCP over IPv6': () => connect('2606:4700:4700::1111', 443),
  'DNS over TCP': () => connect('8.8.8.8', 53),
  'UDP to a public address': () => send('1.1.1.1', 443),
  'UDP over IPv6': () => send('2606:4700:4700::1111', 443),
  'DNS over UDP': () => send('8.8.8.8', 53),
  'the metadata address of clouds': () => connect('169.254.169.254', 80),
  'a name': lookUp,
};

const passive: Readonly<Record<string, Trial>> = {
  'a route': routes,
  'abstract sockets of others': abstractSockets,
  'open descriptors of others': descriptors,
  'a proxy in the environment': proxies,
};

const all = (trials: Readonly<Record<string, Trial>>): Promise<readonly WayOut[]> =>
  Promise.all(Object.entries(trials).map(([way, trial]) => tryWay(way, trial)));

/**
 * Tries every way out of this process. Where a mere look shows one that is open, no packet is sent: one
 * could leave.
 */
export const tryWaysOut = async (): Promise<readonly WayOut[]> => {
  const seen = await all(passive);
  if (seen.some(({ outcome }) => outcome === 'open')) return seen;
  const [sent, called] = await Promise.all([all(active), bySystemCalls()]);
  return [...seen, ...sent, ...called];
};
