// SPDX-License-Identifier: GPL-3.0-only

import { join } from 'node:path';
import { workHere } from '../../src/night/child/work-here.ts';
import { stateAt } from '../../src/night/record/state-folder.ts';
import { type NightEnd, startNight } from '../../src/night/start-night.ts';

export type WorkedVault<Begun> = {
  readonly summary: NightEnd['summary'];
  /** Node-runs that ended. */
  readonly nodes: number;
  readonly begun: Begun;
};

/** Works the vault below a folder in this process; `begin` is asked once, as the first node starts. */
export const workVault = async <Begun>(
  folder: string,
  begin: () => Begun,
): Promise<WorkedVault<Begun>> => {
  let begun: Begun | undefined;
  let nodes = 0;
  const { summary } = await startNight({
    repository: join(folder, 'vault'),
    state: stateAt(join(folder, 'state')),
    startedAt: '2026-01-01T00:00:00Z',
    example: false,
    resume: false,
    work: workHere,
    watch: {
      node: ({ state }) => {
        begun ??= begin();
        if (state !== 'running') nodes += 1;
      },
      spec: () => {},
    },
    say: (line) => process.stderr.write(`${line}\n`),
    signal: new AbortController().signal,
  });
  if (begun === undefined) throw new Error('the night ran no node');
  return { summary, nodes, begun };
};
