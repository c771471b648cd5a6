// SPDX-License-Identifier: GPL-3.0-only

import { Declined } from '../../src/chore/script.ts';
import type { Work } from '../../src/chore/work.ts';
import { findOne } from '../../src/code/find.ts';
import type { CodeHands } from '../../src/code/hands.ts';
import { mentionsOf, namePlaces } from '../../src/code/mentions.ts';
import { digestOf } from '../../src/data/digest.ts';
import type { Compiler } from '../../src/data/load-typescript.ts';
import { type Around, readAround } from './around.ts';
import { carriersOf, type Importer, importersOf } from './carriers.ts';
import { leakIn } from './leaks.ts';
import { createProgram } from './program.ts';
import { refuseName, refuseTaken } from './taken.ts';
import { findUses, type Uses } from './uses.ts';

type Args = { readonly from: string; readonly to: string; readonly files?: readonly string[] };

/** Renames a module's top-level name and every use of it, or changes nothing. */
export const work: Work<Args, CodeHands> = function* (args, { compiler, tree, asked }) {
  const { from, to } = args;
  // Of several sentences about one rename the first works it, where any of them says.
  const same = asked.filter(
    (one) => one.chore === 'rename' && one.args.from === from && one.args.to === to,
  );
  if (same.length > 1 && same[0]?.args !== args) return { notes: '' };
  const files = [args, ...same.map((one) => one.args as Args)].flatMap((one) => one.files ?? []);
  refuseName(compiler, to);
  const { path, declared } = yield* findOne(compiler, tree, from, files);
  const importers = yield* importersOf(compiler, tree, from);
  const start = [
    path,
    ...(yield* tree.containing(from)),
    ...(yield* tree.containing(to)),
    ...importers.flatMap(({ target }) => (typeof target === 'object' ? [target.path] : [])),
  ];
  let uses = usesIn(compiler, yield* readAround(compiler, tree, start), path, args);
  // No value of a module has its types.
  const isValue = declared.some((one) => !one.typeOnly);
  if (declared.some((one) => one.exported === 'named')) {
    const carriers = yield* carriersOf(compiler, tree, uses.exporters, from);
    const all = yield* readAround(compiler, tree, [...start, ...carriers.sources]);
    uses = usesIn(compiler, all, path, args);
    refuseImporters(from, [...importers, ...carriers.importers], uses.exporters);
    if (isValue && uses.leak !== undefined) {
      const [place] = uses.unsure;
      const where = place === undefined ? '' : `${place}: `;
      throw new Declined(`${where}cannot tell what \`${from}\` is here, since ${uses.leak}`);
    }
  }
  const paths = [...uses.edits.keys()].sort();
  const outside = paths.find((one) => !tree.mayWrite(one));
  if (outside) throw new Declined(`\`${from}\` is used in ${outside}, which is outside the scope`);
  for (const one of paths) yield* tree.edit(one, uses.edits.get(one) ?? []);
  const count = [...uses.edits.values()].reduce((sum, edits) => sum + edits.length, 0);
  const mentions = namePlaces(yield* mentionsOf(tree, [from]));
  const left = mentions.length > 0 ? `; the old name is still in ${mentions.join(', ')}` : '';
  return {
    notes: `rename: ${from} to ${to}, ${count} places in ${paths.length} files${left}`,
    mentions,
  };
};

/** @throws Declined where a file that rules do not change takes the name, or might. */
const refuseImporters = (
  from: string,
  importers: readonly Importer[],
  exporters: ReadonlySet<string>,
): void => {
  for (const { path, line, specifier, target, isWhole } of importers) {
    if (typeof target === 'object' ? !exporters.has(target.path) : target !== 'unknown') continue;
    throw new Declined(
      isWhole
        ? `${path}:${line} loads "${specifier}" as a whole, which may export \`${from}\`, and rules do not follow such files`
        : `${path}:${line} imports \`${from}\` from "${specifier}", and rules do not change such files`,
    );
  }
};

type Found = Uses & { readonly leak?: string };

let last: { readonly key: string; readonly found: Found } | undefined;

const usesIn = (compiler: Compiler, around: Around, path: string, { from, to }: Args): Found => {
  const key = digestOf([path, from, to, [...around.texts], [...around.targets.values()]]);
  if (last?.key === key) return last.found;
  const program = createProgram(compiler, around);
  const home = program.getSourceFile(path);
  if (!home) throw new Declined(`${path} cannot be read`);
  if (!compiler.isExternalModule(home)) {
    throw new Declined(`${path} is CommonJS or a script, whose names rules do not rename`);
  }
  const { target } = around;
  const uses = findUses({ compiler, program, target, from, to }, home);
  refuseTaken(compiler, program, uses.edits, to);
  const { exporters } = uses;
  const facts = { compiler, checker: program.getTypeChecker(), target, exporters, name: from };
  const leak = leakIn(program, facts, { anywhere: uses.unsure.length > 0 });
  const found = { ...uses, ...(leak !== undefined && { leak }) };
  last = { key, found };
  return found;
};
