// SPDX-License-Identifier: GPL-3.0-only
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/*
 * A package for another platform that a registry's mirror does not offer is left out of the
 * package-lock.json that `npm install` writes there, and `npm ci` on any machine then refuses the
 * file as out of step. The missing entries follow from the packages' names and versions alone.
 */

type Entry = {
  readonly version?: string;
  readonly dev?: boolean;
  readonly cpu?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly [key: string]: unknown;
};

export type Lock = {
  readonly packages: Readonly<Record<string, Entry>>;
  readonly [key: string]: unknown;
};

export type Completed = {
  readonly lock: Lock;
  /** Optional packages that had no entry, by the place they have now. */
  readonly added: readonly string[];
  /** Those whose platform their name does not say; they have no entry still. */
  readonly unclear: readonly string[];
};

/** Entries for every optional package that some package names and that has none; pure. */
export const completeLock = (lock: Lock): Completed => {
  const packages: Record<string, Entry> = { ...lock.packages };
  const added: string[] = [];
  const unclear: string[] = [];
  for (const [place, entry] of Object.entries(lock.packages)) {
    for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
      if (isFound(packages, place, name)) continue;
      const made = entryOf(name, range, entry.dev === true);
      if (made === undefined) unclear.push(name);
      else {
        packages[`node_modules/${name}`] = made;
        added.push(`node_modules/${name}`);
      }
    }
  }
  const { '': root = {}, ...rest } = packages;
  const sorted = Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    lock: { ...lock, packages: { '': root, ...Object.fromEntries(sorted.map(narrow)) } },
    added,
    unclear,
  };
};

/** Whether a package placed at `from` finds `name`, in its own node_modules or further up. */
const isFound = (
  packages: Readonly<Record<string, Entry>>,
  from: string,
  name: string,
): boolean => {
  for (let base = from; ; base = base.slice(0, Math.max(0, base.lastIndexOf('/node_modules/')))) {
    if (packages[`${base && `${base}/`}node_modules/${name}`]) return true;
    if (base === '') return false;
  }
};

const systems: Readonly<Record<string, string>> = { mac: 'darwin', win: 'win32' };
const processors: Readonly<Record<string, string>> = { armv7l: 'arm' };

const platform =
  /(?<os>android|darwin|freebsd|openharmony|win32|linux|sunos|aix|openbsd|netbsd|mac|win)[-_]?(?<cpu>arm64|armv7l|arm|x64|ia32|ppc64le|ppc64|riscv64|s390x|loong64|mips64el)(?:-(?<libc>\w+))?$/;

/** As npm writes an entry for a package that it has not seen; in npm's order of keys. */
const entryOf = (name: string, range: string, dev: boolean): Entry | undefined => {
  const { os, cpu, libc } = platform.exec(name)?.groups ?? {};
  if (os === undefined || cpu === undefined) return undefined;
  return {
    version: range.replace(/^[\^~]/, ''),
    cpu: [processors[cpu] ?? cpu],
    ...(os === 'linux' &&
      libc !== undefined && { libc: [libc.includes('musl') ? 'musl' : 'glibc'] }),
    ...(dev && { dev }),
    optional: true,
    os: [systems[os] ?? os],
  };
};

/** It says that it serves x64 as well, where only cross compilers have use for its 20 MB. */
const narrow = ([place, entry]: [string, Entry]): [string, Entry] =>
  place === 'node_modules/@node-llama-cpp/linux-arm64' && entry.cpu?.includes('x64')
    ? [place, { ...entry, cpu: ['arm64'] }]
    : [place, entry];

if (import.meta.main) {
  const path = fileURLToPath(new URL('../package-lock.json', import.meta.url));
  const { lock, added, unclear } = completeLock(JSON.parse(await readFile(path, 'utf8')) as Lock);
  await writeFile(path, `${JSON.stringify(lock, null, 2)}\n`);
  for (const place of added) console.log(`added ${place}`);
  for (const name of unclear) {
    console.error(`package-lock.json: the name "${name}" has no platform. Add its entry by hand.`);
  }
  process.exitCode = unclear.length > 0 ? 1 : 0;
}
