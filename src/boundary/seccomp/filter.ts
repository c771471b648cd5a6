// SPDX-License-Identifier: GPL-3.0-only
import { answer, assemble, type Block, load, mask, unless, when } from './assemble.ts';
import { type Architecture, permittedCalls } from './permitted-calls.ts';

/* Answers of a filter (seccomp(2)), numbers of errors (errno(3)), and what calls are asked for. */
const kill = answer(0x8000_0000);
const allow = answer(0x7fff_0000);
const refuse = (errno: number) => answer(0x0005_0000 | errno);
const notPermitted = refuse(1);
const noSuchCall = refuse(38);
const noSuchProtocol = refuse(93);
const noSuchFamily = refuse(97);

const family = { unix: 1, inet: 2, inet6: 10, netlink: 16 };
const socketType = { stream: 1, datagram: 2 };
const protocol = { any: 0, tcp: 6, udp: 17, netlinkRoute: 0 };
/** CLONE_NEWNS, CGROUP, UTS, IPC, USER, PID and NET (clone(2)). */
const newNamespaces = 0x7e02_0000;
/** Input as if typed, a console's selection, and line disciplines, which load modules. */
const terminalTricks = [0x5412, 0x541c, 0x5423];
/** PER_LINUX, without random addresses, and the question which one it is. */
const personalities = [0, 0x0004_0000, 0xffff_ffff];
/** S_IFMT, and in it: none (a file), S_IFREG, S_IFIFO. */
const kindOfFile = 0o170_000;
const ordinaryFiles = [0, 0o100_000, 0o010_000];

/** Offsets in `struct seccomp_data`; of an argument the half that the kernel reads. */
const callNumber = load(0);
const callingConvention = load(4);
const argument = (index: number) => load(16 + 8 * index);

/** AUDIT_ARCH_X86_64 and AUDIT_ARCH_AARCH64 (linux/audit.h). */
const conventions: Readonly<Record<Architecture, number>> = {
  x64: 0xc000_003e,
  arm64: 0xc000_00b7,
};
/** Calls of the x32 ABI have the convention of x86_64 and this bit. */
const x32 = 0x4000_0000;

const oneOf = (values: readonly number[], otherwise: Block[number]): Block => [
  ...values.flatMap((value) => when('equal', value, [allow])),
  otherwise,
];

const internet: Block = [
  argument(1),
  mask(0xf),
  ...when('equal', socketType.stream, [
    argument(2),
    ...oneOf([protocol.any, protocol.tcp], noSuchProtocol),
  ]),
  ...when('equal', socketType.datagram, [
    argument(2),
    ...oneOf([protocol.any, protocol.udp], noSuchProtocol),
  ]),
  noSuchProtocol,
];

/** Families and protocols beyond these reach other machines, load modules, or configure the kernel. */
const newSocket: Block = [
  argument(0),
  ...when('equal', family.unix, [allow]),
  ...when('equal', family.inet, internet),
  ...when('equal', family.inet6, internet),
  ...when('equal', family.netlink, [
    argument(2),
    ...oneOf([protocol.netlinkRoute], noSuchProtocol),
  ]),
  noSuchFamily,
];

const makeNode = (index: number): Block => [
  argument(index),
  mask(kindOfFile),
  ...oneOf(ordinaryFiles, notPermitted),
];

/** Permitted calls whose arguments decide. */
const judged: Readonly<Record<string, Block>> = {
  clone: [argument(0), ...when('anyOf', newNamespaces, [notPermitted]), allow],
  socket: newSocket,
  socketpair: newSocket,
  ioctl: [
    argument(1),
    ...terminalTricks.flatMap((request) => when('equal', request, [notPermitted])),
    allow,
  ],
  personality: [argument(0), ...oneOf(personalities, notPermitted)],
  mknod: makeNode(1),
  mknodat: makeNode(2),
};

/**
 * The filter for everything that runs in the sandbox, as `bwrap --seccomp` reads it: permitted calls
 * pass, all others are answered with an error, and code of another architecture is killed. `nesting`
 * is for a process that starts sandboxes itself.
 */
export const seccompFilter = (architecture: Architecture, nesting = false): Uint8Array => {
  const calls = permittedCalls(architecture, nesting);
  return assemble([
    callingConvention,
    ...unless('equal', conventions[architecture], [kill]),
    callNumber,
    ...when('atLeast', x32, [kill]),
    ...Object.entries(judged).flatMap(([name, block]) => {
      const number = calls.get(name);
      const passes = number === undefined || (nesting && name === 'clone');
      return passes ? [] : when('equal', number, block);
    }),
    ...ranges([...calls.values()]).flatMap(([first, last]) =>
      unless('above', last, [...unless('atLeast', first, [noSuchCall]), allow]),
    ),
    noSuchCall,
  ]);
};

/** Ascending runs of neighbouring numbers. */
const ranges = (numbers: readonly number[]): readonly (readonly [number, number])[] => {
  const runs: [number, number][] = [];
  for (const number of numbers.toSorted((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run && number === run[1] + 1) run[1] = number;
    else runs.push([number, number]);
  }
  return runs;
};
