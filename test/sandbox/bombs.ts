// SPDX-License-Identifier: GPL-3.0-only

import type { Command } from '../../src/boundary/executor.ts';
import { type SandboxConfig, sandboxSchema } from '../../src/config/schema.ts';

export type Bomb = {
  /** Prints IN once it has what the limit keeps from it; bounded by itself. */
  readonly argv: Command['argv'];
  readonly limit: Partial<SandboxConfig>;
};

const perl = (script: string): Command['argv'] => ['perl', '-e', script];
const done = 'sleep 1; print "IN"';

export const bombs: Readonly<Record<string, Bomb>> = {
  'a hundred processes': {
    argv: perl(`for (1..100) { next if fork; sleep 3; exit } ${done}`),
    limit: { processes: 30 },
  },
  'processes that leave their parents': {
    argv: perl(`for (1..100) { next if fork; fork and exit; sleep 3; exit } ${done}`),
    limit: { processes: 30 },
  },
  'processes in sessions of their own': {
    argv: perl(`use POSIX; for (1..100) { next if fork; POSIX::setsid(); sleep 3; exit } ${done}`),
    limit: { processes: 30 },
  },
  'memory of one process': {
    argv: perl(`my $x = "x" x 1.5e8; ${done}`),
    limit: { memory: 96 },
  },
  'memory of many processes': {
    argv: perl(
      `for (1..12) { next if fork; my $n = 1.5e7; my $x = "x" x $n; sleep 3; exit } ${done}`,
    ),
    limit: { memory: 96 },
  },
  'memory by way of /tmp': {
    argv: perl(`for (1..15) { open F, ">", "/tmp/$_"; print F "x" x 1e7; close F } ${done}`),
    limit: { memory: 96 },
  },
  'memory by way of /dev/shm': {
    argv: perl(`for (1..15) { open F, ">", "/dev/shm/$_"; print F "x" x 1e7; close F } ${done}`),
    limit: { memory: 96 },
  },
  'a large file': {
    argv: perl(`open F, ">", "f"; print F "x" x 8e6 or die; close F or die; ${done}`),
    limit: { fileSize: 4 },
  },
  'a file of a tebibyte with a hole': {
    argv: perl(`open F, ">", "f"; truncate(F, 1 << 40) or die; ${done}`),
    limit: { fileSize: 4 },
  },
  'a full tree': {
    argv: perl(`for (1..8) { open F, ">", $_; print F "x" x 3e6 or die; close F or die } ${done}`),
    limit: { tree: 16 },
  },
  'many files in the tree': {
    argv: perl(`for (1..3000) { open F, ">", $_ or die } ${done}`),
    limit: { files: 500 },
  },
  'many folders': {
    argv: perl(`for (1..3000) { mkdir $_ or die } ${done}`),
    limit: { files: 500 },
  },
  'many files in /tmp': {
    argv: perl(`for (1..3000) { open F, ">", "/tmp/$_" or die } ${done}`),
    limit: { files: 500 },
  },
  'many links': {
    argv: perl(`for (1..3000) { symlink "x", "/dev/shm/$_" or die } ${done}`),
    limit: { files: 500 },
  },
  'many open files': {
    argv: perl(`for (1..200) { open my $f, "<", "/dev/null" or die; push @f, $f } ${done}`),
    limit: { openFiles: 64 },
  },
  'much processor time': {
    argv: perl(`use POSIX; 1 while (POSIX::times())[1] < 120; ${done}`),
    limit: { cpu: 1 },
  },
};

/** Everything else is wide enough for all of them. */
export const wide: SandboxConfig = sandboxSchema.parse({
  memory: 1024,
  tree: 64,
  fileSize: 2 * 1024 * 1024,
});
