// SPDX-License-Identifier: GPL-3.0-only
import type ts from 'typescript';
import type { Compiler } from '../data/load-typescript.ts';

/** Every node below one, JSDoc included, each once. */
export function* nodesOf(compiler: Compiler, root: ts.Node): Generator<ts.Node> {
  const pending: ts.Node[] = [root];
  const seen = new Set<ts.Node>();
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    yield node;
    compiler.forEachChild(node, (child) => {
      pending.push(child);
    });
    // All of them: `getJSDocCommentsAndTags` gives the last comment alone.
    pending.push(...((node as { jsDoc?: readonly ts.JSDoc[] }).jsDoc ?? []));
  }
}

/** Where a node stands, as `path:line`. */
export const placeOf = (file: ts.SourceFile, node: ts.Node): string =>
  `${file.fileName}:${file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1}`;
