// SPDX-License-Identifier: GPL-3.0-only
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installationFolder } from '../../../src/data/installation.ts';
import type { Case } from './case.ts';
import { changesOf, makeRepository } from './repository.ts';
import type { Source } from './sources.ts';

/** How a spec ended, beside what is right for it. */
export type Tried = {
  readonly id: string;
  readonly verdict: 'right' | 'wrong' | 'rightly refused' | 'refused though doable';
  readonly why: string;
};

type Ended = {
  readonly id: string;
  readonly outcome: string;
  readonly reason: string;
  readonly advice?: string;
  readonly branch: string | null;
};

/** Works all specs of a repository in one night by rules. @throws NoPackage */
export const tryRepository = (
  source: Source,
  cases: Readonly<Record<string, Case>>,
): readonly Tried[] => {
  const folder = mkdtempSync(join(tmpdir(), 'pantheon-repository-'));
  try {
    const repository = join(folder, 'repository');
    mkdirSync(join(folder, 'specs'));
    const base = makeRepository(repository, source);
    for (const [id, { spec }] of Object.entries(cases)) {
      writeFileSync(join(folder, 'specs', `${id}.json`), JSON.stringify({ title: id, ...spec }));
    }
    const ended = night(folder, repository);
    return Object.entries(cases).map(([id, one]) => {
      const spec = ended.find((other) => other.id === id);
      if (spec === undefined) throw new Error(`${id} was not worked`);
      return {
        id,
        ...judge(one, spec, () => ({ base, changes: changesOf(repository, spec.branch ?? '') })),
      };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const judge = (
  { done, declined }: Case,
  { outcome, reason, advice = '', branch }: Ended,
  patched: () => Parameters<NonNullable<Case['done']>>[0],
): Omit<Tried, 'id'> => {
  const said = `${outcome}: ${reason} ${advice}`.trim();
  if (branch !== null) {
    const fault = done ? done(patched()) : `opened, although ${declined}`;
    return fault === undefined
      ? { verdict: 'right', why: said }
      : { verdict: 'wrong', why: `${fault} (${said})` };
  }
  return declined?.test(said)
    ? { verdict: 'rightly refused', why: said }
    : { verdict: 'refused though doable', why: said };
};

const night = (folder: string, repository: string): readonly Ended[] => {
  const args = ['night', '--repo', repository, '--specs', join(folder, 'specs'), '--json'];
  const { stdout, stderr } = spawnSync(join(installationFolder, 'bin/pantheon'), args, {
    env: { ...process.env, PANTHEON_STATE: join(folder, 'state') },
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (stdout === '') throw new Error(stderr);
  return (JSON.parse(stdout) as { readonly specs: readonly Ended[] }).specs;
};
