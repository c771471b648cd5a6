// SPDX-License-Identifier: GPL-3.0-only
import { existsSync, readFileSync } from 'node:fs';
import test from 'ava';
import type { Executor } from '../../src/boundary/executor.ts';
import { seccompFilter } from '../../src/boundary/seccomp/filter.ts';
import { type Architecture, permittedCalls } from '../../src/boundary/seccomp/permitted-calls.ts';
import { bubblewrap, confinedTest, runIn } from './with-bubblewrap.ts';

const conventions = { x64: 0xc000_003e, arm64: 0xc000_00b7, i386: 0x4000_0003, arm: 0x4000_0028 };

/** What a filter answers, worked out as the kernel does: 'allow', 'kill' or a number of an error. */
const ask = (
  filter: Uint8Array,
  convention: number,
  call: number,
  args: readonly bigint[] = [],
): 'allow' | 'kill' | number => {
  const data = Buffer.alloc(64);
  data.writeUInt32LE(call >>> 0, 0);
  data.writeUInt32LE(convention >>> 0, 4);
  for (const [index, value] of args.entries()) data.writeBigUInt64LE(value, 16 + 8 * index);
  const program = Buffer.from(filter);
  let loaded = 0;
  for (let at = 0; at < program.length; at += 8) {
    const [code, jt, jf, k] = [
      program.readUInt16LE(at),
      program.readUInt8(at + 2),
      program.readUInt8(at + 3),
      program.readUInt32LE(at + 4),
    ];
    const jump = (holds: boolean) => {
      at += 8 * (holds ? jt : jf);
    };
    if (code === 0x20) loaded = data.readUInt32LE(k);
    else if (code === 0x54) loaded = (loaded & k) >>> 0;
    else if (code === 0x15) jump(loaded === k);
    else if (code === 0x25) jump(loaded > k);
    else if (code === 0x35) jump(loaded >= k);
    else if (code === 0x45) jump((loaded & k) !== 0);
    else if (code === 0x06) {
      if (k === 0x7fff_0000) return 'allow';
      return k === 0x8000_0000 ? 'kill' : k & 0xffff;
    } else throw new Error(`no such instruction: ${code}`);
  }
  throw new Error('the program does not end');
};

const eperm = 1;
const enosys = 38;
const eprotonosupport = 93;
const eafnosupport = 97;

type Row = readonly [call: string, args: readonly number[], answer: 'allow' | number];

const rows: readonly Row[] = [
  ['read', [], 'allow'],
  ['futex_requeue', [], 'allow'],
  ['clone', [0x0000_0011], 'allow'],
  ['clone', [0x003d_0f00], 'allow'],
  ['clone', [0x1000_0011], eperm],
  ['clone', [0x0002_0011], eperm],
  ['clone', [0x4000_0000], eperm],
  ['socket', [1, 1, 0], 'allow'],
  ['socket', [2, 0x80801, 0], 'allow'],
  ['socket', [10, 2, 17], 'allow'],
  ['socket', [16, 3, 0], 'allow'],
  ['socket', [16, 3, 9], eprotonosupport],
  ['socket', [2, 3, 255], eprotonosupport],
  ['socket', [2, 5, 132], eprotonosupport],
  ['socket', [2, 1, 262], eprotonosupport],
  ['socket', [2, 2, 6], eprotonosupport],
  ['socket', [17, 3, 0], eafnosupport],
  ['socket', [38, 5, 0], eafnosupport],
  ['socket', [40, 1, 0], eafnosupport],
  ['socketpair', [40, 1, 0], eafnosupport],
  ['socketpair', [1, 1, 0], 'allow'],
  ['ioctl', [0, 0x5401], 'allow'],
  ['ioctl', [0, 0x5412], eperm],
  ['ioctl', [0, 0x541c], eperm],
  ['ioctl', [0, 0x5423], eperm],
  ['personality', [0xffff_ffff], 'allow'],
  ['personality', [8], eperm],
  ['mknodat', [0, 0, 0o010644], 'allow'],
  ['mknodat', [0, 0, 0o020644], eperm],
  ['mknodat', [0, 0, 0o060644], eperm],
];

