// SPDX-License-Identifier: GPL-3.0-only
import type { Unit } from '../../agent/schema.ts';
import { memoiseByObject } from '../../data/memoise.ts';
import { describeSecret, type Secret, secretInBytes } from '../../secrets/find-secrets.ts';
import type { Spec } from '../../spec/schema.ts';
import { selectPaths } from '../../spec/scope.ts';
import type { BaseTree } from '../../workspace/base-tree.ts';
import { isRegular, treeIndexOf } from '../../workspace/tree-index.ts';

/** A file that prompts of a unit would show holds a secret. */
export class SecretInFile extends Error {
  override readonly name = 'SecretInFile';

  constructor(path: string, secret: Secret) {
    super(`${path}:${secret.line} ${describeSecret(secret)}`);
  }
}

/**
 * Looks at a unit's files and at the context of its spec before anything of them is asked or written.
 * @throws SecretInFile
 */
export const refuseSecrets = async (
  base: BaseTree,
  spec: Pick<Spec, 'context'>,
  unit: Pick<Unit, 'kind' | 'paths'>,
): Promise<void> => {
  const { scan, covered, clean } = scansOf(base);
  const look = async (about: object, paths: () => readonly string[]): Promise<void> => {
    if (clean.has(about)) return;
    await scan(paths());
    clean.add(about);
  };
  await look(unit, () => (unit.kind === 'file' ? unit.paths : covered(unit.paths)));
  await look(spec, () => covered(spec.context));
};

/** Each file is looked at once, whoever shows it. */
const scansOf = memoiseByObject((base: BaseTree) => {
  const scans = new Map<string, Promise<Secret | undefined>>();
  const secretIn = async (path: string): Promise<Secret | undefined> => {
    const entry = base.entries.get(path);
    if (!entry || !isRegular(entry.mode)) return undefined;
    const scan = scans.get(entry.oid) ?? base.read(entry.oid).then(secretInBytes);
    scans.set(entry.oid, scan);
    return scan.catch((error) => {
      scans.delete(entry.oid);
      throw error;
    });
  };
  return {
    scan: async (paths: readonly string[]): Promise<void> => {
      for (let from = 0; from < paths.length; from += atOnce) {
        const some = paths.slice(from, from + atOnce);
        const secrets = await Promise.all(some.map(secretIn));
        const at = secrets.findIndex(Boolean);
        if (secrets[at]) throw new SecretInFile(some[at] ?? '', secrets[at]);
      }
    },
    covered: (patterns: readonly string[]) =>
      patterns.length === 0 ? [] : selectPaths(treeIndexOf(base).files(), patterns),
    /** Units and specs in whose files nothing was found. */
    clean: new WeakSet<object>(),
  };
});

/** Files that are read at once. */
const atOnce = 64;
