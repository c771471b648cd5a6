// SPDX-License-Identifier: GPL-3.0-only
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openChores } from '../../src/chore/chores.ts';
import { loadModules } from '../../src/chore/modules.ts';
import { installationFolder } from '../../src/data/installation.ts';
import { codeSpoils } from '../../src/review/exam/code/spoil-code.ts';
import { noteWays, spoilNote } from '../../src/review/exam/docs/spoil-notes.ts';
import type { Draft, Material, Spoil } from '../../src/review/exam/draft.ts';
import type { ExamCase, ExamEdits } from '../../src/review/exam/exam-case.ts';
import { type ExamSource, openMaterials } from '../../src/review/exam/materials.ts';
import { dress } from '../../src/review/exam/night-looks.ts';
import { type Random, seededRandom } from '../../src/review/exam/seeded-random.ts';
import type { ExamKind } from '../../src/review/schema.ts';

/** A chore done right or wrong; `way` says which chore, and how it is wrong. */
export type MadePatch = { readonly chore: string; readonly way: string; readonly case: ExamCase };

/** Attempts to find material for each round of a chore. */
const mostAttempts = 200;

/**
 * For each chore that says how it can be spoiled, so many drafts, each good once and wrong in all of its own
 * ways, and in a few of those that spoil any patch. An exam draws half of the ways; here none is left out.
 */
export const spoiledPatches = async (
  kind: ExamKind,
  seed: number,
  rounds: number,
): Promise<readonly MadePatch[]> => {
  const chores = openChores();
  const all = [...chores.all.keys()].map((chore) => ({ chore }));
  const spoils = await loadModules<Spoil>(all, chores, 'spoil');
  const materialFor = openMaterials(kind, sources(kind), [], []);
  const made: MadePatch[] = [];
  for (const [chore, spoil] of spoils) {
    const random = seededRandom(seed);
    for (let round = 0; round < rounds; round += 1) {
      const drafted = draft(spoil, () => materialFor(random), random);
      if (!drafted) break;
      const { material, ...one } = drafted;
      const base = one.draft.base ?? material.files;
      const add = (way: string, patch: Pick<Draft, 'edits'> & Partial<Draft>): void => {
        if (way !== '' && !isSpoiled(patch.edits, base, one.draft.edits)) return;
        const id = `${kind}-${made.length}`;
        const truth = way === '' ? 'good' : 'bad';
        const { wrong: _, ...whole } = { ...one.draft, ...patch };
        const dressing = { chores, random, looks: undefined };
        const dressed = dress({ id, kind, truth, chore, material, ...whole, base, way }, dressing);
        made.push({ chore, way, case: dressed });
      };
      add('', one.draft);
      for (const [way, wrong] of Object.entries(one.draft.wrong))
        if (wrong) add(way, 'edits' in wrong ? wrong : { edits: wrong });
      for (const [way, edits] of spoiledAnyway(material, base, one.draft, random))
        add(`any ${way}`, { edits });
    }
  }
  return made;
};

const draft = (spoil: Spoil, next: () => Material, random: Random) => {
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    const material = next();
    const made = spoil(material, random);
    const base = made?.base ?? material.files;
    if (made && differs(made.edits, base)) return { material, draft: made };
  }
  return undefined;
};

const differs = (edits: ExamEdits, from: ExamEdits): boolean =>
  [...edits].some(([path, text]) => from.get(path) !== text);

/** What comes to nothing, or to the good patch after all, is not spoiled. */
const isSpoiled = (edits: ExamEdits, base: ExamEdits, good: ExamEdits): boolean =>
  differs(edits, base) && (differs(edits, good) || differs(good, edits));

/** Three of the ways to spoil any patch. */
const spoiledAnyway = (
  material: Material,
  base: Material['files'],
  { edits }: Draft,
  random: Random,
): readonly (readonly [string, ExamEdits])[] => {
  const ways = material.is === 'note' ? noteWays : Object.keys(codeSpoils);
  return random
    .shuffle(ways)
    .map((way): readonly [string, ExamEdits | undefined] => [
      way,
      material.is === 'note'
        ? spoilNote(material.note, { base, edits }, way, random)
        : codeSpoils[way]?.({ base, edits }, random),
    ])
    .filter((one): one is [string, ExamEdits] => one[1] !== undefined)
    .slice(0, 3);
};

/** Files of this repository, as an exam takes some of its repository. */
const sources = (kind: ExamKind): readonly ExamSource[] => {
  const [folder, ending] = kind === 'docs' ? ['examples/vault', '.md'] : ['src/spec', '.ts'];
  const names = readdirSync(join(installationFolder, folder), {
    recursive: true,
    encoding: 'utf8',
  });
  return names
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(installationFolder, folder, path), 'utf8') }));
};
