// SPDX-License-Identifier: GPL-3.0-only
import type { CodeStatement } from '../../src/code/tokens.ts';
import type { Handed, TokenModule } from './judge-module.ts';

/** A text without the words `export ` in front of declarations of a name, or why they are not all of that. */
export const withoutWord = (
  { text, named }: TokenModule,
  handed: readonly Handed[],
): { readonly text: string } | { readonly problem: string } => {
  let left = text;
  for (const { statement, local } of handed.toReversed()) {
    if (named.some((one) => one.statement === statement && one.shared)) {
      return { problem: `the declaration of \`${local}\` is shared with others` };
    }
    const word = statement.tokens.find((token) => token.text === 'export');
    if (statement.tokens.slice(0, 4).filter((token) => token.text === 'export').length > 1)
      return { problem: `\`${local}\` is exported twice` };
    if (!word || text.slice(word.start, word.end + 1) !== 'export ') {
      return { problem: `\`export\` is not put before \`${local}\`` };
    }
    left = left.slice(0, word.start) + left.slice(word.end + 1);
  }
  return { text: left };
};

/**
 * A text without some names of an export list: the list as it was, or no list. `others` are names that
 * another sentence asks for and that are still there.
 */
export const withoutNames = (
  now: TokenModule,
  base: TokenModule,
  statement: CodeStatement,
  names: readonly string[],
): { readonly text: string } | { readonly problem: string } => {
  const source = now.text.slice(statement.start, statement.end);
  const rest = now.handed.filter((one) => one.statement === statement && !names.includes(one.name));
  if (rest.length === 0) return withoutStatement(now.text, base.text, statement);
  const shorter = names.reduce(cutName, source);
  const was = base.statements.find((one) => {
    const items = base.handed.filter((item) => item.statement === one);
    return (
      same(items, rest) &&
      frameOf(base.text.slice(one.start, one.end)) === frameOf(source) &&
      (isNeat(source) || base.text.slice(one.start, one.end) === shorter)
    );
  });
  const list = was ? base.text.slice(was.start, was.end) : shorter;
  return { text: now.text.slice(0, statement.start) + list + now.text.slice(statement.end) };
};

const same = (some: readonly Handed[], others: readonly Handed[]): boolean =>
  some.length === others.length &&
  some.every((one, at) => {
    const other = others[at];
    return one.name === other?.name && one.local === other.local && one.type === other.type;
  });

/** What stands around the braces. */
const frameOf = (source: string): string => source.replace(/\{[\s\S]*\}/u, '{}');

/** One line, or one name a line, and nothing but names. */
const isNeat = (source: string): boolean =>
  /^export (?:type )?\{(?: ?[^\s,{}/]+(?: [^\s,{}/]+)*(?:, [^\s,{}/]+(?: [^\s,{}/]+)*)*,? ?|(?:\r?\n[ \t]+[^\s,{}/]+(?: [^\s,{}/]+)*,)*(?:\r?\n[ \t]+[^\s,{}/]+(?: [^\s,{}/]+)*,?)\r?\n)\}(?: from (?:'[^'\\\r\n]+'|"[^"\\\r\n]+"))?;?$/u.test(
    source,
  );

const cutName = (source: string, name: string): string => {
  const item = `(?:type )?(?:[^\\s,{}]+ as )?${name.replaceAll('$', '\\$')}`;
  return source
    .replace(new RegExp(`(?<=[{\\s,])${item},\\s+(?=[^\\s}])`, 'u'), '')
    .replace(new RegExp(`,\\s*${item}(?=,?\\s*\\})`, 'u'), '');
};

/** A text of types without one declaration that says no more than what something is. */
export const withoutTypes = (
  now: TokenModule,
  base: TokenModule,
  handed: Handed | undefined,
): { readonly text: string } | { readonly problem: string } => {
  const plain = /^export (?:declare )?(?:(?:async )?function|const|interface|type) [^@`\\]*$/u;
  const source = handed && now.text.slice(handed.statement.start, handed.statement.end);
  return handed &&
    source !== undefined &&
    plain.test(source) &&
    !/\/[/*]|\bimport\b|\n\s*\n/u.test(source)
    ? withoutStatement(now.text, base.text, handed.statement, () => true)
    : { problem: 'the types are not one plain declaration' };
};

/** A text without whole lines of it, and without the empty line that came with them. */
export const withoutStatement = (
  text: string,
  base: string,
  { start, end }: { readonly start: number; readonly end: number },
  isPlain = isNeat,
): { readonly text: string } | { readonly problem: string } => {
  const source = text.slice(start, end);
  const [, from = ''] = /\bfrom ['"]([^'"]*)['"];?$/u.exec(source) ?? [];
  if (
    from.startsWith('.') &&
    !/^(?:\.|\.\.(?:\/\.\.)*)(?:\/(?!\.{1,2}(?:\/|$))[^/]+)*$/u.test(from)
  )
    return { problem: 'the module is not named in the plain way' };
  const eol = base.includes('\r\n') ? '\r\n' : '\n';
  if (!isPlain(source))
    return { problem: `the export is not written plainly: ${source.slice(0, 80)}` };
  const tail = /^(?:\r?\n|$)/u.exec(text.slice(end));
  if (tail?.[0] === '' && /[\r\n]$/u.test(base)) {
    return { problem: 'the file does not end with a line break any more' };
  }
  if (!tail || !(start === 0 || /[\n\uFEFF]/u.test(text.charAt(start - 1)))) {
    return { problem: 'the export does not have its lines to itself' };
  }
  if (base !== '' && (source + tail[0]).replaceAll(eol, '').match(/[\r\n]/u)) {
    return { problem: 'the export ends its lines in another way than the file' };
  }
  const above = text.slice(0, start);
  const below = text.slice(end + tail[0].length);
  return { text: withOldGap(above, below, base, eol) };
};

/** One empty line may have come with it, and the end of what was the last line. */
const withOldGap = (above: string, below: string, base: string, eol: string): string => {
  const head = above.trimEnd();
  const rest = below.trimStart();
  const end = /(?:\r?\n)*$/u.exec(base)?.[0].replace(eol, '');
  if (rest === '' && below !== end) return above + below;
  const gap = above.slice(head.length) + below.slice(0, below.length - rest.length);
  const was = gapIn(base, lastLine(head), rest.split(/\r?\n/u)[0] ?? '');
  const forms = [gap, gap.replace(eol, ''), ...(rest === '' ? [''] : [])];
  const indent = /[ \t]*$/u.exec(gap)?.[0] ?? '';
  return was !== undefined && forms.includes(was + indent)
    ? head + was + indent + rest
    : above + below;
};

const lastLine = (text: string): string => text.slice(text.lastIndexOf('\n') + 1);

/** The white space between two lines that follow one another but for empty ones. */
const gapIn = (text: string, last: string, next: string): string | undefined => {
  const ends = text.matchAll(/(?:[ \t]*\r?\n)+|$/gu);
  for (const { 0: gap, index } of ends) {
    const rest = text.slice(index + gap.length);
    const follows =
      next === '' ? rest === '' : (rest.split(/\r?\n/u)[0] ?? '').trim() === next.trim();
    if (follows && lastLine(text.slice(0, index)) === last) return gap;
  }
  return undefined;
};
