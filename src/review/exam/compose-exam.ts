// SPDX-License-Identifier: GPL-3.0-only
import type { Chores } from '../../chore/chores.ts';
import { loadModules } from '../../chore/modules.ts';
import { readAsked } from '../../chore/read-asked.ts';
import { sha256 } from '../../data/digest.ts';
import type { ExamKind, Truth } from '../schema.ts';
import { codeSpoils } from './code/spoil-code.ts';
import { noteWays, spoilNote } from './docs/spoil-notes.ts';
import type { Draft, Material, OwnSpoil, Spoil } from './draft.ts';
import type { ExamCase, ExamEdits, ExamFiles } from './exam-case.ts';
import { type ExamSource, openMaterials } from './materials.ts';
import { dress, foldersOf, type NightLooks } from './night-looks.ts';
import { type Random, seededRandom } from './seeded-random.ts';

export type ExamOptions = {
  readonly kind: ExamKind;
  readonly seed: number;
  /** Each brings its own ways to be done right and wrong. */
  readonly chores: Chores;
  /** Files that are plain enough are used; the rest is invented. */
  readonly sources?: readonly ExamSource[];
  /** What a night's own patches look like. */
  readonly looks?: NightLooks;
  /** What lies in the repository: what is invented stands beside it. */
  readonly paths?: readonly string[];
  /** Which chores on what material are meant; default: all. */
  readonly isMeant?: (chore: string, material: Material) => boolean;
  /** Spoils patches only in the ways that people may see; default: in all of them. */
  readonly shown?: boolean;
  /** How many patches of each truth; default 100. */
  readonly good?: number;
  readonly bad?: number;
};

/** Attempts per patch: not every chore can be done on every file, nor spoiled in every way. */
const mostAttempts = 400;

/** A chore done right, and what it was done on. */
type Made = {
  readonly chore: string;
  readonly material: Material;
  readonly base: ExamFiles;
  readonly draft: Draft;
};

type Spoiled = Pick<ExamCase, 'way' | 'edits'> & Partial<Pick<Draft, 'acceptance'>>;

/** Draws the half of the ways to be bad that people may see: each chore and each sort of mistake is in both. */
const shownSeed = 1207;

/** Whether a way to be bad is of that half: the same in each night and repository, for what is seen adds up. */
export const isShownWay = (way: string): boolean =>
  /[02468ace]$/.test(sha256(`${shownSeed} ${way.replace(/^\S+ /, '')}`));

/** The same patches for the same options, good and bad ones mixed. */
export const composeExam = async (options: ExamOptions): Promise<readonly ExamCase[]> => {
  const { kind, seed, chores, sources = [], looks, paths = [], good = 100, bad = 100 } = options;
  const { isMeant = () => true } = options;
  const all = [...chores.all.keys()].map((chore) => ({ chore }));
  const spoils = [...(await loadModules<Spoil | OwnSpoil>(all, chores, 'spoil'))];
  const random = seededRandom(seed);
  const materialFor = openMaterials(kind, sources, foldersOf(looks?.queue ?? [], kind), paths);
  const isDrawn = (way: string): boolean => !options.shown || isShownWay(way);
  const dressed = (id: string, truth: Truth, { draft, ...made }: Made, spoiled?: Spoiled) =>
    dress({ id, kind, truth, ...draft, ...made, ...spoiled }, { chores, random, looks });
  const inQueue = choresIn(looks?.queue ?? [], chores);
  const make = async (): Promise<Made | undefined> => {
    const material = materialFor(random);
    // Half of the time it is one that the queue asks for, where one of those can be done.
    const first = random.chance(0.5) ? inQueue : new Set();
    const order = random.shuffle(spoils);
    const sorted = order.toSorted(([a], [b]) => Number(first.has(b)) - Number(first.has(a)));
    for (const [chore, spoil] of sorted) {
      const draft = isMeant(chore, material) ? await spoil(material, random) : undefined;
      const base = draft?.base ?? material.files;
      if (draft && differs(draft.edits, base)) return { chore, material, base, draft };
    }
    return undefined;
  };
  const goodCase = async (id: string): Promise<ExamCase | undefined> => {
    const made = await make();
    return made && dressed(id, 'good', made);
  };
  const badCase = async (id: string, index: number): Promise<ExamCase | undefined> => {
    const made = await make();
    const spoiled =
      made && (index % 2 === 0 ? spoilChore : spoilAny)(made, index >> 1, isDrawn, random);
    return spoiled && isSpoiled(spoiled.edits, made)
      ? dressed(id, 'bad', made, spoiled)
      : undefined;
  };
  const from = random.int(1000);
  const cases: ExamCase[] = [];
  for (let index = 0; index < good; index += 1)
    cases.push(await persist(() => goodCase(`${kind}-good-${index}`)));
  for (let index = 0; index < bad; index += 1) {
    const at = (attempt: number) => from + index + 2 * Math.floor(attempt / 20);
    cases.push(await persist((attempt) => badCase(`${kind}-bad-${index}`, at(attempt))));
  }
  return random.shuffle(cases);
};

/** The chores that the specs of a queue ask for. */
const choresIn = (queue: NightLooks['queue'], chores: Chores): ReadonlySet<string> =>
  new Set(queue.flatMap((spec) => readAsked(spec, chores).asked.map(({ chore }) => chore)));

/** Not every chore can be done on every file, nor be spoiled in every way. */
const persist = async (
  make: (attempt: number) => Promise<ExamCase | undefined>,
): Promise<ExamCase> => {
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    const made = await make(attempt);
    if (made) return made;
  }
  throw new Error('no chore can be done and spoiled on the files of this exam');
};

type SpoilMade = (
  made: Made,
  index: number,
  isDrawn: (way: string) => boolean,
  random: Random,
) => Spoiled | undefined;

/** In one of the chore's own ways. */
const spoilChore: SpoilMade = ({ chore, draft }, _, isDrawn, random) => {
  const ways = Object.entries(draft.wrong).flatMap(([name, wrong]) => {
    const way = `${chore} ${name}`;
    return wrong && isDrawn(way) ? [{ way, ...('edits' in wrong ? wrong : { edits: wrong }) }] : [];
  });
  return ways.length > 0 ? random.pick(ways) : undefined;
};

/** In the next of those that spoil any patch. */
const spoilAny: SpoilMade = ({ material, base, draft: { edits } }, index, isDrawn, random) => {
  const ways = (material.is === 'note' ? noteWays : Object.keys(codeSpoils)).filter(isDrawn);
  const way = ways[index % ways.length] ?? '';
  const spoiled =
    material.is === 'note'
      ? spoilNote(material.note, { base, edits }, way, random)
      : codeSpoils[way]?.({ base, edits }, random);
  return spoiled && { way, edits: spoiled };
};

const differs = (edits: ExamEdits, from: ExamEdits): boolean =>
  [...edits].some(([path, text]) => from.get(path) !== text);

/** A patch that comes to nothing, or to the good one after all, would be no bad patch. */
const isSpoiled = (edits: ExamEdits, { base, draft: { edits: good } }: Made): boolean =>
  differs(edits, base) && (differs(edits, good) || differs(good, edits));
