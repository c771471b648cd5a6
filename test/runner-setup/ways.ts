// SPDX-License-Identifier: GPL-3.0-only
import { addresses as a, names } from './addresses.ts';

export type User = 'runner' | 'proxy' | 'engine';

/** What no unit gives: CAP_NET_RAW, or the right to become another user by a program that is setuid. */
export type Privileges = 'raw' | 'setuid';

/** The protection that a control is without. */
export type Weakness =
  /** The final drop of a chain. */
  | { readonly accept: User }
  /** The chains that a connection's mark leads to. */
  | { readonly marks: true }
  /** What the units take away: capabilities, programs that change the user. */
  | { readonly privileges: Privileges };

/** Text of each file that the proxy reads. */
export type ProxyFiles = {
  readonly conf: string;
  readonly names: string;
  readonly tunnels: string;
  readonly hosts: string;
};

export type Way = {
  readonly as: User;
  /** For send.pl. */
  readonly send: string;
  readonly without: Weakness;
  /** A right that no unit gives, which alone gets nobody out. */
  readonly has?: Privileges;
  /** It is ready by day, and goes on by night. */
  readonly from?: 'day';
  /** The whole attempt is by day. */
  readonly by?: 'day';
  /** What the outside sends, by the same program, once it is ready. */
  readonly outside?: string;
};

const direct = (as: User, sends: Readonly<Record<string, string>>): Readonly<Record<string, Way>> =>
  Object.fromEntries(
    Object.entries(sends).map(([title, send]) => [
      `${as}: ${title}`,
      { as, send, without: { accept: as } } satisfies Way,
    ]),
  );

const question = `question('secret.${names.cloud}')`;

/** Past all that is local: whatever the runner's user sends by itself. */
const byTheRunner = direct('runner', {
  'TCP to a web server': `tcp('${a.cloud}', 80)`,
  TLS: `tcp('${a.cloud}', 443)`,
  SSH: `tcp('${a.cloud}', 22)`,
  'a port that nothing uses': `tcp('${a.cloud}', 7000)`,
  'data in the first packet of TCP': `fast_open('${a.cloud}', 443)`,
  'Multipath TCP': `tcp('${a.cloud}', 443, 'secret', protocol => 262)`,
  'TCP over IPv6': `tcp('${a.cloud6}', 443)`,
  'an IPv4 address written as IPv6': `tcp('::ffff:${a.cloud}', 443)`,
  'DNS over UDP': `udp('${a.otherResolver}', 53, ${question})`,
  'DNS over TCP': `tcp('${a.otherResolver}', 53, ${question})`,
  'DNS over TLS': `tcp('${a.otherResolver}', 853)`,
  'DNS over UDP to the resolver of the proxy': `udp('${a.resolver}', 53, ${question})`,
  'DNS over TCP to the resolver of the proxy': `tcp('${a.resolver}', 53, ${question})`,
  'DNS over IPv6': `udp('${a.cloud6}', 53, ${question})`,
  QUIC: `udp('${a.cloud}', 443)`,
  NTP: `udp('${a.cloud}', 123)`,
  'a UDP packet in fragments': `udp('${a.cloud}', 9999, 'secret' x 700)`,
  'UDP-Lite': `udp('${a.cloud}', 9999, 'secret', protocol => 136)`,
  'UDP over IPv6': `udp('${a.cloud6}', 9999)`,
  'UDP to the neighbours, over IPv6': `udp('fe80::1', 9999, 'secret', scope => device())`,
  'a broadcast': `udp('255.255.255.255', 9999, 'secret', broadcast => 1)`,
  'a broadcast to the subnet': `udp('198.51.100.255', 9999, 'secret', broadcast => 1)`,
  'multicast DNS': `udp('224.0.0.251', 5353, ${question})`,
  'multicast DNS over IPv6': `udp('ff02::fb', 5353, ${question}, scope => device())`,
  'an echo request': `ping('${a.cloud}', SOCK_DGRAM, 1)`,
  'an echo request over IPv6': `ping('${a.cloud6}', SOCK_DGRAM, 58)`,
  "a cloud's metadata": `tcp('${a.metadata}', 80)`,
  'the local network': `tcp('${a.lan}', 445)`,
  'the gateway': `tcp('${a.gateway}', 80)`,
  'the forge, past the proxy': `tcp('${a.forge}', 443)`,
  'another port of the forge': `tcp('${a.forge}', 22)`,
  "the proxy's port as source": `tcp('${a.cloud}', 443, 'secret', from => ['0.0.0.0', 3128])`,
  "the resolver's port as source": `udp('${a.cloud}', 9999, 'secret', from => ['0.0.0.0', 5300])`,
  "the proxy's port elsewhere": `tcp('${a.cloud}', 3128)`,
  'a resolver of this machine': `udp('127.0.0.53', 53, ${question})`,
  'a proxy of somebody else on loopback': `tcp('127.0.0.1', 8080)`,
  'a proxy of somebody else on loopback, over IPv6': `tcp('::1', 8080)`,
  "a proxy of somebody else at the machine's own address": `tcp('${a.box}', 8080)`,
  'a proxy of somebody else at another address of loopback': `tcp('127.7.7.7', 8080)`,
  'as root of a user namespace': `exec 'unshare', '--user', '--map-root-user', $^X, $0, "tcp('${a.cloud}', 443)"`,
  'a process that outlives its parent': `fork or do { POSIX::setsid(); tcp('${a.cloud}', 443) }; select undef, undef, undef, 0.3`,
});

