// SPDX-License-Identifier: GPL-3.0-only
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SpecSummary } from '../../src/morning/summary.ts';
import type { SpecFile } from '../../src/spec/schema.ts';
import type { Outcome } from './judge.ts';
import { createRepository, mergeBranches, readTree, type Tree } from './repository.ts';
import { writeSpecs } from './specs.ts';
import type { Vault } from './vaults.ts';
import { workNight } from './work.ts';

export type Tried = Outcome & {
  readonly seconds: number;
  /** What the nights after the merge did that they should not have; empty where all was done. */
  readonly again: readonly string[];
};

/**
 * Works a night on a new repository of the documents, merges every pull request, and works two more:
 * one that remembers the first, and one by a house that never saw the repository.
 */
export const tryNight = async (vault: Vault, specs: readonly SpecFile[]): Promise<Tried> => {
  const folder = await mkdtemp(join(tmpdir(), 'pantheon-evaluate-'));
  try {
    const [repository, queue] = [join(folder, 'repository'), join(folder, 'specs')];
    const files = new Map([...vault].map(([path, { bytes }]) => [path, bytes]));
    await createRepository(repository, files);
    await writeSpecs(queue, specs);
    const work = (state: string, day: number) =>
      workNight(repository, queue, join(folder, state), day);
    const first = await work('state', 1);
    const base = await readTree(repository, 'HEAD');
    const branches = new Map<string, Tree>();
    for (const { id, branch } of first.summary.specs) {
      if (branch !== null) branches.set(id, await readTree(repository, branch));
    }
    const opened = first.summary.specs.flatMap(({ branch }) => branch ?? []);
    await mergeBranches(repository, opened);
    const second = await work('state', 2);
    const stranger = await work('other-state', 3);
    const again = [second, stranger].flatMap(({ summary }, index) =>
      unfinished(first.summary.specs, summary.specs).map(
        (what) => `${index === 0 ? 'the next night' : 'a night elsewhere'}: ${what}`,
      ),
    );
    const { specs: ended } = first.summary;
    const scopes = new Map(specs.map(({ id = '', scope }) => [id, [scope].flat()]));
    return { specs: ended, scopes, base, branches, seconds: first.seconds, again };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** Work that a later night found: any pull request, and any unit red that was not red before. */
const unfinished = (
  before: readonly SpecSummary[],
  after: readonly SpecSummary[],
): readonly string[] => {
  const redOf = (specs: readonly SpecSummary[]) =>
    specs.flatMap(({ unitDetails }) => unitDetails.filter(({ state }) => state === 'red'));
  const known = new Set(redOf(before).map(({ id, reason }) => `${id} ${reason}`));
  return [
    ...after.flatMap(({ id, branch }) => (branch === null ? [] : [`${id} opened ${branch}`])),
    ...redOf(after).flatMap(({ id, reason }) =>
      known.has(`${id} ${reason}`) ? [] : [`${id} is red: ${reason}`],
    ),
  ];
};
