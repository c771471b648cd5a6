// SPDX-License-Identifier: GPL-3.0-only
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { installationFolder } from '../../../src/data/installation.ts';
import packages from './packages.json' with { type: 'json' };
import type { Source } from './sources.ts';

/** A commit's texts by path. */
export type Texts = ReadonlyMap<string, string>;

/** A package cannot be had. */
export class NoPackage extends Error {}

/** A new git repository with a source's files as its one commit. @throws NoPackage */
export const makeRepository = (folder: string, { parts, files = {}, untested }: Source): Texts => {
  const kept = parts.flatMap(({ name, into = '', keep }) => {
    const unpacked = join(unpack(name, packages[name]), 'package');
    return filesIn(unpacked)
      .filter((path) => keep.test(path))
      .map((path) => [`${into}${path}`, readFileSync(join(unpacked, path))] as const);
  });
  const added = Object.entries(files).map(([path, text]) => [path, Buffer.from(text)] as const);
  const all = new Map([...kept, ...added]);
  const manifest = all.get('package.json');
  if (untested && manifest) all.set('package.json', withoutTests(manifest));
  for (const [path, bytes] of all) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  git(folder, ['init', '-q', '-b', 'main']);
  git(folder, ['add', '--all', '--force']);
  git(folder, ['-c', 'user.name=Ada', '-c', 'user.email=ada@localhost', 'commit', '-qm', 'Begin']);
  writeFileSync(join(folder, '.git/info/exclude'), 'node_modules\n');
  symlinkSync(join(installationFolder, 'node_modules'), join(folder, 'node_modules'));
  return new Map([...all].map(([path, bytes]) => [path, bytes.toString()]));
};

const withoutTests = (manifest: Buffer) => {
  const { scripts, ...rest } = JSON.parse(manifest.toString());
  return Buffer.from(
    `${JSON.stringify({ ...rest, scripts: { ...scripts, pretest: undefined, test: undefined } }, null, 2)}\n`,
  );
};

/** The texts of a branch that differ from the base; `undefined`: the file is gone. */
export const changesOf = (
  folder: string,
  branch: string,
): ReadonlyMap<string, string | undefined> => {
  const names = git(folder, ['diff', '--no-renames', '--name-status', '-z', 'main', branch]);
  const words = names.split('\0').filter((word) => word !== '');
  return new Map(
    words.flatMap((path, index) =>
      index % 2 === 0
        ? []
        : [
            [
              path,
              words[index - 1] === 'D' ? undefined : git(folder, ['show', `${branch}:${path}`]),
            ],
          ],
    ),
  );
};

const git = (cwd: string, args: readonly string[]): string =>
  execFileSync('git', args, { cwd, encoding: 'utf8', maxBuffer: 2 ** 28 });

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));

/** The folder of a package's files, in the cache; fetched from npm's registry the first time. */
const unpack = (name: string, integrity: string): string => {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  const folder = join(cache, 'pantheon/packages', name.replaceAll('/', '+'));
  const packed = join(folder, 'package.tgz');
  if (!existsSync(packed)) fetchInto(folder, name, packed);
  const digest = createHash('sha512').update(readFileSync(packed)).digest('base64');
  if (`sha512-${digest}` !== integrity) throw new NoPackage(`${name} is not the one of the list`);
  if (!existsSync(join(folder, 'package'))) {
    // Not all call their folder `package`.
    const args = ['-xzf', packed, '-C', folder, '--no-same-owner', '--transform=s,^[^/]*,package,'];
    execFileSync('tar', args, { stdio: 'ignore' });
  }
  return folder;
};

const fetchInto = (folder: string, name: string, packed: string): void => {
  mkdirSync(folder, { recursive: true });
  try {
    const args = ['pack', name, '--silent', '--pack-destination', folder];
    const file = execFileSync('npm', args, { encoding: 'utf8', timeout: 120_000 }).trim();
    renameSync(join(folder, file), packed);
  } catch (cause) {
    throw new NoPackage(`${name} cannot be had from npm's registry`, { cause });
  }
};