const otherWays: Readonly<Record<string, Way>> = {
  'runner: a raw socket, with the right to one': {
    as: 'runner',
    has: 'raw',
    send: `raw('${a.box}', '${a.cloud}')`,
    without: { accept: 'runner' },
  },
  'runner: a frame of a packet socket': {
    as: 'runner',
    send: `frame(device(), mac(), '${a.box}', '${a.cloud}')`,
    without: { privileges: 'raw' },
  },
  'runner: a program that makes it root': {
    as: 'runner',
    send: `exec setuid_perl(), '-U', $0, "tcp('${a.cloud}', 443)"`,
    without: { privileges: 'setuid' },
  },
  'runner: a connection of the day': {
    as: 'runner',
    from: 'day',
    send: `my $s = tcp('${a.cloud}', 443, ''); ready(); syswrite $s, 'secret'; select undef, undef, undef, 0.3`,
    without: { accept: 'runner' },
  },
  'runner: a connection of the day, closed at night with data in it': {
    as: 'runner',
    from: 'day',
    send: `my $s = tcp('${a.cloud}', 443, ''); ready(); syswrite $s, 'secret'; close $s; select undef, undef, undef, 0.8`,
    without: { marks: true },
  },
  'runner: a connection that came in by day, closed at night with data in it': {
    as: 'runner',
    from: 'day',
    send: `my $l = open_socket(AF_INET, SOCK_STREAM, 0, from => ['0.0.0.0', 9000]); listen $l, 1; print "ready\\n"; accept my $s, $l; ready(); syswrite $s, 'secret'; close $s; select undef, undef, undef, 0.8`,
    outside: `tcp('${a.box}', 9000, '', from => ['${a.gateway}', 443]); sleep 3`,
    without: { marks: true },
  },
};

const byDay: Readonly<Record<string, Way>> = Object.fromEntries(
  Object.entries({
    "a cloud's metadata": `tcp('${a.metadata}', 80)`,
    'the local network': `tcp('${a.lan}', 443)`,
    'a port that is not of the web': `tcp('${a.cloud}', 22)`,
    'DNS to another resolver': `udp('${a.otherResolver}', 53, ${question})`,
    'a proxy of somebody else on loopback': `tcp('127.0.0.1', 8080)`,
    QUIC: `udp('${a.cloud}', 443)`,
  }).map(([title, send]) => [
    `runner by day: ${title}`,
    { as: 'runner', by: 'day', send, without: { accept: 'runner' } } satisfies Way,
  ]),
);

/** What a proxy that was taken over cannot. */
const byTheProxy = direct('proxy', {
  TLS: `tcp('${a.cloud}', 443)`,
  'TLS over IPv6': `tcp('${a.cloud6}', 443)`,
  'another port of the forge': `tcp('${a.forge}', 22)`,
  'QUIC to the forge': `udp('${a.forge}', 443)`,
  'another resolver': `udp('${a.otherResolver}', 53, ${question})`,
  'another port of the resolver': `tcp('${a.resolver}', 853)`,
  'an echo request to the forge': `ping('${a.forge}', SOCK_DGRAM, 1)`,
  'a resolver of this machine': `udp('127.0.0.53', 53, ${question})`,
});

const byTheEngine = direct('engine', {
  TLS: `tcp('${a.cloud}', 443)`,
  'TLS over IPv6': `tcp('${a.cloud6}', 443)`,
  'the forge': `tcp('${a.forge}', 443)`,
  DNS: `udp('${a.resolver}', 53, ${question})`,
  'a proxy of somebody else on loopback': `tcp('127.0.0.1', 8080)`,
  'an echo request': `ping('${a.cloud}', SOCK_DGRAM, 1)`,
});

export const ways: Readonly<Record<string, Way>> = {
  ...byTheRunner,
  ...byTheProxy,
  ...byTheEngine,
  ...byDay,
  ...otherWays,
};
