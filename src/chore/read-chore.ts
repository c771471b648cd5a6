// SPDX-License-Identifier: GPL-3.0-only
import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { moduleName } from '../data/found-modules.ts';
import { installationFolder } from '../data/installation.ts';
import { type PlacedDocument, parsePlaced } from '../data/read-document.ts';
import { UserError } from '../data/user-error.ts';
import { standardPhrases } from './phrases.ts';
import { readers } from './read/readers.ts';
import { readSentence, type Saying } from './read-sentence.ts';
import { type ChoreManifest, choreSchema } from './schema.ts';
import { compileTemplate, type SentencePattern, TemplateMistake } from './template.ts';

/** A chore's folder, read and validated. */
export type Chore = {
  readonly manifest: ChoreManifest;
  readonly folder: string;
  /** Whether it comes with Pantheon; others are a repository's own. */
  readonly ships: boolean;
  /** Names of its manifest and of the modules beside it. */
  readonly files: ReadonlySet<string>;
  readonly sayings: readonly Saying[];
  /** What is said much like it, and is told how to ask for it. */
  readonly near: readonly Saying[];
};

const shippedFolder = join(installationFolder, 'chores', sep);

type Placed = PlacedDocument<ChoreManifest>;

/** A chore, with the texts of its manifest and modules. @throws UserError with the place of a mistake. */
export const readChore = (
  folder: string,
): { readonly chore: Chore; readonly texts: ReadonlyMap<string, string> } => {
  const texts = new Map(
    readdirSync(folder)
      .sort()
      .filter((name) => name === 'chore.yaml' || moduleName(name) !== undefined)
      .map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );
  const source = { name: join(folder, 'chore.yaml'), text: texts.get('chore.yaml') ?? '' };
  const placed = parsePlaced(source, choreSchema);
  const sayings = compileAll(placed, 'sentences');
  const near = compileAll(placed, 'near');
  const ships = folder.startsWith(shippedFolder);
  // Of those that ship, tests see to it: this is most of the time that opening them takes.
  if (!ships) {
    refuseMany(placed, [...sayings, ...near]);
    refuseStrangeExamples(placed, sayings);
  }
  const files = new Set(texts.keys());
  return { chore: { manifest: placed.data, folder, ships, files, sayings, near }, texts };
};

const compileAll = ({ data, placeOf }: Placed, key: 'sentences' | 'near'): readonly Saying[] => {
  const phrases = { ...standardPhrases, ...data.phrases };
  return data[key].map((entry, index): Saying => {
    const { say, args } = typeof entry === 'string' ? { say: [entry], args: {} } : entry;
    return {
      args,
      ways: say.flatMap((template, at) => {
        const path = [key, index, ...(typeof entry === 'string' ? [] : ['say', at])];
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

/** So many steps of its sentences are walked in good time for each character of a text. */
const mostSteps = 5000;

const refuseMany = ({ placeOf }: Placed, sayings: readonly Saying[]): void => {
  const ways = sayings.flatMap((saying) => saying.ways);
  const count = ways.reduce((sum, { steps }) => sum + steps().length, 0);
  if (count <= mostSteps) return;
  throw new UserError(
    `sentences: have ${count} words and choices, of which ${mostSteps} are matched in good time. Write fewer`,
    { place: placeOf(['sentences']) },
  );
};

/** An example that nothing reads would send people astray. */
const refuseStrangeExamples = ({ data, placeOf }: Placed, sayings: readonly Saying[]): void => {
  for (const [index, example] of data.examples.entries()) {
    if (readSentence(new Map([[data.name, sayings]]), example)) continue;
    throw new UserError(
      `examples.${index}: none of the chore's sentences reads "${example}". Add one that does, or correct it`,
      { place: placeOf(['examples', index]) },
    );
  }
};
