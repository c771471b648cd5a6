// SPDX-License-Identifier: GPL-3.0-only

import { coveredBy, type Judge } from '../../src/chore/patch.ts';
import { compileScope } from '../../src/spec/scope.ts';

type Args = { readonly name: string; readonly files?: readonly string[] };

/** No line of the patched tree has the word. */
export const judge: Judge<Args> = function* ({ name, files }, { spec, containing, read }) {
  const inScope = compileScope(spec.scope);
  const meant = coveredBy(files);
  const findings: string[] = [];
  for (const path of (yield* containing(name)).filter((path) => inScope(path) && meant(path))) {
    const lines = ((yield* read(path)) ?? '').split('\n');
    const at = lines.findIndex((line) => hasWord(line, name));
    if (at !== -1) findings.push(`${path}:${at + 1}: \`${name}\` is still there`);
  }
  return { findings };
};

const hasWord = (line: string, name: string): boolean =>
  new RegExp(
    `(?<![\\p{ID_Continue}$])${name.replaceAll('$', '\\$')}(?![\\p{ID_Continue}$])`,
    'u',
  ).test(line);
