// SPDX-License-Identifier: GPL-3.0-only
import type { Script } from '../../src/chore/script.ts';
import { followRelative, type ReadText } from '../../src/code/relative-modules.ts';
import type { CodeStatement } from '../../src/code/tokens.ts';
import type { TokenModule } from './judge-module.ts';
import type { Look } from './judge-trace.ts';

/** The first statement that importing these modules through a place would newly run, as `path: code`. */
export function* loadedThings(
  look: Look,
  place: string,
  paths: readonly string[],
): Script<string | undefined> {
  const read: ReadText = function* (path) {
    return (yield* look(path))?.text;
  };
  const there = new Set([place]);
  for (const specifier of (yield* look(place))?.loads ?? []) {
    const path = yield* followRelative(read, place, specifier);
    if (path !== undefined) there.add(path);
  }
  // A set grows while it is walked: a module takes those along that it hands on whole.
  for (const module of there) {
    if (module === place) continue;
    for (const specifier of (yield* look(module))?.stars ?? []) {
      const path = yield* followRelative(read, module, specifier);
      if (path !== undefined) there.add(path);
    }
  }
  for (const path of new Set(paths)) {
    const module = there.has(path) ? undefined : yield* look(path);
    const acting = module?.statements.find((statement) => acts(statement, module));
    if (module && acting)
      return `${path}: ${module.text.slice(acting.start, acting.end).slice(0, 80)}`;
  }
  return undefined;
}

const harmless =
  /^(?:import|export|const|let|var|function|class|interface|enum|declare|abstract|async|namespace|module|;|@)$/u;

/** Whether a statement does more than to declare; what a declared name is given belongs to it. */
const acts = ({ tokens }: CodeStatement, { named }: TokenModule): boolean => {
  const [first, second, third, fourth] = tokens.map(({ text }) => text);
  if (first === undefined) return false;
  if (/^["']/u.test(first) && (second === undefined || second === ';')) return false;
  if (first === 'import' && (second === '(' || second === '.')) return true;
  if (first === 'type' || first === 'async' || first === 'declare' || first === 'abstract') {
    return second === '(' || second === '.' || second === '=';
  }
  if (harmless.test(first)) return false;
  const given = second === '.' && fourth === '=' && third !== undefined;
  return !(given && named.some(({ name }) => name === first));
};
