// SPDX-License-Identifier: GPL-3.0-only
import { fileURLToPath } from 'node:url';
import { type Command, sandboxRoot } from '../../src/boundary/executor.ts';
import type { Weakness } from './weakened.ts';

/** What is outside, for attempts to reach. */
export type World = {
  /** A folder of this machine with `secret`, `socket` and `shown/`. */
  readonly folder: string;
  readonly port: number;
  readonly port6: number;
  readonly udp: number;
  readonly abstract: string;
  /** A process, by its number and a word of its command line. */
  readonly victim: number;
  readonly mark: string;
  readonly hostname: string;
  /** A key in the session keyring. */
  readonly key: string;
};

export type Script = {
  /** Prints IN when it got through. */
  readonly argv: (world: World) => Command['argv'];
  /** The protection that stops it. */
  readonly without: (world: World) => Weakness;
  /** Without the protection an ordinary user is stopped by the machine's own permissions. */
  readonly rootOnly?: true;
};

const emptyFile = fileURLToPath(new URL('../../src/boundary/etc/empty', import.meta.url));

const sh = (script: string): Command['argv'] => ['sh', '-c', `exec 2>/dev/null; ${script}`];
const perl = (script: string, ...args: (string | number)[]): Command['argv'] => [
  'perl',
  '-e',
  script,
  ...args.map(String),
];

const everySharing = (kept: string): Weakness => ({
  from: ['--unshare-all'],
  to: ['ipc', 'pid', 'net', 'uts', 'cgroup-try']
    .filter((name) => name !== kept)
    .map((name) => `--unshare-${name}`),
});
const network = () => everySharing('net');
const processes = () => everySharing('pid');
const noFilter = (): Weakness => ({ from: ['--seccomp', '4'] });
const folderShown = ({ folder }: World): Weakness => ({ to: ['--bind', folder, folder] });
const switchShown = (path: string) => (): Weakness => ({ from: ['--ro-bind-try', path, path] });

const reach = (domain: string, pack: string) =>
  `use Socket qw(:all); socket(my $s, ${domain}, SOCK_STREAM, 0) or exit; connect($s, ${pack}) or exit; print "IN"`;

const overTheNetwork: Readonly<Record<string, Script>> = {
  'a server over TCP': {
    argv: ({ port }) =>
      perl(reach('AF_INET', 'pack_sockaddr_in($ARGV[0], inet_aton("127.0.0.1"))'), port),
    without: network,
  },
  'a server over IPv6': {
    argv: ({ port6 }) =>
      perl(reach('AF_INET6', 'pack_sockaddr_in6($ARGV[0], inet_pton(AF_INET6, "::1"))'), port6),
    without: network,
  },
  'a server over UDP': {
    argv: ({ udp }) =>
      perl(
        `use Socket qw(:all); socket(my $s, AF_INET, SOCK_DGRAM, 0); connect($s, pack_sockaddr_in($ARGV[0], inet_aton("127.0.0.1")));
         send($s, "x", 0) or exit; my $bits = ""; vec($bits, fileno $s, 1) = 1; select($bits, undef, undef, 1) or exit; recv($s, my $got, 9, 0); print "IN" if $got eq "x"`,
        udp,
      ),
    without: network,
  },
  'an abstract socket': {
    argv: ({ abstract }) => perl(reach('AF_UNIX', 'pack_sockaddr_un("\\0$ARGV[0]")'), abstract),
    without: network,
  },
  'the list of sockets of this machine': {
    argv: ({ folder }) => sh(`grep -q '${folder}/socket' /proc/net/unix && echo IN`),
    without: network,
  },
  'a socket file': {
    argv: ({ folder }) => perl(reach('AF_UNIX', 'pack_sockaddr_un($ARGV[0])'), `${folder}/socket`),
    without: folderShown,
  },
};

const amongFiles: Readonly<Record<string, Script>> = {
  'a file of this machine': {
    argv: ({ folder }) => sh(`grep -q secret '${folder}/secret' && echo IN`),
    without: folderShown,
  },
  'a new file on this machine': {
    argv: ({ folder }) => sh(`echo x > '${folder}/made' && echo IN`),
    without: folderShown,
  },
  'a file through a link in the tree': {
    argv: ({ folder }) => sh(`ln -s '${folder}/secret' link; grep -q secret link && echo IN`),
    without: folderShown,
  },
  'a file through a link of folders': {
    argv: ({ folder }) =>
      sh(`ln -s ../../../../..${folder} up; grep -q secret up/secret && echo IN`),
    without: folderShown,
  },
  'a file by way of the first process': {
    argv: ({ folder }) => sh(`grep -q secret '/proc/1/root${folder}/secret' && echo IN`),
    without: folderShown,
  },
  'a file of prepared dependencies, changed': {
    argv: () => sh('echo bad > node_modules/file && echo IN'),
    without: ({ folder }) => ({
      from: ['--ro-bind', `${folder}/shown`, `${sandboxRoot}/node_modules`],
      to: ['--bind', `${folder}/shown`, `${sandboxRoot}/node_modules`],
    }),
  },
  'a file at the top': {
    argv: () => sh('echo x > /made && echo IN'),
    without: () => ({ from: ['--remount-ro', '/'] }),
  },
  'devices of this machine': {
    argv: () => sh('[ -e /dev/kmsg ] || [ -e /dev/mem ] || [ -e /dev/fuse ] && echo IN'),
    without: () => ({ to: ['--dev-bind', '/dev', '/dev'] }),
  },
  'the tree of devices': {
    argv: () => sh('[ -d /sys/kernel ] && echo IN'),
    without: () => ({ to: ['--ro-bind', '/sys', '/sys'] }),
  },
};

