// SPDX-License-Identifier: GPL-3.0-only
import type { Json } from '../data/digest.ts';
import type { Asked } from '../spec/asked.ts';
import type { Spec } from '../spec/schema.ts';
import { compileScope } from '../spec/scope.ts';
import { callTool, Declined, type Script } from './script.ts';

/** Texts by path; `undefined`: there is no such file. */
export type Texts = ReadonlyMap<string, string | undefined>;

export type Side = 'base' | 'patched';

/** A patch as a judge meets it. */
export type PatchView = {
  /** The changed paths, sorted, with their texts before and after. */
  readonly paths: readonly string[];
  readonly base: Texts;
  readonly patched: Texts;
  /** The files that were to be worked, changed or not; none where the whole scope was. */
  readonly worked: readonly string[];
  readonly spec: Spec;
  readonly asked: readonly Asked[];
  /** What the nodes before said, by their ids. */
  readonly outputs: Readonly<Record<string, { readonly result?: Json | undefined }>>;
  /** What the reviewing node gets beside them, such as `firstCommitDates`. */
  readonly with?: Readonly<Record<string, Json>> | undefined;
  /** Any other file that may be read; `undefined` where there is none. */
  readonly read: (path: string, side?: Side) => Script<string | undefined>;
  /** Paths of the patched tree that may be read, sorted. */
  readonly files: () => Script<readonly string[]>;
  /** Those among them whose text contains these characters. */
  readonly containing: (text: string) => Script<readonly string[]>;
};

/** What a judge makes of what is asked: the texts with this chore undone or done, and what is wrong. */
export type Judgement = { readonly texts?: Texts; readonly findings: readonly string[] };

/**
 * `judge` of a chore's judge.ts takes its change back out of the texts; once every chore has, the base must
 * be left, byte for byte. `redo` of its redo.ts does the change again on the texts, and what the chore
 * leaves open (a place, a way to quote) it may take from the patch; in the end the patched texts must have
 * come out. Neither may change a text for any other reason. Both say what the chore's contract forbids.
 */
export type Judge<Args> = (
  args: Args,
  patch: PatchView,
  texts: Texts,
) => Judgement | Script<Judgement>;

/** Whether a chore's `files` mean a path; without them every path in scope is meant. */
export const coveredBy = (files: readonly string[] | undefined): ((path: string) => boolean) =>
  files === undefined || files.length === 0 ? () => true : compileScope(files);

/** So many files that a patch leaves alone are looked at, and only where so many readings are left. */
const mostOthers = 40;
const mostReadings = 380;

/**
 * The texts of the files in scope that are meant and not changed, to see what was left undone; of those
 * without `mark`, where one is given. What the worker says that it left is for a person to see. None where
 * they are too many to be looked at one by one.
 */
export function* readOthers(
  { paths, patched, spec, outputs, files, containing, read }: PatchView,
  isMeant: (path: string) => boolean,
  mark?: string,
): Script<ReadonlyMap<string, string>> {
  const inScope = compileScope(spec.scope);
  const named = new Set(Object.values(outputs).flatMap(({ result }) => leftIn(result)));
  const meant = ((yield* orNothing(files())) ?? []).filter(
    (path) => inScope(path) && isMeant(path) && !patched.has(path) && !named.has(path),
  );
  const marked = mark === undefined || meant.length === 0 ? [] : yield* orNothing(containing(mark));
  const others = meant.filter((path) => !marked?.includes(path));
  const texts = new Map<string, string>();
  const isMany = others.length >= mostOthers || others.length + 2 * paths.length > mostReadings;
  if (!marked || isMany) return texts;
  for (const path of others) {
    const text = yield* orNothing(read(path));
    if (text !== undefined) texts.set(path, text);
  }
  return texts;
}

/** The paths that a result names as left. */
const leftIn = (result: Json | undefined): readonly string[] => {
  const { left = [] } = (result ?? {}) as { readonly left?: unknown };
  return Array.isArray(left) ? left.flatMap(({ path }) => path ?? []) : [];
};

