// SPDX-License-Identifier: GPL-3.0-only
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { exampleMark } from '../../src/night/record/state-folder.ts';
import { git } from '../../src/workspace/git.ts';

/*
 * The example's vault as a user would bind it to a weak model on two cores: the shipped agents under
 * names of its own with tighter limits, and the shipped flows with those agents.
 */

const root = join(import.meta.dirname, '..', '..');

type Limits = Readonly<Record<string, number | string>>;

/** What bounds the night; prompts stay those that ship. */
export const limits: Readonly<Record<string, Limits>> = {
  codegen: { maxSteps: 8, maxFailures: 3, maxTokens: 60_000, maxOutputTokens: 512, timeout: '6m' },
  'doc-frontmatter': {
    maxSteps: 4,
    maxFailures: 2,
    maxTokens: 30_000,
    maxOutputTokens: 384,
    timeout: '4m',
  },
  'review-peer': {
    maxSteps: 4,
    maxFailures: 2,
    maxTokens: 30_000,
    maxOutputTokens: 256,
    timeout: '3m',
  },
  'hasty-writer': {
    maxSteps: 8,
    maxFailures: 3,
    maxTokens: 60_000,
    maxOutputTokens: 512,
    timeout: '6m',
  },
};

/** Shipped agents by folder, and what they are called here. */
const names: Readonly<Record<string, readonly [shipped: string, here: string]>> = {
  codegen: ['codegen.qwen8b', 'codegen.bounded'],
  'doc-frontmatter': ['doc.frontmatter', 'doc.bounded'],
  'review-peer': ['review.peer', 'review.bounded'],
};

export const contextTokens = 8192;
const slots = 4;

export type ModelHouse = { readonly repository: string; readonly specs: string };

/** Makes the repository `folder/vault`, whose state will lie beside it. */
export const makeModelHouse = async (
  folder: string,
  { model, template }: { readonly model: string; readonly template: string | undefined },
): Promise<ModelHouse> => {
  const repository = join(folder, 'vault');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, exampleMark), '');
  await cp(join(root, 'examples', 'vault'), repository, { recursive: true });
  for (const [agent, [, here]] of Object.entries(names)) {
    const target = join(repository, 'agents', agent);
    await mkdir(target, { recursive: true });
    await bound(join(root, 'actions', agent, 'agent.yaml'), target, limits[agent], here);
    await cp(join(root, 'actions', agent, 'prompt.md'), join(target, 'prompt.md'));
  }
  const hasty = join(repository, 'agents', 'hasty-writer');
  await bound(join(hasty, 'agent.yaml'), hasty, limits['hasty-writer']);
  for (const name of ['spec2code', 'docops']) await bindFlow(join(root, 'flows'), repository, name);
  await bindFlow(join(repository, 'flows'), repository, 'hasty');
  const runtime = {
    ...{ engine: 'llama', model, device: 'CPU', contextTokens, slots },
    ...(template !== undefined && { template }),
  };
  const config = {
    profile: 'model',
    profiles: {
      model: {
        default: runtime,
        'review.bounded': [
          { temperature: 0.2, seed: 1 },
          { temperature: 0.7, seed: 2 },
        ],
      },
    },
  };
  await writeFile(join(repository, 'pantheon.yaml'), stringify(config));
  await commit(repository);
  // The package's tests need only what this installation has itself.
  await symlink(join(root, 'node_modules'), join(repository, 'node_modules'));
  return { repository, specs: join(root, 'examples', 'specs') };
};

/** The vault as it ships, for the night by rules that a model's patches are compared with. */
export const makePlainHouse = async (folder: string): Promise<ModelHouse> => {
  const repository = join(folder, 'vault');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, exampleMark), '');
  await cp(join(root, 'examples', 'vault'), repository, { recursive: true });
  await commit(repository);
  await symlink(join(root, 'node_modules'), join(repository, 'node_modules'));
  return { repository, specs: join(root, 'examples', 'specs') };
};

const commit = async (repository: string): Promise<void> => {
  const who = ['-c', 'user.name=bench', '-c', 'user.email=bench@localhost'];
  await git(repository, ['init', '--quiet', '--initial-branch=main']);
  await writeFile(join(repository, '.git', 'info', 'exclude'), 'node_modules\n');
  await git(repository, ['add', '--all']);
  await git(repository, [...who, 'commit', '--quiet', '--message', 'Begin the vault']);
};

const bound = async (
  manifest: string,
  target: string,
  bounds: Limits | undefined,
  name?: string,
): Promise<void> => {
  const agent: Readonly<Record<string, unknown>> = parse(await readFile(manifest, 'utf8'));
  const changed = { ...agent, ...(name !== undefined && { name }), limits: bounds };
  await writeFile(join(target, 'agent.yaml'), stringify(changed));
};

const bindFlow = async (from: string, repository: string, name: string): Promise<void> => {
  let text = await readFile(join(from, `${name}.yaml`), 'utf8');
  for (const [shipped, here] of Object.values(names)) text = text.replaceAll(shipped, here);
  await mkdir(join(repository, 'flows'), { recursive: true });
  await writeFile(join(repository, 'flows', `${name}.yaml`), text);
};
