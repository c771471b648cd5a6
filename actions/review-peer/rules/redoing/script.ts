// SPDX-License-Identifier: GPL-3.0-only
import type { Intent } from '../../../../src/chore/intent-kinds.ts';
import { explainStatements } from './explain.ts';
import { headerOnTop, saysHeader } from './header.ts';
import { type IntentOf, intentsOfKind } from './intents.ts';
import type { Sides } from './plan.ts';
import { commentsOf, type Parsed, parseScript, tokensOf } from './syntax.ts';
import { isTestFor, judgeNewTest } from './test-file.ts';

/** Takes the asked changes back out of the new syntax tree and compares what is left with the old one. */
export const redoScript = async (
  path: string,
  { base, patched = '' }: Sides,
  intents: readonly Intent[],
): Promise<readonly string[]> => {
  const now = await parseScript(path, patched);
  if (now.broken !== undefined) return [`it is no longer valid code: ${now.broken}`];
  if (base === undefined) {
    const asked = intentsOfKind(intents, 'test-skeleton').filter((intent) =>
      isTestFor(path, intent),
    );
    return asked.length > 0 ? judgeNewTest(now, asked) : ['no sentence asks for a new file'];
  }
  const headers = intentsOfKind(intents, 'header');
  const old = await parseScript(path, base);
  return [
    ...(headers.length > 0 ? await redoHeader(base, patched, headers, intents) : []),
    ...explainStatements(old, now, path, intents),
    ...judgeComments(old, now, intents),
    ...oldNamesLeft(now, intentsOfKind(intents, 'rename')),
  ];
};

const onlyHeaders = (intents: readonly Intent[]): boolean =>
  !intents.some(({ kind }) => ['export', 'rename', 'doc-comment', 'test-skeleton'].includes(kind));

const redoHeader = async (
  base: string,
  patched: string,
  headers: readonly IntentOf<'header'>[],
  intents: readonly Intent[],
): Promise<readonly string[]> => {
  const start = /^(?:\uFEFF)?(?:#![^\n]*\n)?/.exec(base)?.[0].length ?? 0;
  const first = /^\s*(?:(?:\/\/[^\n]*(?:\n|$)\s*)+|\/\*[\s\S]*?\*\/)/;
  const had = first.exec(base.slice(start))?.[0] ?? '';
  if (headers.every((header) => had !== '' && saysHeader(had, header).length === 0)) return [];
  if (onlyHeaders(intents)) {
    if (base.slice(0, start) !== patched.slice(0, start)) return ['its first line has changed'];
    return headerOnTop(base.slice(start), patched.slice(start), headers, 'script');
  }
  const has = first.exec(patched.slice(start))?.[0] ?? '';
  return headers.flatMap((header) => saysHeader(has, header));
};

/** Comments may be added, as headers and doc comments are; none may go or say something else. */
const judgeComments = (old: Parsed, now: Parsed, intents: readonly Intent[]): readonly string[] => {
  const renames = intentsOfKind(intents, 'rename');
  const left = [...commentsOf(now)];
  const findings: string[] = [];
  for (const { text } of commentsOf(old)) {
    const forms = [text, ...renames.map(({ from, to }) => text.replaceAll(from, to))];
    const at = left.findIndex((comment) => forms.includes(comment.text));
    if (at < 0) findings.push(`a comment was removed or changed: ${text.slice(0, 80)}`);
    else left.splice(at, 1);
  }
  const documented = new Set(now.documented.map(({ comment }) => comment));
  const wanted = intentsOfKind(intents, 'doc-comment');
  for (const { text, first } of left) {
    const isHeader = first && intentsOfKind(intents, 'header').length > 0;
    const isDoc = wanted.length > 0 && documented.has(text);
    const isTestHeader = intentsOfKind(intents, 'test-skeleton').length > 0 && first;
    if (!isHeader && !isDoc && !isTestHeader) {
      findings.push(`no sentence asks for this comment: ${text.slice(0, 80)}`);
    }
    const names = now.documented.filter(({ comment }) => comment === text);
    const stray =
      isDoc &&
      !names.some(({ name, exported }) =>
        wanted.some((intent) =>
          intent.names.length === 0 ? exported : intent.names.includes(name),
        ),
      );
    if (stray)
      findings.push(`a doc comment on a name that no sentence mentions: ${text.slice(0, 80)}`);
  }
  return findings;
};

/** Uses of an old name that are still there; `a.old` and `{ old: 1 }` belong to other objects. */
const oldNamesLeft = (now: Parsed, renames: readonly IntentOf<'rename'>[]): readonly string[] =>
  renames.flatMap(({ from }) => {
    const used = tokensOf(now).some(({ text, use }) => text === from && use === 'variable');
    return used ? [`\`${from}\` is still used`] : [];
  });
