// SPDX-License-Identifier: GPL-3.0-only
import type { Spec } from '../../spec/schema.ts';
import { isExcluding } from '../../spec/scope.ts';
import type { OverlayReach } from '../../workspace/overlay.ts';
import type { ProposedCall } from '../verifier.ts';

/** What rules are told: a name and its arguments. */
export type Fact = readonly [name: string, ...args: readonly (string | number)[]];

/** Facts as the kernel reads them. A text has no characters that it could end a field or a row with. */
export const rowsOf = (facts: readonly Fact[]): string =>
  facts.map((fact) => fact.map(fieldOf).join('\u0002')).join('\u0001');

const fieldOf = (value: string | number): string =>
  typeof value === 'number'
    ? `\u0003${value}`
    : // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
      value.replace(/[\u0000-\u0008\u000b-\u001f]/g, '\ufffd').toWellFormed();

/** Who would do something, and for what. */
export type Asker = { readonly agent: string; readonly spec: Spec };

export type Actor = Asker & {
  /** Whether a night of this repository runs by a file. */
  readonly runsNight: (path: string) => boolean;
};

/** What rules know of a call before it is made. */
export const factsOfCall = (
  { tool, args, touches: { reads = [], writes = [] } }: ProposedCall,
  actor: Actor,
  { mayRead, mayWrite }: OverlayReach,
): readonly Fact[] => [
  ['tool', tool],
  ['argument_bytes', Buffer.byteLength(JSON.stringify(args) ?? '')],
  ...reads.map((path): Fact => ['reads', path]),
  ...factsOfPaths(writes, actor),
  ...[...new Set([...reads.filter(mayRead), ...writes.filter(mayWrite)])].map(
    (path): Fact => ['in_reach', path],
  ),
];

/** What rules know of files that are written, of who writes them, and of what was asked. */
export const factsOfPaths = (
  paths: readonly string[],
  { agent, spec, runsNight }: Actor,
): readonly Fact[] => [
  ['agent', agent],
  ...spec.acceptance.map((sentence): Fact => ['says', sentence.toLowerCase()]),
  ...paths.flatMap((path): readonly Fact[] => [
    ['writes', path],
    ['kind', path, kindOf(path)],
    ...(runsNight(path) ? [['runs_night', path] as const] : []),
    ...namedBy(spec.scope, path).map((how): Fact => ['named', path, how]),
  ]),
];

/** A scope names a file by its path, or the folder at the top that it is in; a `*` names nothing. */
const namedBy = (scope: readonly string[], path: string): readonly string[] => {
  const [top = ''] = path.split('/', 1);
  const patterns = scope.filter((pattern) => !isExcluding(pattern));
  return [
    ...(patterns.includes(path) ? ['file'] : []),
    ...(patterns.some((pattern) => pattern === top || pattern.startsWith(`${top}/`))
      ? ['folder']
      : []),
  ];
};

const documents = /\.(?:md|markdown|mdx|txt|rst|adoc|org|tex)$/i;
const data = /\.(?:json[c5]?|ya?ml|toml|ini|cfg|conf|env|lock|csv|tsv|xml|svg)$|(?:^|\/)\.[^/.]+$/i;

/** `docs`, `data` or, whatever else it is, `code`. */
const kindOf = (path: string): string =>
  documents.test(path) ? 'docs' : data.test(path) ? 'data' : 'code';
