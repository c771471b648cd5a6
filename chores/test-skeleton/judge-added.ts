// SPDX-License-Identifier: GPL-3.0-only
import type { CodeStatement } from '../../src/code/tokens.ts';
import type { TokenModule } from '../export/judge-module.ts';
import { withoutStatement } from '../export/judge-undo.ts';
import type { Subject } from './judge-test.ts';

/** An import that has gained names under test, and the text with it as it was. */
export const grownImport = (
  now: TokenModule,
  base: TokenModule,
  subjects: ReadonlyMap<string, Subject>,
):
  | { readonly statement: CodeStatement; readonly kept: ReadonlySet<string>; readonly text: string }
  | undefined => {
  const wordsOf = ({ tokens }: CodeStatement): readonly string[] =>
    tokens.map(({ text }) => text).filter((text) => text !== ',');
  const isImport = ({ tokens }: CodeStatement): boolean => tokens[0]?.text === 'import';
  for (const statement of now.statements.filter(isImport)) {
    for (const old of base.statements.filter(isImport)) {
      const kept = new Set(wordsOf(old));
      const rest = wordsOf(statement).filter((word) => kept.has(word) || !subjects.has(word));
      const isGrown =
        rest.length < wordsOf(statement).length && rest.join(' ') === wordsOf(old).join(' ');
      const source = now.text.slice(statement.start, statement.end);
      if (
        !isGrown ||
        !/^import (?:[\p{ID_Continue}$]+, )?\{[ \r\n\t\p{ID_Continue}$,]*\} from (?:'[^']*'|"[^"]*");?$/u.test(
          source,
        )
      )
        continue;
      const was = base.text.slice(old.start, old.end);
      const text = now.text.slice(0, statement.start) + was + now.text.slice(statement.end);
      return { statement, kept, text };
    }
  }
  return undefined;
};

/** The statements that were not there, in order. */
export const addedTo = (
  base: TokenModule | undefined,
  now: TokenModule,
): readonly CodeStatement[] => {
  const old = (base?.statements ?? []).map(({ start, end }) => base?.text.slice(start, end));
  return now.statements.filter(({ start, end }) => {
    if (old[0] !== now.text.slice(start, end)) return true;
    old.shift();
    return false;
  });
};

/** New statements hold no comment and nothing that is not shown; a new file may begin with the module's licence. */
export const plainText = (
  now: TokenModule,
  added: readonly CodeStatement[],
  base: TokenModule | undefined,
  module: TokenModule,
): string | undefined => {
  for (const { start, end, tokens } of added) {
    if (
      /[\p{Cf}\p{Co}\p{Cn}]|\p{Default_Ignorable_Code_Point}|[^\P{Cc}\r\n\t]/u.test(
        now.text.slice(start, end),
      )
    )
      return 'it has characters that are not plain';
    for (const [at, token] of tokens.entries()) {
      if (now.text.slice(tokens[at - 1]?.end ?? start, token.start).trim() !== '')
        return 'it has a comment';
    }
  }
  if (base) return undefined;
  const ends = new Set(now.text.match(/\r\n|\r|\n/gu));
  const end = /\r?\n/u.exec(module.text)?.[0] ?? '\n';
  if (ends.size !== 1 || !ends.has(end) || !/[^\s](?:\r\n|\n)$/u.test(now.text))
    return 'its lines do not end as those of a text do';
  if (/^\uFEFF|[^\S \t\r\n]|[ \t](?=\r?\n)/u.test(now.text)) return 'it has blanks out of place';
  const licence = /^(?:\uFEFF)?(\/\/ SPDX-License-Identifier: [^\r\n]*)/u.exec(module.text)?.[1];
  let at = 0;
  for (const [index, { start, end }] of now.statements.entries()) {
    const gap = now.text.slice(at, start).trim();
    if (gap !== '' && !(index === 0 && gap === licence)) return 'it has a comment';
    at = end;
  }
  return now.text.slice(at).trim() === '' ? undefined : 'it has a comment';
};

/** The text without the statements, runs of them at once. */
export const cutOut = (
  now: TokenModule,
  base: TokenModule,
  added: readonly CodeStatement[],
): { readonly text: string; readonly problem?: string } => {
  let { text } = now;
  const runs: { start: number; end: number }[] = [];
  for (const { start, end } of added) {
    const last = runs.at(-1);
    if (last && /^(?:\r?\n){1,2}$/u.test(now.text.slice(last.end, start))) last.end = end;
    else runs.push({ start, end });
  }
  for (const run of runs.toReversed()) {
    const result = withoutStatement(text, base.text, run, () => true);
    if ('problem' in result) return { text: now.text, problem: result.problem };
    text = result.text;
  }
  return { text };
};
