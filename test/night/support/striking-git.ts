// SPDX-License-Identifier: GPL-3.0-only
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from './small-night.ts';

/** A git command during which the night and all it has started is struck. */
export type GitStrike = {
  readonly command: string;
  /** Whether git's work is done by then. */
  readonly when: 'before' | 'after';
  readonly signal: 'INT' | 'KILL';
};

/** The same case with a git on its PATH that strikes its whole process group. */
export const withStrikingGit = (place: Case, { command, when, signal }: GitStrike): Case => {
  const folder = join(place.root, 'bin');
  const git = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  const strike = `kill -${signal} 0; sleep 60`;
  const work = when === 'after' ? `"${git}" "$@"; ` : '';
  mkdirSync(folder, { recursive: true });
  const script = `#!/bin/sh
case " $* " in *" ${command} "*) ${work}${strike} ;; esac
exec "${git}" "$@"
`;
  writeFileSync(join(folder, 'git'), script, { mode: 0o755 });
  const PATH = `${folder}:${place.environment.PATH}`;
  return { ...place, environment: { ...place.environment, PATH } };
};
