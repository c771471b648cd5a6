// SPDX-License-Identifier: GPL-3.0-only
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { git } from './git.ts';

/** What checks a tree out as it is stored: no filter, no conversion, whatever .gitattributes says. */
const attributes = '* -text -eol -crlf -ident -filter -working-tree-encoding\n';

/** Environment for git in a scratch repository: only its own configuration counts. */
export const scratchEnvironment = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
} as const;

/**
 * Makes a bare repository in `folder` that reads the objects of `repository` and writes only its
 * own, so that no command in it can change the user's index, refs, objects or configuration. A
 * symlink is checked out of it as a plain file that holds the target.
 * @throws GitFault when `repository` is not a repository.
 */
export const createScratchRepository = async (
  repository: string,
  folder: string,
): Promise<void> => {
  const { format, objects, shallow } = await layoutOf(repository);
  // Synchronous: one for each spec, and a promise for each file costs several times the CPU.
  for (const name of ['objects/info', 'refs', 'info']) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  writeFileSync(join(folder, 'HEAD'), 'ref: refs/heads/none\n');
  writeFileSync(join(folder, 'config'), configFor(format));
  writeFileSync(join(folder, 'info/attributes'), attributes);
  writeFileSync(join(folder, 'objects/info/alternates'), `${objects}\n`);
  if (existsSync(shallow)) copyFileSync(shallow, join(folder, 'shallow'));
};

type Layout = {
  readonly format: string;
  readonly objects: string;
  readonly shallow: string;
};

const layouts = new Map<string, Layout>();

/** Where a repository keeps what a scratch repository borrows; asked once, for it never moves. */
const layoutOf = async (repository: string): Promise<Layout> => {
  const cached = layouts.get(repository);
  if (cached) return cached;
  const { stdout } = await git(repository, [
    'rev-parse',
    '--path-format=absolute',
    '--show-object-format',
    ...['--git-path', 'objects'],
    ...['--git-path', 'shallow'],
  ]);
  const [format = 'sha1', objects = '', shallow = ''] = stdout.toString().split('\n');
  const layout = { format, objects, shallow };
  layouts.set(repository, layout);
  return layout;
};

const configFor = (format: string): string =>
  [
    '[core]',
    `repositoryformatversion = ${format === 'sha1' ? 0 : 1}`,
    'bare = true',
    'symlinks = false',
    'fileMode = true',
    // Nothing in it outlives the command: no need to wait for the disk, or for a file per object.
    'fsync = none',
    '[fastimport]',
    'unpackLimit = 1',
    ...(format === 'sha1' ? [] : ['[extensions]', `objectFormat = ${format}`]),
    '',
  ].join('\n');