const amongProcesses: Readonly<Record<string, Script>> = {
  'the command line of another process': {
    // In two parts, or the attempt would find itself.
    argv: ({ mark }) =>
      sh(`grep -qs '${mark.slice(0, 3)}''${mark.slice(3)}' /proc/[0-9]*/cmdline && echo IN`),
    without: processes,
  },
  'a signal to another process': {
    argv: ({ victim }) => perl('print "IN" if $ARGV[0] > 4 and kill 0, $ARGV[0]', victim),
    without: processes,
  },
  'the session of whoever started it': {
    argv: () =>
      perl('print "IN" if syscall(0 + $ARGV[0], 0) == 0', process.arch === 'x64' ? 124 : 156),
    without: () => ({ from: ['--new-session'] }),
  },
  'options of bubblewrap': {
    argv: () => sh("tr '\\0' '\\n' < /proc/1/cmdline | grep -q -e --ro-''bind && echo IN"),
    without: () => ({ inline: true }),
  },
  'a variable of the environment': {
    argv: () => sh('[ -n "$FORGE_TOKEN" ] && echo IN'),
    without: () => ({ from: ['--clearenv'], before: "$ENV{FORGE_TOKEN} = 'secret';" }),
  },
  'a descriptor that was open': {
    argv: () => sh('[ -e /proc/self/fd/9 ] && echo IN'),
    without: ({ folder }) => ({
      before: `open(my $secret, '<', '${folder}/secret') or die; POSIX::dup2(fileno $secret, 9);`,
    }),
  },
  capabilities: {
    argv: () => sh('grep -q "^CapEff:.*[1-9a-f]" /proc/self/status && echo IN'),
    without: () => ({ from: ['--cap-drop', 'ALL'], to: ['--cap-add', 'ALL'] }),
  },
  'being root': {
    argv: () => sh('[ "$(id -u)" = 0 ] && echo IN'),
    without: () => ({ from: ['--uid', '1000'], to: ['--uid', '0'] }),
  },
  'the name of this machine': {
    argv: ({ hostname }) => sh(`[ "$(uname -n)" = '${hostname}' ] && echo IN`),
    without: () => ({ from: ['--hostname', 'sandbox'] }),
  },
};

const open = (path: string): Command['argv'] =>
  perl('open(F, ">>", $ARGV[0]) and print "IN"', path);

const inTheKernel: Readonly<Record<string, Script>> = {
  // Opened for writing, and nothing written.
  'the program for cores (core_pattern)': {
    argv: () => open('/proc/sys/kernel/core_pattern'),
    without: switchShown('/proc/sys'),
    rootOnly: true,
  },
  'what a panic does': {
    argv: () => open('/proc/sys/kernel/panic'),
    without: switchShown('/proc/sys'),
    rootOnly: true,
  },
  'the pages of this machine (drop_caches)': {
    argv: () => open('/proc/sys/vm/drop_caches'),
    without: switchShown('/proc/sys'),
    rootOnly: true,
  },
  'the names of keys': {
    argv: ({ key }) => sh(`grep -q '${key}' /proc/keys && echo IN`),
    without: () => ({ from: ['--ro-bind', emptyFile, '/proc/keys'] }),
  },
  'a key of the session': {
    argv: ({ key }) =>
      perl(
        // KEYCTL_SEARCH in the session's keyring, then KEYCTL_READ.
        `my ($n, $name) = @ARGV; $n += 0; my $type = "user"; my $id = syscall($n, 10, -3, $type, $name, 0); exit if $id < 0;
         my $text = "\\0" x 64; my $size = syscall($n, 11, $id, $text, 64); print "IN" if $size > 0`,
        process.arch === 'x64' ? 250 : 219,
        key,
      ),
    without: noFilter,
  },
};

/** Each alone in a sandbox. */
export const scripts: Readonly<Record<string, Script>> = {
  ...overTheNetwork,
  ...amongFiles,
  ...amongProcesses,
  ...inTheKernel,
};
