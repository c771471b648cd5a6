// SPDX-License-Identifier: GPL-3.0-only
import type { LeftOut, ModelManifest } from '../../src/agent/schema.ts';
import { memoiseByObject } from '../../src/data/memoise.ts';
import type { Spec } from '../../src/spec/schema.ts';
import { compileScope } from '../../src/spec/scope.ts';
import type { BaseTree } from '../../src/workspace/base-tree.ts';
import { cQuote } from '../../src/workspace/c-quote.ts';
import { judgePath } from '../../src/workspace/path.ts';

/** Endings of documents much like Markdown, which people count among their notes. */
const relatives = /\.(?:mdx|mdown|mkdn?|mdwn|mdtxt|mdtext|[qr]md)$/i;

/**
 * Files in scope that a reader of the spec would count among those to be worked, and that the worker
 * cannot take: without them its sentences are not true of all.
 */
export const leftOut = (spec: Spec, worker: ModelManifest, base: BaseTree): readonly LeftOut[] => {
  if (worker.unit !== 'file' || !worker.files) return [];
  const [covers, suits] = [compileScope(spec.scope), compileScope(worker.files)];
  return oddFiles(base)
    .filter(({ name }) => covers(name))
    .flatMap(({ name, path, reason }) => {
      if (suits(name)) return reason === undefined ? [] : [{ path, reason }];
      const ending = relatives.exec(name)?.[0] ?? '';
      const isRelative = ending !== '' && suits(`${name.slice(0, -ending.length)}.md`);
      return isRelative ? [{ path, reason: `has the ending ${ending}` }] : [];
    });
};

type OddFile = {
  /** For globs. */
  readonly name: string;
  readonly path: string;
  /** Why no agent can work it. */
  readonly reason?: string;
};

/** The few files of a tree that are not worked like others, looked for once. */
const oddFiles = memoiseByObject(({ entries, unreadable = [] }: BaseTree): readonly OddFile[] => [
  ...[...entries].flatMap(([name, { mode }]): readonly OddFile[] => {
    const fault = judgePath(name);
    if (fault) return [{ name, path: cQuote(name), reason: `has a name that ${fault.what}` }];
    if (mode === '120000') return [{ name, path: name, reason: 'is a symbolic link' }];
    return relatives.test(name) ? [{ name, path: name }] : [];
  }),
  ...unreadable.map((path) => ({
    name: path.slice(1, -1).replace(/\\\d{3}/g, 'x'),
    path,
    reason: 'has a name that is not UTF-8',
  })),
]);
