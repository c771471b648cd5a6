// SPDX-License-Identifier: GPL-3.0-only
import { lineEnding, type TextEdit, toReplacements } from './edits.ts';
import { isSource } from './syntax.ts';
import { callTool, Declined, type Script } from './tool-script.ts';

/** What a chore works with: the files as they are now, each asked for once. */
export type WorkingTree = {
  /** Paths that may be read, sorted. */
  readonly files: () => Script<readonly string[]>;
  readonly read: (path: string) => Script<string>;
  /** Paths of the files whose text contains these characters. */
  readonly containing: (text: string) => Script<readonly string[]>;
  /** The lines that contain these characters; `undefined` when there are too many to see. */
  readonly lines: (text: string) => Script<readonly TextLine[] | undefined>;
  readonly mayWrite: (path: string) => boolean;
  /** @throws Declined when the path is not one the spec lets it change. */
  readonly edit: (path: string, edits: readonly TextEdit[]) => Script<void>;
  readonly create: (path: string, text: string) => Script<void>;
  /** Returns whether the file changed, or why it can take no header. */
  readonly insertHeader: (path: string, header: Header) => Script<boolean | string>;
  readonly changed: () => readonly string[];
};

/** `licence` where it is enough that a file names it, in whatever words. */
type Header = { readonly text: string; readonly licence?: string };

export type TextLine = { readonly path: string; readonly line: number; readonly text: string };

/** Opens the files for changes; `mayWrite` says which paths the spec lets it change. */
export const openWorkingTree = (mayWrite: (path: string) => boolean): WorkingTree => {
  const texts = new Map<string, string>();
  const searches = new Map<string, readonly TextLine[] | undefined>();
  const changed = new Set<string>();
  let listing: readonly string[] | undefined;

  const allow = (path: string): void => {
    if (!mayWrite(path))
      throw new Declined(`${path} would have to change, but it is outside the scope`);
  };
  const find = function* (text: string): Script<readonly TextLine[] | undefined> {
    if (!searches.has(text)) searches.set(text, yield* search(text));
    return searches.get(text);
  };
  const files = function* (): Script<readonly string[]> {
    listing ??= yield* list();
    return [...new Set([...listing, ...texts.keys()])].sort();
  };
  const read = function* (path: string): Script<string> {
    const cached = texts.get(path);
    if (cached !== undefined) return cached;
    const text = yield* readWhole(path);
    texts.set(path, text);
    return text;
  };
  const write = function* (path: string, content: string): Script<void> {
    allow(path);
    yield* callTool('write_file', { path, content });
    texts.set(path, content);
    changed.add(path);
  };
  return {
    read,
    mayWrite,
    changed: () => [...changed].sort(),
    files,
    containing: function* (text) {
      const hits = yield* find(text);
      const candidates = hits?.map(({ path }) => path) ?? (yield* files()).filter(isSource);
      const now = new Set([...candidates, ...changed]);
      return [...now].filter((path) => texts.get(path)?.includes(text) ?? true).sort();
    },
    lines: find,
    edit: function* (path, edits) {
      if (edits.length === 0) return;
      allow(path);
      const before = yield* read(path);
      if (before.trim() === '') {
        yield* write(path, edits.map(({ text }) => text).join(''));
        return;
      }
      const { replacements, text } = toReplacements(before, edits);
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
      const result = (yield* callTool('insert_header', { path, ...header })) as {
        readonly changed: boolean;
        readonly reason?: string;
      };
      texts.delete(path);
      if (result.changed) changed.add(path);
      return result.reason ?? result.changed;
    },
  };
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
  throw new Declined(`${path} is too large to be read whole`);
}

const kinds = [
  '**/*.{md,markdown,mdx}',
  '**/*.{ts,tsx,mts,cts}',
  '**/*.{js,jsx,mjs,cjs}',
  '**/{package,tsconfig}.json',
];

/** Everything that may be read, or where that is too much for one listing the files it can change. */
function* list(): Script<readonly string[]> {
  const all = yield* listOf('**');
  if (all) return all;
  const paths: string[] = [];
  for (const kind of kinds) {
    const some = yield* listOf(kind);
    if (!some) throw new Declined(`there are more ${kind} files than one listing shows`);
    paths.push(...some);
  }
  return paths;
}

function* listOf(pattern: string): Script<readonly string[] | undefined> {
  const result = (yield* callTool('list_files', { pattern })) as {
    readonly files: readonly string[];
    readonly truncated: boolean;
  };
  return result.truncated ? undefined : result.files;
}

/** Where a text occurs; `undefined` where one search cannot show it all. */
function* search(text: string): Script<readonly TextLine[] | undefined> {
  const result = (yield* callTool('search_text', { text, maxResults: 500 })) as {
    readonly matches: readonly TextLine[];
    readonly truncated: boolean;
  };
  return result.truncated ? undefined : result.matches;
}
