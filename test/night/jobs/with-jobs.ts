// SPDX-License-Identifier: GPL-3.0-only
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { formatArtifact } from '../../../src/flow/compile/names.ts';
import { makePlace, type Place } from '../../cli/with-cli.ts';
import { temporaryFolder } from '../../workspace/with-repository.ts';
import { tinySpec } from '../support/tiny-house.ts';

type Test = { readonly teardown: (clean: () => void) => void };

export const date = '2026-11-01T02:00:00Z';
const nodes = ['plan', 'work', 'test', 'reviewA', 'reviewB', 'merge'] as const;

/** `one` and `three` are in shard 0, `second` is in shard 1. */
const specs = {
  'specs/one.yaml': tinySpec('box/'),
  'specs/second.yaml': tinySpec('crate/'),
  'specs/three.yaml': tinySpec('nowhere/*.txt'),
  'specs/waits.yaml': tinySpec('box/', 'dependsOn: [one]\n'),
  'box/a.txt': 'a\n',
  'box/b.txt': 'b fail no idea\n',
  'crate/c.txt': 'c\n',
};

export type Jobs = {
  readonly place: Place;
  /** A folder per artifact, as the jobs left them. */
  readonly artifacts: string;
  /** As collect printed it. */
  readonly digest: string;
};

/** Works a night of two shards, every node and shard in a process of its own. */
export const workJobs = async (t: Test): Promise<Jobs> => {
  const place = await makePlace(t, specs);
  const scratch = temporaryFolder(t);
  const artifacts = join(scratch, 'artifacts');
  mkdirSync(artifacts);
  const pantheon = async (...args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await place.pantheon(...args);
    if (code !== 0) throw new Error(`pantheon ${args.join(' ')}: ${stderr}`);
    return stdout;
  };
  const nightFolder = join(artifacts, formatArtifact({ kind: 'night', attempt: 1 }));
  const collected = JSON.parse(
    await pantheon(
      ...['collect', '--night', nightFolder, '--shards', '2', '--date', date],
      ...['--example', '--json'],
    ),
  );
  const digest: string = collected.night;
  for (const node of nodes) {
    await Promise.all(
      collected.shards.map(async (shard: number) => {
        const out = join(scratch, 'out', `${node}-${shard}`);
        await pantheon(
          ...['node', node, '--shard', `${shard}/${collected.of}`, '--json'],
          ...['--night', join(scratch, 'nights', `${node}-${shard}`)],
          ...['--artifacts', artifacts, '--digest', digest, '--out', out],
        );
        const name = formatArtifact({ kind: 'node', node, shard, attempt: 1 });
        cpSync(out, join(artifacts, name), { recursive: true });
      }),
    );
  }
  return { place, artifacts, digest };
};
