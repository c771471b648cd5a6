// SPDX-License-Identifier: GPL-3.0-only
import type { Flow } from '../schema.ts';

/** Jobs beside those of the nodes. */
const reserved = ['collect', 'publish', 'report'];

/** A job id per node id: letters, digits, `-` and `_`, no two alike. */
export const jobIds = ({ nodes }: Pick<Flow, 'nodes'>): ReadonlyMap<string, string> => {
  const taken = new Set(reserved);
  const ids = new Map<string, string>();
  for (const { id } of nodes) {
    const plain = id.replace(/[^A-Za-z0-9_-]/g, '-').replace(/^(?=[^A-Za-z_])/, '_');
    let job = plain;
    for (let number = 2; taken.has(job.toLowerCase()); number += 1) job = `${plain}-${number}`;
    taken.add(job.toLowerCase());
    ids.set(id, job);
  }
  return ids;
};

/** What a job leaves for later ones: an artifact is immutable, so a further attempt leaves another. */
export type ArtifactName =
  | { readonly kind: 'night' | 'morning'; readonly attempt: number }
  | {
      readonly kind: 'node';
      readonly node: string;
      readonly shard: number;
      readonly attempt: number;
    }
  | { readonly kind: 'flow'; readonly shard: number; readonly attempt: number };

/** The name of a job's part of a night: a node of a shard, or the whole flow of it. */
export const partName = (
  part: { readonly kind: 'flow' } | { readonly kind: 'node'; readonly node: string },
  shard: number | string,
): string => `${part.kind === 'flow' ? 'flow' : `node.${part.node}`}.shard-${shard}`;

/** `night.attempt-1`, `node.codegen.shard-0.attempt-2`, `flow.shard-0.attempt-1`. */
export const formatArtifact = (name: ArtifactName): string =>
  `${'shard' in name ? partName(name, name.shard) : name.kind}.attempt-${name.attempt}`;

/** The parts of an artifact's name; nothing where no job of a night gives that name. */
export const parseArtifact = (text: string): ArtifactName | undefined => {
  const whole = /^(night|morning)\.attempt-([1-9]\d{0,5})$/.exec(text);
  if (whole) return { kind: whole[1] as 'night' | 'morning', attempt: Number(whole[2]) };
  const part =
    /^(?:flow|node\.([A-Za-z0-9][A-Za-z0-9._-]{0,79}))\.shard-(0|[1-9]\d{0,3})\.attempt-([1-9]\d{0,5})$/.exec(
      text,
    );
  if (!part) return undefined;
  const [, node] = part;
  const [shard, attempt] = part.slice(2).map(Number) as [number, number];
  return node === undefined
    ? { kind: 'flow', shard, attempt }
    : { kind: 'node', node, shard, attempt };
};
