// SPDX-License-Identifier: GPL-3.0-only

/** A system call that the filter must refuse. */
export type Call = {
  readonly numbers: Readonly<Record<'x64' | 'arm64', number>>;
  readonly args?: readonly number[];
  /** What a filter answers; every other answer is the kernel's own. Default: ENOSYS. */
  readonly refused?: number;
};

const eperm = 1;
const eprotonosupport = 93;
const eafnosupport = 97;

const call = (x64: number, arm64: number, args: readonly number[] = []): Call => ({
  numbers: { x64, arm64 },
  args,
});
/** Newer calls have one number everywhere. */
const newer = (number: number): Call => call(number, number);

const refused: Readonly<Record<string, Call>> = {
  keyctl: call(250, 219, [0, -3, 0]),
  add_key: call(248, 217),
  request_key: call(249, 218),
  ptrace: call(101, 117),
  process_vm_readv: call(310, 270),
  process_vm_writev: call(311, 271),
  process_madvise: newer(440),
  kcmp: call(312, 272),
  pidfd_getfd: newer(438),
  bpf: call(321, 280),
  perf_event_open: call(298, 241),
  userfaultfd: call(323, 282),
  io_uring_setup: newer(425),
  io_uring_enter: newer(426),
  io_uring_register: newer(427),
  io_setup: call(206, 0),
  mount: call(165, 40),
  umount2: call(166, 39),
  pivot_root: call(155, 41),
  chroot: call(161, 51),
  open_tree: newer(428),
  move_mount: newer(429),
  fsopen: newer(430),
  fsconfig: newer(431),
  fsmount: newer(432),
  fspick: newer(433),
  mount_setattr: newer(442),
  statmount: newer(457),
  unshare: call(272, 97),
  'unshare of a user namespace': call(272, 97, [0x1000_0000]),
  setns: call(308, 268),
  clone3: newer(435),
  init_module: call(175, 105),
  finit_module: call(313, 273, [-1]),
  delete_module: call(176, 106),
  kexec_load: call(246, 104),
  reboot: call(169, 142),
  swapon: call(167, 224),
  acct: call(163, 89),
  settimeofday: call(164, 170),
  clock_settime: call(227, 112),
  adjtimex: call(159, 171),
  sethostname: call(170, 161),
  setdomainname: call(171, 162),
  quotactl: call(179, 60),
  syslog: call(103, 116),
  vhangup: call(153, 58),
  name_to_handle_at: call(303, 264),
  open_by_handle_at: call(304, 265),
  fanotify_init: call(300, 262),
  memfd_create: call(319, 279),
  shmget: call(29, 194),
  msgget: call(68, 186),
  semget: call(64, 190),
  mq_open: call(240, 180),
  mbind: call(237, 235),
  move_pages: call(279, 239),
};

const clone = (flags: number): Call => ({ ...call(56, 220, [flags]), refused: eperm });
const ioctl = (request: number): Call => ({ ...call(16, 29, [0, request]), refused: eperm });
const socket = (family: number, type: number, protocol = 0): Call => ({
  ...call(41, 198, [family, type, protocol]),
  refused: family === 2 || family === 16 ? eprotonosupport : eafnosupport,
});

const byArguments: Readonly<Record<string, Call>> = {
  // Each with CLONE_THREAD alone, which no kernel takes: nothing is born where the filter is away.
  'a child in a user namespace': clone(0x1001_0000),
  'a child in a mount namespace': clone(0x0003_0000),
  'a child in a network namespace': clone(0x4001_0000),
  'a child in a pid namespace': clone(0x2001_0000),
  'typing for a terminal (TIOCSTI)': ioctl(0x5412),
  'a console selection (TIOCLINUX)': ioctl(0x541c),
  'a line discipline (TIOCSETD)': ioctl(0x5423),
  'another personality': { ...call(135, 92, [8]), refused: eperm },
  'a character device': { ...call(259, 33, [-100, 0, 0o020_666]), refused: eperm },
  'a block device': { ...call(259, 33, [-100, 0, 0o060_666]), refused: eperm },
  'an AF_VSOCK socket': socket(40, 1),
  'an AF_PACKET socket': socket(17, 3),
  'an AF_ALG socket': socket(38, 5),
  'an AF_XDP socket': socket(44, 3),
  'an AF_KEY socket': socket(15, 3, 2),
  'an AF_RDS socket': socket(21, 5),
  'an AF_TIPC socket': socket(30, 1),
  'a raw socket': socket(2, 3, 255),
  'an SCTP socket': socket(2, 5, 132),
  'an MPTCP socket': socket(2, 1, 262),
  'a socket of netfilter': socket(16, 3, 12),
  'a socket of the audit': socket(16, 3, 9),
  'a socket of kernel events': socket(16, 3, 15),
};

export const calls: Readonly<Record<string, Call>> = { ...refused, ...byArguments };

/**
 * Makes each call in a process of its own and prints `title<TAB>number of the error`, 0 where there
 * was none. Arguments: title, number of the call, then six of its own.
 */
export const callScript = `
  while (@ARGV) {
    my ($title, $number, @args) = splice @ARGV, 0, 8;
    my $pid = fork;
    if (!$pid) { $! = 0; my $r = syscall($number, map { 0 + $_ } @args); printf "%s\\t%d\\n", $title, $r == -1 ? $! : 0; $| = 1; exit }
    waitpid $pid, 0;
  }`;

/** What \`callScript\` is given for a table of calls. */
export const callArguments = (table: Readonly<Record<string, Call>>): readonly string[] =>
  Object.entries(table).flatMap(([title, { numbers, args = [] }]) => [
    title,
    String(numbers[process.arch as 'x64' | 'arm64']),
    ...[0, 1, 2, 3, 4, 5].map((index) => String(args[index] ?? 0)),
  ]);
