// SPDX-License-Identifier: GPL-3.0-only

import { listed } from '../chore/patch.ts';
import { callTool, Declined, DeniedCall, type Script } from '../chore/script.ts';
import { isSource } from '../code/script-of.ts';
import { lineEnding, type TextEdit, toReplacements } from './edits.ts';

/** What a chore works with: the files as they are now, each asked for once. */
export type WorkingTree = {
  /** Paths that may be read, sorted. */
  readonly files: () => Script<readonly string[]>;
  readonly read: (path: string) => Script<string>;
  /** The text of a file, or why it cannot be read. */
  readonly readable: (path: string) => Script<string | { readonly refused: string }>;
  /** Paths of the files in which an identifier occurs, as a word of its own. */
  readonly containing: (name: string) => Script<readonly string[]>;
  /** The lines in which an identifier occurs now. @throws Declined when there are too many to see. */
  readonly places: (name: string) => Script<readonly CodePlace[]>;
  /** The lines that contain these characters; `undefined` when there are too many to see. */
  readonly lines: (text: string, pattern?: string) => Script<readonly SearchLine[] | undefined>;
  readonly mayWrite: (path: string) => boolean;
  /** @throws Declined when the path is not one the spec lets it change. */
  readonly edit: (path: string, edits: readonly TextEdit[]) => Script<void>;
  readonly create: (path: string, text: string) => Script<void>;
  /** Returns whether the file changed, or why it can take no header. */
  readonly insertHeader: (path: string, header: Header) => Script<boolean | string>;
  /** Formats a file under the repository's biome.json, without what lint rules would fix; `diagnostics` say why not. */
  readonly format: (path: string, only?: 'imports') => Script<Formatted>;
  readonly changed: () => readonly string[];
  /** The changes that were refused, however the chore went on. */
  readonly refused: () => readonly Declined[];
};

type Formatted = { readonly changed: boolean; readonly diagnostics: readonly string[] };

/** `licence` where it is enough that a file names it, in whatever words. */
type Header = { readonly text: string; readonly licence?: string };

export type CodePlace = { readonly path: string; readonly line: number };

export type SearchLine = { readonly path: string; readonly line: number; readonly text: string };

/** As the rest of a sentence that begins with the file's path. */
const whyUnread = (path: string, { message }: Declined): string => {
  const why = message
    .replace(`read_file on ${path}: `, '')
    .replace(`${JSON.stringify(path)} `, '')
    .replace(`${path} `, '');
  return (why.startsWith('is ') ? why : `cannot be read: ${why}`).slice(0, 300);
};

/** No file of them is to blame. */
class TooMuch extends Declined {}

/** So many characters fit into one conversation, with what is said about them and written. */
const maxSeen = 2_500_000;

/** What a rule forbids has no header, as what the tool refuses has none. */
function* insertHeader(
  path: string,
  header: Header,
): Script<{ readonly changed: boolean; readonly reason?: string }> {
  try {
    return (yield* callTool('insert_header', { path, ...header })) as { changed: boolean };
  } catch (error) {
    if (!(error instanceof DeniedCall)) throw error;
    const { reason } = error;
    return { changed: false, reason: reason.startsWith(`${path} `) ? reason : `${path} ${reason}` };
  }
}

/** Opens the files for changes; `mayWrite` says which paths the spec lets it change. */
export const openWorkingTree = (mayWrite: (path: string) => boolean): WorkingTree => {
  const texts = new Map<string, string>();
  const searches = new Map<string, readonly SearchLine[] | undefined>();
  const changed = new Set<string>();
  let listing: readonly string[] | undefined;

  let seen = 0;
  const spend = (length: number): void => {
    seen += length;
    if (seen > maxSeen) {
      throw new TooMuch('the files to look at are too many for rules; name a folder as the scope');
    }
  };
  const refused: Declined[] = [];
  const allow = (path: string): void => {
    if (mayWrite(path)) return;
    const refusal = new Declined(`${path} would have to change, but it is outside the scope`);
    refused.push(refusal);
    throw refusal;
  };
  const find = function* (text: string, pattern = '**'): Script<readonly SearchLine[] | undefined> {
    const key = `${pattern} ${text}`;
    if (!searches.has(key)) {
      const matches = yield* searchTree(text, pattern);
      spend((matches ?? []).reduce((sum, match) => sum + match.path.length + match.text.length, 0));
      searches.set(key, matches);
    }
    return searches.get(key);
  };
  const files = function* (): Script<readonly string[]> {
    listing ??= yield* listTree();
    return [...new Set([...listing, ...texts.keys()])].sort();
  };
  const read = function* (path: string): Script<string> {
    const cached = texts.get(path);
    if (cached !== undefined) return cached;
    const text = yield* readWhole(path);
    spend(text.length);
    texts.set(path, text);
    return text;
  };
  const readable: WorkingTree['readable'] = function* (path) {
    try {
      return yield* read(path);
    } catch (error) {
      if (!(error instanceof Declined) || error instanceof TooMuch) throw error;
      return { refused: whyUnread(path, error) };
    }
  };
  const write = function* (path: string, content: string): Script<void> {
    allow(path);
    yield* callTool('write_file', { path, content });
    texts.set(path, content);
    changed.add(path);
  };
  return {
    read,
    readable,
    mayWrite,
    changed: () => [...changed].sort(),
    refused: () => refused,
    files,
    containing: function* (name) {
      const word = wordOf(name);
      const hits = (yield* find(name))?.filter(({ text }) => word.test(text) || isCut(text));
      const candidates = hits?.map(({ path }) => path) ?? (yield* files()).filter(isSource);
      const now = new Set([...candidates, ...changed]);
      return [...now].filter((path) => word.test(texts.get(path) ?? name)).sort();
    },
    places: function* (name) {
      const word = wordOf(name);
      const hits = (yield* find(name)) ?? tooMany(name);
      const unread = hits.filter(({ path, text }) => !changed.has(path) && word.test(text));
      const now: CodePlace[] = [];
      for (const path of changed) {
        for (const [index, text] of (yield* read(path)).split('\n').entries()) {
          if (word.test(text)) now.push({ path, line: index + 1 });
        }
      }
      return [...unread, ...now].sort(
        (a, b) => Number(a.path > b.path) - Number(a.path < b.path) || a.line - b.line,
      );
    },
    lines: find,
    edit: function* (path, edits) {
      if (edits.length === 0) return;
      allow(path);
      const before = yield* read(path);
      const { replacements, text } = toReplacements(before, edits);
      if (before.trim() === '') {
        const isBlank = text.trim() === '';
        yield* write(path, isBlank ? text : edits.map((edit) => edit.text).join(''));
        return;
      }
      for (const replacement of replacements)
        yield* callTool('edit_file', { path, ...replacement });
      texts.set(path, text);
      changed.add(path);
    },
    create: function* (path, text) {
      yield* write(path, lineEnding(text) === '\n' ? text : text.replaceAll('\r\n', '\n'));
    },
    insertHeader: function* (path, header) {
      allow(path);
      const result = yield* insertHeader(path, header);
      texts.delete(path);
      if (result.changed) changed.add(path);
      return result.reason ?? result.changed;
    },
    format: function* (path, only) {
      allow(path);
      const result = (yield* callTool('run_biome', {
        path,
        lint: false,
        ...(only && { only }),
      })) as Formatted;
      texts.delete(path);
      if (result.changed) changed.add(path);
      return result;
    },
  };
};

