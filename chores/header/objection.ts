// SPDX-License-Identifier: GPL-3.0-only
import { textRefusal } from '../../src/markdown/decode-markdown.ts';
import { splitFrontmatter } from '../../src/markdown/frontmatter.ts';
import { blankBlocks, blankCode } from '../../src/markdown/prose.ts';
import { namesLicence } from '../../src/spec/licence.ts';
import { licencesIn } from '../../src/spec/licence-words.ts';

/** Within so many lines a file says whose it is, and by what it is made. */
const head = /^(?:[^\r\n]*(?:\r\n|\n|\r|$)){0,60}/;

/** Why a file, as it is without a header, can take none; `licence` is what the header would name. */
export const objectionTo = (
  path: string,
  text: string,
  licence: string | undefined,
): string | undefined => {
  const isDocument = /\.(?:md|markdown)$/i.test(path);
  const isMarkup = isDocument || /\.(?:html?|xml|svg|vue|svelte)$/i.test(path);
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (isMarkup && /^(?:(?:un)?licen[cs]e|copying|copyright|notice)(?![a-z])/i.test(name))
    return 'it is a licence or a notice itself';
  if (isMarkup && /(?:^|\/)LICEN[CS]ES\//.test(path)) return 'it is a licence itself';
  if (/\.min\.\w+$/i.test(name) || (!isDocument && longest(text) > 5000)) return 'it is minified';
  const refused = textRefusal(text);
  if (refused !== undefined) return `it ${refused}`;
  const firstComment = /^\uFEFF?(?:#!.*)?\s*(\/\*(?:(?!\*\/)[\s\S])*)/.exec(text)?.[1] ?? '';
  if (
    text.startsWith('\uFEFF#!') ||
    pragma.test(firstComment) ||
    (!isDocument && isFront(path, text))
  )
    return 'it begins with what must stay first';
  const split = isDocument ? splitFrontmatter(text) : undefined;
  if (split && 'refused' in split) return `it ${split.refused}`;
  const body = split ? blankCode(split.body) : text;
  const front = split?.yaml.match(/^(?:(?:licen[cs]e|copyright|rights)[ \t]*:.*\S|[ \t]*#.*)/gim);
  const remarks = [...(front ?? []), ...remarksIn(path, head.exec(body)?.[0] ?? '')].join('\n');
  if (/\bdo not edit\b|@generated\b/i.test(remarks) || name === 'pnpm-lock.yaml')
    return 'it is generated';
  if (isClaim(remarks)) return 'it declares a licence or a holder already';
  const lines = split ? blankBlocks(split.body).split(/[\r\n]+/) : [];
  const visible = lines.filter((line) => shown.some((way) => way.test(line))).map(decode);
  return visible.every((line) => licence !== undefined && namesLicence(line, licence))
    ? undefined
    : 'its readers are told of another licence or a holder';
};

const longest = (text: string): number =>
  text.split(/[\r\n]/).reduce((most, line) => Math.max(most, line.length), 0);

/** What tools read in the comment that a file begins with, and nowhere else. */
const pragma = /@(?:jest-[\w-]|(?:no)?(?:format|prettier|flow)\b)/;

const isFront = (path: string, text: string): boolean =>
  /\.(?:html?|xml|svg|s?css|less|[cm]?js)$/i.test(path) &&
  /^\uFEFF?---[ \t]*(?:[\r\n]|$)/.test(text);

/** Strings are passed over, so that what is in them is no comment. */
const tokens = {
  script:
    /\/\*(?:(?!\*\/)[\s\S])*(?:\*\/|$)|\/\/.*|"(?:\\.|[^"\\\r\n])*"|'(?:\\.|[^'\\\r\n])*'|`(?:\\[\s\S]|[^`\\])*`/g,
  hash: /"""(?:(?!""")[\s\S])*(?:"""|$)|'''(?:(?!''')[\s\S])*(?:'''|$)|(?<=^[ \t]*)#.*|"(?:\\.|[^"\\\r\n])*"|'(?:\\.|[^'\\\r\n])*'/gm,
  dash: /\/\*(?:(?!\*\/)[\s\S])*(?:\*\/|$)|\{-(?:(?!-\})[\s\S])*(?:-\}|$)|--.*|"(?:\\.|[^"\\\r\n])*"/g,
  markup:
    /<!--(?:(?!-->)[\s\S])*(?:-->|$)|^ {0,3}\[[^\]\r\n]*\]:[ \t]*\S+[ \t]+["'(].*["')][ \t]*$/gm,
} as const;

const remarksIn = (path: string, text: string): readonly string[] => {
  if (/\.(?:vue|svelte)$/i.test(path))
    return ['a.html', 'a.css', 'a.ts'].flatMap((part) => remarksIn(part, text));
  const kind = /\.(?:md|markdown|html?|xml|svg)$/i.test(path)
    ? 'markup'
    : /\.(?:sql|lua|hs)$/i.test(path)
      ? 'dash'
      : /\.(?:ya?ml|sh|bash|zsh|fish|pyi?|rb|pl|toml|tf|r|mk)$|file$|(?:^|\/)\.[a-z]+$/i.test(path)
        ? 'hash'
        : 'script';
  const found = text.replace(/^\uFEFF?(?:#!.*)?/, '').match(tokens[kind]) ?? [];
  return found.filter((token) => kind === 'hash' || !/^["'`](?!""|'')/.test(token));
};

const claims = [
  /SPDX-[a-z-]+:/i,
  /@(?:licen[cs]e|copyright)\b/i,
  /\blicen[cs]e:\s*\S/i,
  /\b(?:licen[cs]ed|released|distributed|governed)\s+(?:under|by|to)\s/i,
  /\ball\s+rights\s+reserved\b|\bsubject\s+to\s+the\s+terms\b/i,
  /(?:\bcopyright|©|\(c\))\s*(?:\(c\)|©|by\b|\d{4})/i,
  /^[^\p{L}\p{N}©(]*(?:Copyright|©|\([cC]\))\s+\p{Lu}/mu,
];

const isClaim = (remarks: string): boolean => {
  const words = remarks
    .replace(/^[ \t]*(?:\/\/+|\/?\*+|#+|--+|<!--)|\*\/|--+>/gm, ' ')
    .replace(/[ \t]+/g, ' ');
  return claims.some((claim) => claim.test(words)) || licencesIn(words).length > 0;
};

/** What shows in a page: a badge, a line that begins with a holder, or one that says what something is licensed under. */
const badge = /badge\/licen[cs]e[-:]((?:[^-/\s)]|--){1,100})-/i;
const alternative = /!\[[^\]]{0,100}?\blicen[cs]e\b:?[ -]{1,9}([^\]]{1,100})\]/i;
const shown: readonly RegExp[] = [
  badge,
  alternative,
  /^[\s>*_-]*(?:©|(?:copyright|\(c\)) *(?:\(c\)|©|\d{4}))/i,
  /\b(?:is|are) (?:licen[cs]ed|released|distributed) under /i,
];

const decode = (line: string): string => {
  const name = badge.exec(line)?.[1]?.replaceAll('--', '-').replace(/%20|_/g, ' ');
  const said = name ?? alternative.exec(line)?.[1];
  return said === undefined ? line : `License: ${said}`;
};
