// SPDX-License-Identifier: GPL-3.0-only
import type { Intent } from '../../../../src/chore/intent-kinds.ts';
import { compileScope } from '../../../../src/spec/scope.ts';
import { headerOnTop } from './header.ts';
import { redoNote } from './note.ts';
import type { Sides } from './plan.ts';
import { redoScript } from './script.ts';

/** What is wrong with one changed file, by doing again what the sentences ask for. */
export const redoFile = async (
  path: string,
  sides: Sides,
  intents: readonly Intent[],
): Promise<readonly string[]> => {
  const ofFile = intents.filter(
    (intent) =>
      !('files' in intent) || intent.files.length === 0 || compileScope(intent.files)(path),
  );
  if (sides.patched === undefined) return ['no sentence asks for its removal'];
  if (/\.[cm]?[jt]sx?$/.test(path)) return redoScript(path, sides, ofFile);
  if (sides.base === undefined) return ['no sentence asks for a new file of this kind'];
  if (/\.(?:md|markdown)$/i.test(path)) return redoNote(sides.base, sides.patched, ofFile);
  const headers = ofFile.filter((intent) => intent.kind === 'header');
  if (headers.length === 0) return ['no sentence asks for a change of this kind of file'];
  const start = /^#![^\n]*\n/.exec(sides.base)?.[0].length ?? 0;
  return headerOnTop(
    sides.base.slice(start),
    sides.patched.slice(start),
    headers,
    /\.css$/i.test(path) ? 'block' : 'hash',
  );
};