for (const architecture of ['x64', 'arm64'] as const) {
  const filter = seccompFilter(architecture);
  const calls = permittedCalls(architecture);
  for (const [call, args, answer] of rows) {
    test(`${architecture}: ${call}(${args.join()}) gets ${answer}`, (t) => {
      const number = calls.get(call) ?? -1;
      const whole = args.map((value) => BigInt(value));
      t.is(ask(filter, conventions[architecture], number, whole), answer);
      // The kernel takes 32 bits of these: what stands above them must not change the answer.
      const wide = whole.map((value) => value | 0xdead_0000_0000n);
      t.is(ask(filter, conventions[architecture], number, wide), answer);
    });
  }

  test(`${architecture}: all calls of the table pass and no other`, (t) => {
    const numbers = new Set(calls.values());
    const refused = (answer: ReturnType<typeof ask>) => answer === enosys;
    for (let number = 0; number < 1024; number += 1) {
      const answer = ask(filter, conventions[architecture], number);
      t.is(refused(answer), !numbers.has(number), `${number}: ${answer}`);
    }
    t.is(ask(filter, conventions[architecture], 0x3fff_ffff), enosys);
  });

  test(`${architecture}: code of another architecture is killed`, (t) => {
    for (const [name, convention] of Object.entries(conventions)) {
      if (name !== architecture) t.is(ask(filter, convention, 1), 'kill');
    }
    t.is(ask(filter, conventions[architecture], 0x4000_0000), 'kill');
    t.is(ask(filter, conventions[architecture], -1), 'kill');
  });
}

const headers: Readonly<Record<Architecture, string>> = {
  x64: '/usr/include/x86_64-linux-gnu/asm/unistd_64.h',
  arm64: '/usr/include/asm-generic/unistd.h',
};

for (const [architecture, file] of Object.entries(headers)) {
  const checked = existsSync(file) ? test : test.skip;
  checked(`${architecture}: the numbers are those of the kernel's headers`, (t) => {
    const text = readFileSync(file, 'utf8');
    const defined = [...text.matchAll(/^#define __NR(?:3264)?_(\w+) (?:(\d+)|__NR3264_(\w+))$/gm)];
    const numbers = new Map<string, number>();
    for (const [, name = '', number, same = ''] of defined) {
      const value = number === undefined ? numbers.get(same) : Number(number);
      if (value !== undefined) numbers.set(name, value);
    }
    const calls = [...permittedCalls(architecture as Architecture)];
    const wrong = calls.filter(([name, number]) => (numbers.get(name) ?? number) !== number);
    t.deepEqual(wrong, []);
    // The header may be older than the newest calls, and has no other gaps.
    const newer = calls.filter(([name, number]) => !numbers.has(name) && number <= 450);
    t.deepEqual(newer, []);
  });
}

confinedTest('what a filter refuses looks like an older kernel to a program', async (t) => {
  const script = `for my $call (@ARGV) { syscall($call, 0, 0, 0, 0, 0); print int($!), "\\n" }`;
  // keyctl, ptrace, bpf, io_uring_setup, userfaultfd and mount.
  const calls = { x64: [250, 101, 321, 425, 323, 165], arm64: [219, 117, 280, 425, 282, 40] };
  const numbers = calls[process.arch as Architecture].map(String);
  const argv = ['perl', '-e', script, ...numbers] as const;
  const { stdout } = await runIn(t, bubblewrap as Executor, argv);
  t.is(stdout, `${enosys}\n`.repeat(numbers.length));
});

confinedTest('threads, children, sockets and pipes work as ever', async (t) => {
  const script = `
    const { Worker } = require('node:worker_threads');
    const { execFileSync } = require('node:child_process');
    const { createServer, connect } = require('node:net');
    new Worker('require("node:worker_threads").parentPort.postMessage(1)', { eval: true }).on('message', () => {
      execFileSync('mkfifo', ['/tmp/fifo']);
      const server = createServer((s) => s.end()).listen('/tmp/socket', () =>
        connect('/tmp/socket').on('close', () => { console.log('all'); server.close(); }).resume());
    });`;
  t.is((await runIn(t, bubblewrap as Executor, ['node', '-e', script])).stdout, 'all\n');
});