/** An identifier as a word of its own. */
export const wordOf = (name: string): RegExp =>
  new RegExp(`(?<![\\p{ID_Continue}$])${name.replaceAll('$', '\\$')}(?![\\p{ID_Continue}$])`, 'u');

/** Whether a line that a search shows may go on. */
const isCut = (text: string): boolean => text.length >= 300;

/** @throws Declined always */
export const tooMany = (text: string): never => {
  throw new Declined(
    `"${text}" occurs in more places than rules can look at (${mostAtOnce} lines of one file, ${mostLines} in all); name a folder as the scope`,
  );
};

/** So many readings of one file, each as long as the tool allows. */
const maxParts = 8;

function* readWhole(path: string): Script<string> {
  let text = '';
  for (let part = 0; part < maxParts; part += 1) {
    const from = text.split('\n').length;
    const args = from === 1 ? { path } : { path, from };
    const result = (yield* callTool('read_file', args)) as {
      readonly content: string;
      readonly truncated: boolean;
    };
    text += result.content;
    if (!result.truncated) return text;
    if (!result.content.endsWith('\n')) break;
  }
  throw new Declined(`${path} is too large for rules to read whole`);
}

const kinds = [
  '**/*.{md,markdown,mdx}',
  '**/*.{ts,tsx,mts,cts}',
  '**/*.{js,jsx,mjs,cjs}',
  '**/*.{vue,svelte,astro,html,htm}',
  '**/{package,tsconfig*,jsconfig*}.json',
];

/** Everything that may be read, or where that is too much for one listing the files it can change. */
export function* listTree(): Script<readonly string[]> {
  const all = yield* listed('**');
  if (all) return all;
  const paths: string[] = [];
  for (const kind of kinds) {
    const some = yield* listed(kind);
    if (!some) {
      throw new Declined(
        `there are more ${kind} files than rules can look at; name a folder as the scope`,
      );
    }
    paths.push(...some);
  }
  return paths;
}

/** So many lines one search finds, and so many are looked at for one text. */
const mostAtOnce = 500;
const mostLines = 5000;

/** Where a text occurs, by kinds of files where need be; `undefined` where too often to be looked at. */
export function* searchTree(
  text: string,
  pattern: string,
): Script<readonly SearchLine[] | undefined> {
  const all = yield* searchIn(text, pattern);
  if (all || pattern !== '**') return all;
  const lines: SearchLine[] = [];
  for (const kind of kinds) {
    const some = yield* searchIn(text, kind);
    if (!some) return undefined;
    lines.push(...some);
  }
  return lines;
}

/** In as many searches as that takes, each of which goes on behind the last file that was searched whole. */
function* searchIn(text: string, pattern: string): Script<readonly SearchLine[] | undefined> {
  const lines: SearchLine[] = [];
  while (lines.length < mostLines) {
    const after = lines.at(-1)?.path;
    const { matches, truncated, tooLarge } = (yield* callTool('search_text', {
      text,
      maxResults: mostAtOnce,
      ...(pattern !== '**' && { pattern }),
      ...(after !== undefined && { after }),
    })) as {
      readonly matches: readonly SearchLine[];
      readonly truncated: boolean;
      readonly tooLarge?: true;
    };
    if (!truncated) return [...lines, ...matches];
    const last = matches.at(-1)?.path;
    const whole = matches.filter(({ path }) => path !== last);
    if (tooLarge || matches.length < mostAtOnce || whole.length === 0) return undefined;
    lines.push(...whole);
  }
  return undefined;
}
