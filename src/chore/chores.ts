// SPDX-License-Identifier: GPL-3.0-only
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf, type Json, sha256 } from '../data/digest.ts';
import { moduleName } from '../data/found-modules.ts';
import { installationFolder } from '../data/installation.ts';
import { memoise } from '../data/memoise.ts';
import { parsePlaced } from '../data/read-document.ts';
import { UserError } from '../data/user-error.ts';
import { type Arguments, type Asked, readAskedText } from '../spec/asked.ts';
import { nearestExample } from './nearest-example.ts';
import { standardPhrases } from './phrases.ts';
import { readers } from './read/readers.ts';
import { type ChoreManifest, choreSchema } from './schema.ts';
import { clausesOf, plainSentence, type Sentence, unquote } from './sentence.ts';
import { compileTemplate, type SentencePattern, TemplateMistake } from './template.ts';

type Say = { readonly ways: readonly SentencePattern[]; readonly args: Arguments };

/** A chore's folder, read and validated. */
export type Chore = {
  readonly manifest: ChoreManifest;
  readonly folder: string;
  /** Names of its manifest and of the modules beside it. */
  readonly files: ReadonlySet<string>;
  readonly sentences: readonly Say[];
};

/** All chores that may be asked for, and what reads a sentence as such. */
export type Chores = {
  readonly all: ReadonlyMap<string, Chore>;
  /** sha256 over the manifests and modules of all of them. */
  readonly digest: string;
  /**
   * What a sentence asks, which may join several ("... and nothing else changes"), in order;
   * `undefined` as soon as one part is not understood.
   */
  readonly read: (sentence: string) => readonly Asked[] | undefined;
  /** The example that shares most words with a sentence, if any does. */
  readonly nearest: (sentence: string) => string | undefined;
};

const open = memoise(20, (key): Chores => {
  const folders: readonly string[] = JSON.parse(key);
  const all = new Map<string, Chore>();
  const digests: Record<string, string> = {};
  for (const folder of folders.flatMap(choreFolders)) {
    const chore = readChore(folder, digests);
    const other = all.get(chore.manifest.name);
    if (other) {
      throw new UserError(
        `the chore "${chore.manifest.name}" is in ${other.folder} too; rename one of them`,
        { place: { file: join(folder, 'chore.yaml') } },
      );
    }
    all.set(chore.manifest.name, chore);
  }
  const examples = [...all.values()].flatMap(({ manifest }) => manifest.examples);
  return {
    all,
    digest: digestOf(digests),
    read: memoise(1000, (sentence) => readSentence([...all.values()], sentence)),
    nearest: (sentence) => nearestExample(examples, sentence),
  };
});

/**
 * The chores that ship and those of further folders, each `<folder>/<name>/chore.yaml`; folders that do
 * not exist are passed over. @throws UserError with the place of a mistake, or on a name that stands twice.
 */
export const openChores = (folders: readonly string[] = []): Chores =>
  open(JSON.stringify([join(installationFolder, 'chores'), ...folders]));

/** Opens chores where they are asked for: much of a night needs none of them. */
export type OpenChores = () => Promise<Chores>;

/** Those that ship. */
export const shippedChores: OpenChores = async () => openChores();

const namesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
};

const choreFolders = (folder: string): readonly string[] =>
  namesIn(folder)
    .map((name) => join(folder, name))
    .filter((path) => namesIn(path).includes('chore.yaml'));

const readChore = (folder: string, digests: Record<string, string>): Chore => {
  const files = namesIn(folder);
  const texts = new Map(
    files
      .filter((name) => name === 'chore.yaml' || moduleName(name) !== undefined)
      .map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );
  const source = { name: join(folder, 'chore.yaml'), text: texts.get('chore.yaml') ?? '' };
  const { data: manifest, placeOf } = parsePlaced(source, choreSchema);
  const phrases = { ...standardPhrases, ...manifest.phrases };
  const sentences = manifest.sentences.map((entry, index): Say => {
    const { say, args } = typeof entry === 'string' ? { say: [entry], args: {} } : entry;
    return {
      args,
      ways: say.flatMap((template, at) => {
        const path = ['sentences', index, ...(typeof entry === 'string' ? [] : ['say', at])];
        try {
          return compileChecked(template, phrases);
        } catch (cause) {
          if (!(cause instanceof TemplateMistake)) throw cause;
          throw new UserError(`${path.join('.')}: ${cause.message}`, {
            place: placeOf(path),
            cause,
          });
        }
      }),
    };
  });
  for (const [name, text] of texts) digests[`${manifest.name}/${name}`] = sha256(text);
  return { manifest, folder, files: new Set(texts.keys()), sentences };
};

