// SPDX-License-Identifier: GPL-3.0-only
import type { ChoreIntent } from '../../../src/chore/intent-kinds.ts';
import { licenceHeader, namesLicence } from '../../../src/spec/licence.ts';
import { compileScope } from '../../../src/spec/scope.ts';
import { headerOffset } from '../../../src/tool/header-place.ts';
import { isSource } from './syntax.ts';
import { Declined, type Script } from './tool-script.ts';
import type { WorkingTree } from './working-tree.ts';

type Intent = Extract<ChoreIntent, { kind: 'header' }>;

/** So many files that cannot take a header are named before it gives up. */
const maxRefused = 3;

/** Puts the licence header on every file the intent means; `ruled` is what the spec's rules say. */
export function* addHeaders(
  tree: WorkingTree,
  intent: Intent,
  ruled: string | undefined,
): Script<string> {
  const text = intent.text ?? ruled ?? (intent.licence && licenceHeader(intent.licence));
  if (!text) throw new Declined('no sentence names the licence of the header');
  const wanted = intent.files.length === 0 ? () => true : compileScope(intent.files);
  const paths = (yield* tree.files()).filter((path) => wanted(path) && tree.mayWrite(path));
  if (paths.length === 0) throw new Declined('the scope has no such file');
  const odd = paths.find((path) => !isSource(path) && !isMarkdown(path));
  if (odd) throw new Declined(`${odd} is neither code nor Markdown, so it can have no header`);
  const named = intent.licence && !intent.text ? yield* readLicences(tree, paths) : new Map();
  const lacking = paths.filter((path) => {
    const head = named.get(path);
    if (head === undefined || !intent.licence) return true;
    if (namesLicence(head, intent.licence)) return false;
    throw new Declined(`${path} names another licence: ${head.trim().slice(0, 100)}`);
  });
  const refused: string[] = [];
  let count = 0;
  for (const path of lacking) {
    try {
      count += (yield* tree.insertHeader(path, plainHeader(text))) ? 1 : 0;
    } catch (error) {
      if (!(error instanceof Declined)) throw error;
      refused.push(error.message);
      if (refused.length >= maxRefused) break;
    }
  }
  if (refused.length > 0) throw new Declined(refused.join('; '));
  return `header: ${count} of ${paths.length} files, the others had it`;
}

const marks = ['SPDX-License-Identifier:', 'General Public License'];

/** A licence is named within so many lines, frontmatter included. */
const headLines = 60;

/** What the heads of files say of their licence already. */
function* readLicences(
  tree: WorkingTree,
  paths: readonly string[],
): Script<ReadonlyMap<string, string>> {
  const wanted = new Set(paths);
  const heads = new Map<string, string>();
  for (const words of marks) {
    for (const { path, line, text } of yield* tree.lines(words)) {
      if (line > headLines || !wanted.has(path)) continue;
      heads.set(path, `${heads.get(path) ?? ''}${text}\n`);
    }
  }
  // A document may be about licences: only a comment on top of its text is its header.
  for (const path of [...heads.keys()].filter(isMarkdown)) {
    const top = commentsOnTop(path, yield* tree.read(path));
    if (marks.some((words) => top.includes(words))) heads.set(path, top);
    else heads.delete(path);
  }
  return heads;
}

const isMarkdown = (path: string): boolean => /\.(?:md|markdown|mdx)$/iu.test(path);

const commentsOnTop = (path: string, text: string): string => {
  const offset = headerOffset(path, text);
  const body = typeof offset === 'number' ? text.slice(offset) : '';
  // Four spaces would make code of it.
  return /^(?:(?:[ \t]*\r?\n)* {0,3}<!--[\s\S]*?-->)*/u.exec(body)?.[0] ?? '';
};

/** A quoted header without the comment marks it was written with. */
const plainHeader = (text: string): string =>
  text
    .split(/\r?\n/u)
    .map((line) => line.replace(/^\s*(?:\/\/+|\/\*+|<!--+|\*(?!\/)|#)?\s?/u, ''))
    .map((line) => line.replace(/\s*(?:\*\/|--+>)\s*$/u, '').trimEnd())
    .join('\n')
    .trim();
