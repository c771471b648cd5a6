// SPDX-License-Identifier: GPL-3.0-only
import type { Intent } from '../../../../src/chore/intent-kinds.ts';
import { speaksOf } from './asked.ts';
import { declaredIn, exportListAt, isCommentEnd, sameModule } from './insertions.ts';
import type { FilePatch } from './patch.ts';
import { stillUses } from './renamed-line.ts';
import { isTestPath } from './tests.ts';

/** What the sentences ask of the patch as a whole and it does not do. */
export const judgeWhole = (
  intents: readonly Intent[],
  files: readonly FilePatch[],
): readonly string[] => intents.flatMap((intent) => judgeIntent(intent, files));

const judgeIntent = (intent: Intent, files: readonly FilePatch[]): readonly string[] => {
  switch (intent.kind) {
    case 'rename': {
      if (reserved.has(intent.to)) return [`"${intent.to}" is a reserved word`];
      const lines = files.flatMap(({ edits }) => edits.flatMap(({ added }) => added));
      return lines.some((line) => stillUses(line, intent.to) || line.includes(intent.to))
        ? []
        : [`nothing is renamed to "${intent.to}"`];
    }
    case 'export':
      return intent.names
        .filter((name) => !files.some((file) => exportsNow(file, name, intent.index)))
        .map((name) => `the changed files do not export "${name}"`);
    case 'doc-comment':
      return intent.names
        .filter((name) => !files.some((file) => hasDocumented(file, name)))
        .map((name) => `"${name}" has no doc comment in the changed files`);
    case 'test-skeleton':
      return files.some(({ path }) =>
        intent.test === undefined ? isTestPath(path) : path === intent.test,
      )
        ? []
        : ['no test was written'];
    case 'absent':
      return files
        .filter(({ path }) => speaksOf(intent.files, path))
        .filter(({ patched }) => patched.some((line) => stillUses(line, intent.name)))
        .map(({ path }) => `${path}: "${intent.name}" is still there`);
    default:
      return [];
  }
};

/** Words that a module cannot bind, or that mean something else (ECMA-262, 12.7.2 and 13.1.1). */
const reserved: ReadonlySet<string> = new Set(
  [
    'arguments eval undefined NaN Infinity globalThis null true false await yield let static',
    'implements interface package private protected public enum break case catch class const',
    'continue debugger default delete do else export extends finally for function if import in',
    'instanceof new return super switch this throw try typeof var void while with',
  ].flatMap((line) => line.split(' ')),
);

const exportsNow = (file: FilePatch, name: string, index: string | undefined): boolean => {
  if (index && index !== file.path && !sameModule(file.path, index)) return false;
  return file.edits.some(({ added, at }) =>
    file.patched.some((line, number) => {
      const list = exportListAt(file.patched, number);
      const touched = number < at + added.length && number + (list?.lines ?? 1) > at;
      const names = list?.names ?? (/^export\s/.test(line) ? [declaredIn(line)] : []);
      return touched && names.includes(name);
    }),
  );
};

const hasDocumented = ({ patched }: FilePatch, name: string): boolean =>
  patched.some((line, index) => declaredIn(line) === name && isCommentEnd(patched, index - 1));
