// SPDX-License-Identifier: GPL-3.0-only
import type { EngineReport } from './engines.ts';
import type { MachineFinding } from './machine.ts';
import type { ProfileReport } from './profiles.ts';

/** What `pantheon doctor --json` prints. */
export type Diagnosis = {
  readonly machine: readonly MachineFinding[];
  /** Whether the repository has a pantheon.yaml; else the shipped settings were looked at. */
  readonly own: boolean;
  readonly profiles: readonly ProfileReport[];
  readonly engines: readonly EngineReport[];
  /** The chosen profile's engines are as they should be. */
  readonly works: boolean;
  /** So is the machine: a night of this repository can begin. */
  readonly ready: boolean;
};
