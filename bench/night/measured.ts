// SPDX-License-Identifier: GPL-3.0-only

/** What one night cost. CPU is this process's own; starting git is counted apart. */
export type Measured = {
  readonly units: number;
  readonly nodes: number;
  /** From the first node's start to the night's end. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly spawnCpuSeconds: number;
  /** Before the first node: reading the queue, opening agents, the reviewers' exams. */
  readonly preflightCpuSeconds: number;
  readonly peakMegabytes: number;
  readonly pullRequests: number;
};