/** What is to be said of meant files that the patch leaves alone though they lack what is asked. */
export function* undoneIn(
  patch: PatchView,
  isMeant: (path: string) => boolean,
  lacks: (path: string, text: string) => boolean,
  mark?: string,
): Script<readonly string[]> {
  const findings: string[] = [];
  for (const [path, text] of yield* readOthers(patch, isMeant, mark)) {
    try {
      if (lacks(path, text)) findings.push(`${path}: what is asked was not done here`);
    } catch (error) {
      if (!(error instanceof Declined)) throw error;
    }
  }
  return findings;
}

/** What cannot be looked at is left out. */
function* orNothing<T>(script: Script<T>): Script<T | undefined> {
  try {
    return yield* script;
  } catch (error) {
    if (error instanceof Declined) return undefined;
    throw error;
  }
}

/** A whole text, in as many readings as the tool needs. @throws Declined where it cannot be read whole. */
export function* readWhole(path: string, side: Side): Script<string> {
  let text = '';
  for (let from = 1; ; from = text.split('\n').length) {
    const { content, truncated } = (yield* callTool('read_file', { path, side, from })) as {
      readonly content: string;
      readonly truncated: boolean;
    };
    text += content;
    if (!truncated) return text;
    if (!content.endsWith('\n')) throw new Declined(`${path} has a line too long to read`);
  }
}

/** What a judge may look at beside the patch, each thing asked for once. */
export const openReach = (
  base: Texts,
  patched: Texts,
): Pick<PatchView, 'files' | 'read' | 'containing'> => {
  const texts = new Map<string, string | undefined>();
  const searches = new Map<string, readonly string[]>();
  let listing: ReadonlySet<string> | 'too long' | undefined;
  const all = function* (): Script<ReadonlySet<string> | 'too long'> {
    if (listing !== undefined) return listing;
    const paths = yield* listed('**');
    listing = paths ? new Set(paths) : 'too long';
    return listing;
  };
  const files = function* (): Script<readonly string[]> {
    const paths = yield* all();
    if (paths !== 'too long') return [...paths];
    throw new Declined('the scope is too large for rules to review; name the folder in the scope');
  };
  const isThere = function* (path: string): Script<boolean> {
    const paths = yield* all();
    if (paths !== 'too long') return paths.has(path);
    return ((yield* listed(path.replace(/[*?[\]{}\\]/g, '\\$&'))) ?? []).includes(path);
  };
  return {
    files,
    read: function* (path, side = 'patched') {
      const changed = side === 'base' ? base : patched;
      if (changed.has(path)) return changed.get(path);
      if (!texts.has(path)) {
        const text = (yield* isThere(path)) ? yield* readWhole(path, 'patched') : undefined;
        texts.set(path, text);
      }
      return texts.get(path);
    },
    containing: function* (text) {
      const cached = searches.get(text);
      if (cached) return cached;
      const paths = yield* pathsWith(text);
      searches.set(text, paths);
      return paths;
    },
  };
};

/** So many lines one search finds, and so many are looked through for one text. */
const mostAtOnce = 500;
const mostMatches = 5000;

/** The files that contain a text, in as many searches as that takes. @throws Declined where it is in too many. */
function* pathsWith(text: string): Script<readonly string[]> {
  const paths: string[] = [];
  for (let count = 0; count < mostMatches; ) {
    const { matches, truncated } = (yield* callTool('search_text', {
      text,
      maxResults: mostAtOnce,
      ...(paths.length > 0 && { after: paths.at(-1) ?? '' }),
    })) as {
      readonly matches: readonly { readonly path: string }[];
      readonly truncated: boolean;
    };
    paths.push(...new Set(matches.map(({ path }) => path)));
    if (!truncated) return paths;
    // One that ends with fewer has passed a file that is too large to be searched.
    if (matches.length < mostAtOnce) break;
    count += matches.length;
  }
  throw new Declined(`"${text}" occurs in more places than rules can look at`);
}

/** So many files are listed at most. */
const mostListed = 10_000;

/** The paths a glob matches, in as many listings as that takes; `undefined` where there are too many. */
export function* listed(pattern: string): Script<readonly string[] | undefined> {
  const paths: string[] = [];
  for (let after = ''; paths.length < mostListed; after = paths.at(-1) ?? '') {
    const { files, truncated } = (yield* callTool('list_files', {
      pattern,
      ...(after !== '' && { after }),
    })) as { readonly files: readonly string[]; readonly truncated: boolean };
    paths.push(...files);
    if (!truncated) return paths;
  }
  return undefined;
}
