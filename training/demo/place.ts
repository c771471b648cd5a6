// SPDX-License-Identifier: GPL-3.0-only
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { stringify } from 'yaml';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');

/** The agent that learns. */
export const learner = 'doc.frontmatter';

/** The base in the models folder: its GGUF for nights, and its folder in Hugging Face's layout for training. */
export const base = { gguf: 'picker.gguf', trained: 'picker-hf' } as const;

/** Where a demo is at work: a repository of notes, and beside it models and state. */
export type DemoPlace = { readonly folder: string; readonly repo: string; readonly models: string };

/** A repository without a note, and an empty folder for models. */
export const beginPlace = async (folder: string): Promise<DemoPlace> => {
  const place = { folder, repo: join(folder, 'notes'), models: join(folder, 'models') };
  await mkdir(place.repo, { recursive: true });
  await mkdir(place.models, { recursive: true });
  await run('git', ['init', '--quiet', '--initial-branch=main', place.repo]);
  for (const [key, value] of [
    ['user.name', 'Demo'],
    ['user.email', 'demo@localhost'],
    ['commit.gpgSign', 'false'],
  ] as const) {
    await run('git', ['-C', place.repo, 'config', key, value]);
  }
  return place;
};

/** Commits all there is. */
export const commitAll = async ({ repo }: DemoPlace, message: string): Promise<void> => {
  await run('git', ['-C', repo, 'add', '--all']);
  await run('git', ['-C', repo, 'commit', '--quiet', '--allow-empty', '--message', message]);
};

/** Runs the program on the repository and returns what it printed; exit code 1 is a verdict, and no fault. */
export const pantheon = async (
  { folder, repo, models }: DemoPlace,
  args: readonly string[],
): Promise<string> => {
  const env = {
    ...process.env,
    ...{ PANTHEON_STATE: join(folder, 'state'), PANTHEON_MODELS: models },
    ...{ XDG_CONFIG_HOME: join(folder, 'config'), OMP_NUM_THREADS: '1', HF_HUB_OFFLINE: '1' },
  };
  const all = [...args, '--repo', repo];
  try {
    return (await run(join(root, 'bin/pantheon'), all, { env, maxBuffer: 2 ** 28 })).stdout;
  } catch (error) {
    const { code, stdout } = error as { readonly code?: unknown; readonly stdout?: string };
    if (code === 1 && stdout) return stdout;
    throw error;
  }
};

/** Settings with a profile of rules alone and one of the model that picks, with its champion once there is one. */
export const writeProfiles = async ({ repo }: DemoPlace, hasChampion: boolean): Promise<void> => {
  const reviewers = ['by-acceptance', 'by-redoing'].map((rules) => ({ engine: 'rules', rules }));
  const rules = { default: { engine: 'rules' }, 'review.peer': reviewers };
  const picker = {
    ...{ engine: 'llama', model: base.gguf, dialect: 'decision', slots: 4 },
    ...(hasChampion && { adapter: `${learner}@champion` }),
  };
  const config = {
    profile: 'picker',
    profiles: { rules, picker: { ...rules, [learner]: picker } },
    gate: { maxOpen: 10_000 },
  };
  await writeFile(join(repo, 'pantheon.yaml'), stringify(config));
};
