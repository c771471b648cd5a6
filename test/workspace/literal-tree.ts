// SPDX-License-Identifier: GPL-3.0-only
import type { Run } from './with-repository.ts';

/** Mode, name and content or id of an entry of a tree. */
export type LiteralEntry = readonly [mode: string, name: string | Buffer, oid: string];

/** A tree object with these very entries, which git's own commands would refuse to make. */
export const literalTree = (run: Run, entries: readonly LiteralEntry[]): string => {
  const content = entries.map(([mode, name, oid]) =>
    Buffer.concat([
      Buffer.from(`${mode} `),
      Buffer.from(name),
      Buffer.from([0]),
      Buffer.from(oid, 'hex'),
    ]),
  );
  const args = ['hash-object', '-t', 'tree', '-w', '--literally', '--stdin'];
  return run(args, Buffer.concat(content)).trim();
};

/** A commit whose tree has one file at the end of these names, whatever they are, beside `others`. */
export const literalCommit = (
  run: Run,
  names: readonly (string | Buffer)[],
  { text = 'planted\n', mode = '100644', others = [] as readonly LiteralEntry[] } = {},
): string => {
  const blob = run(['hash-object', '-w', '--stdin'], text).trim();
  const [first = '', ...folders] = names.toReversed();
  let entry: LiteralEntry = [mode, first, blob];
  for (const name of folders) entry = ['40000', name, literalTree(run, [entry])];
  const tree = literalTree(run, [...others, entry]);
  return run(['commit-tree', '-m', 'Literal', tree]).trim();
};
