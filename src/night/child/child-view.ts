// SPDX-License-Identifier: GPL-3.0-only
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import type { Shown } from '../../boundary/confined/start-confined.ts';
import { installationFolder } from '../../data/installation.ts';
import { git } from '../../workspace/git.ts';
import { createScratchRepository } from '../../workspace/scratch-repository.ts';
import type { Binding } from './bindings.ts';

/** Where a night child sees what it works on. */
export const seen = {
  repository: '/night/repository',
  state: '/night/state',
  engines: '/night/engines',
} as const;

/** Where this code lies: `$PANTHEON_HOME` may name another installation for what it looks up. */
const codeFolder = join(import.meta.dirname, '..', '..', '..');

/** This installation without what begins with a dot: a clone's `.git` and `.env` are nobody's business. */
export const shownInstallation = (): readonly Shown[] =>
  [...new Set([installationFolder, codeFolder])]
    .flatMap((folder) => [
      ...readdirSync(folder)
        .filter((name) => !name.startsWith('.'))
        .map((name) => join(folder, name)),
      ...aboveModules(folder),
    ])
    .map((source) => ({ source, access: 'read' }));

/** Of a package in a project's `node_modules`: npm may place what it needs beside it. */
const aboveModules = (folder: string): readonly string[] => {
  const at = folder.indexOf('/node_modules/');
  return at === -1 ? [] : [folder.slice(0, at + '/node_modules'.length)];
};

/**
 * A repository's objects in a repository of its own in `folder`: none of its settings, hooks and refs,
 * and of its checkout the packages that are installed.
 */
export const showRepository = async (
  { root, head }: { readonly root: string; readonly head: string },
  folder: string,
): Promise<readonly Shown[]> => {
  await createScratchRepository(root, folder);
  const objects = readFileSync(join(folder, 'objects/info/alternates'), 'utf8').trim();
  const modules = (await packageFolders(root, head))
    .map((name) => join(name, 'node_modules'))
    .filter((path) => existsSync(join(root, path)));
  for (const path of modules) mkdirSync(join(folder, path), { recursive: true });
  return [
    { source: folder, target: seen.repository, access: 'read' },
    ...objectFolders(objects).map((source): Shown => ({ source, access: 'read' })),
    ...modules.map(
      (path): Shown => ({
        source: join(root, path),
        target: join(seen.repository, path),
        access: 'read',
      }),
    ),
  ];
};

/** Folders of a commit that have a package, and the top. */
const packageFolders = async (root: string, head: string): Promise<readonly string[]> => {
  const { stdout } = await git(root, ['ls-tree', '-r', '-z', '--name-only', '--full-tree', head]);
  const manifests = stdout
    .toString('utf8')
    .split('\0')
    .filter((path) => path === 'package.json' || path.endsWith('/package.json'))
    .filter((path) => !path.split('/').includes('..'));
  return ['', ...manifests.map((path) => path.slice(0, -'package.json'.length))];
};

/** A folder of objects and those that it borrows from (gitrepository-layout(5)). */
const objectFolders = (objects: string, depth = 0): readonly string[] => {
  const file = join(objects, 'info/alternates');
  const lines = existsSync(file) && depth < 5 ? readFileSync(file, 'utf8').split('\n') : [];
  const borrowed = lines.filter((line) => line !== '' && !line.startsWith('#'));
  return [
    objects,
    ...borrowed.flatMap((line) =>
      objectFolders(isAbsolute(line) ? line : resolve(objects, line), depth + 1),
    ),
  ].filter((path) => existsSync(path));
};

/** Devices of graphics cards and accelerators, for an engine in the process that uses them. */
const devices = (): readonly Shown[] =>
  readdirSync('/dev')
    .filter((name) => /^(?:nvidia.*|dri|accel|kfd)$/.test(name))
    .map((name) => ({ source: join('/dev', name), access: 'device' }));

/** The models that profiles name by a path, the folders of models, and devices for what runs them here. */
export const showModels = (
  runtimes: readonly Binding[1][],
  folders: readonly string[],
): readonly Shown[] => {
  const here = runtimes.filter(({ engine }) => engine === 'llama' || engine === 'openvino');
  const named = runtimes.flatMap(({ model, adapter }) => [model ?? [], adapter ?? []].flat());
  return [
    ...[...named.filter(isAbsolute), ...folders]
      .filter((path) => existsSync(path))
      .map((source): Shown => ({ source, access: 'read' })),
    ...(here.length > 0 ? devices() : []),
    ...(here.length > 0 && existsSync('/sys')
      ? [{ source: '/sys', access: 'read' } satisfies Shown]
      : []),
  ];
};
