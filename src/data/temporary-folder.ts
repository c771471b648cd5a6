// SPDX-License-Identifier: GPL-3.0-only
import { readlinkSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Makes `pantheon-<kind>-<pid>-<namespace>-XXXXXX` in the system's temporary folder: the name says
 * whose it is, so that what a killed process leaves can be told from what is in use.
 */
export const makeTemporaryFolder = (kind: string): Promise<string> =>
  mkdtemp(join(tmpdir(), `pantheon-${kind}-${process.pid}-${processNamespace()}-`));

/** Whose a temporary folder is, by its name; `undefined` for a folder of another kind. */
export const ownerOf = (
  name: string,
): { readonly pid: number; readonly namespace: string } | undefined => {
  const [, pid, namespace] =
    /^pantheon-[a-z]+-(\d{1,10})-(\d{1,20})-[A-Za-z0-9]{6}$/.exec(name) ?? [];
  return pid === undefined || namespace === undefined ? undefined : { pid: Number(pid), namespace };
};

/**
 * Where this process's number counts (pid_namespaces(7)): the same number in a container that shares
 * the temporary folder is another process. `0` where the system tells none.
 */
export const processNamespace = (): string => {
  cachedNamespace ??= readNamespace();
  return cachedNamespace;
};

let cachedNamespace: string | undefined;

const readNamespace = (): string => {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
  } catch {
    return '0';
  }
};