const compileChecked = (
  template: string,
  phrases: Readonly<Record<string, string>>,
): readonly SentencePattern[] => {
  const ways = compileTemplate(template, phrases);
  const stranger = ways
    .flatMap(({ places }) => places)
    .find(({ reader }) => !Object.hasOwn(readers, reader));
  if (!stranger) return ways;
  const names = Object.keys(readers).join(', ');
  throw new TemplateMistake(`no reader is called "${stranger.reader}"; there are ${names}`, 0);
};

/** Beyond this a sentence is a paragraph; the bound also keeps matching fast on hostile input. */
const maxPlainLength = 240;

const readSentence = (chores: readonly Chore[], sentence: string): readonly Asked[] | undefined => {
  const exact = readAskedText(sentence);
  if (exact)
    return chores.some(({ manifest }) => manifest.name === exact.chore) ? [exact] : undefined;
  const plain = plainSentence(sentence);
  const whole = readClause(chores, plain);
  if (whole) return [whole];
  return clausesOf(plain, (clause) => readClause(chores, clause));
};

/** Of several chores the one that explains most of the clause by words of its own. */
const readClause = (chores: readonly Chore[], clause: Sentence): Asked | undefined => {
  if (clause.text.length > maxPlainLength) return undefined;
  let best: (Asked & { readonly caught: number }) | undefined;
  for (const { manifest, sentences } of chores) {
    const match = firstMatch(sentences, clause);
    if (match && match.caught < (best?.caught ?? Number.POSITIVE_INFINITY)) {
      best = { chore: manifest.name, ...match };
    }
  }
  return best && { chore: best.chore, args: best.args };
};

type Caught = { readonly args: Arguments; readonly caught: number };

const firstMatch = (sentences: readonly Say[], clause: Sentence): Caught | undefined => {
  for (const { ways, args } of sentences) {
    for (const way of ways) {
      const match = matchWay(way, clause);
      if (match) return { args: { ...match.args, ...args }, caught: match.caught };
    }
  }
  return undefined;
};

/** Places that cannot be read get another cut, the first of them longer: "give | every page | a title". */
const mostCuts = 8;

const matchWay = ({ pattern, places }: SentencePattern, clause: Sentence): Caught | undefined => {
  let shortest = pattern;
  for (let cut = 0; cut < mostCuts; cut += 1) {
    const match = shortest.exec(clause.text);
    if (!match) return undefined;
    const texts = match.slice(1);
    const args = argumentsOf(places, texts, clause);
    if (args) {
      const caught = texts.reduce((sum, text) => sum + unquote(text, clause).length, 0);
      return { args, caught };
    }
    if (places.length < 2) return undefined;
    const longer = `(.{${(texts[0] ?? '').length + 1},}?)`;
    shortest = new RegExp(
      pattern.source.replace('(.+?)', () => longer),
      'i',
    );
  }
  return undefined;
};

const argumentsOf = (
  places: SentencePattern['places'],
  texts: readonly string[],
  clause: Sentence,
): Arguments | undefined => {
  const args: Record<string, Json> = {};
  for (const [index, { argument, reader }] of places.entries()) {
    const value = readers[reader]?.read((texts[index] ?? '').trim(), clause);
    if (value === undefined) return undefined;
    if (argument === '...') Object.assign(args, value);
    // No globs are all files in scope, which need no saying.
    else if (!(Array.isArray(value) && value.length === 0)) args[argument] = value;
  }
  return args;
};
