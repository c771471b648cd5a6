// SPDX-License-Identifier: GPL-3.0-only
import type ts from 'typescript';
import type { Script } from '../chore/script.ts';
import type { Compiler } from '../data/load-typescript.ts';
import { nodesOf, placeOf } from './nodes.ts';
import { isDeclaration, isSource } from './script-of.ts';
import { parseSource } from './syntax.ts';
import type { WorkingTree } from './working-tree.ts';

/** What a name is that no module declares at its top, with the first place: `a method (a.ts:3)`. */
export function* kindOf(
  compiler: Compiler,
  tree: WorkingTree,
  name: string,
): Script<string | undefined> {
  for (const path of (yield* tree.containing(name)).filter(isSource)) {
    const file = parseSource(compiler, path, yield* tree.read(path));
    for (const node of nodesOf(compiler, file)) {
      const kind =
        compiler.isIdentifier(node) && node.text === name ? kindOfName(compiler, node) : undefined;
      if (kind !== undefined) return `${kind} (${placeOf(file, node)})`;
    }
  }
  return undefined;
}

const kindOfName = (compiler: Compiler, node: ts.Identifier): string | undefined => {
  const { parent } = node;
  if (compiler.isPropertyAccessExpression(parent)) {
    const assigned = compiler.isBinaryExpression(parent.parent) && parent.parent.left === parent;
    return assigned && /^(?:module\.)?exports$/u.test(parent.expression.getText())
      ? 'an export of CommonJS'
      : undefined;
  }
  if ((parent as { readonly name?: ts.Node }).name !== node) return undefined;
  if (compiler.isMethodDeclaration(parent) || compiler.isMethodSignature(parent)) return 'a method';
  if (compiler.isModuleDeclaration(parent)) return 'a namespace';
  if (compiler.isClassElement(parent) || compiler.isTypeElement(parent)) return 'a property';
  if (compiler.isEnumMember(parent)) return 'a member of an enum';
  if (compiler.isBindingElement(parent)) return 'taken out of an object or a list';
  if (isDeclaration(node.getSourceFile().fileName)) return 'declared in types alone';
  const isLocal =
    compiler.isParameter(parent) ||
    compiler.isVariableDeclaration(parent) ||
    compiler.isFunctionDeclaration(parent);
  return isLocal ? 'a local name' : undefined;
};
