// SPDX-License-Identifier: GPL-3.0-only
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { type InventedNote, inventNote } from '../notes/note.ts';
import type { Draw } from '../notes/random.ts';
import { rowOf } from '../notes/row-of.ts';

const acceptance = [
  'The frontmatter of every note is normalised',
  'The body of every note is unchanged',
];

/** Notes that rules can work and have to, since nothing is said of one that is as it should be; no question is asked twice. */
export const inventNotes = (draw: Draw): ((count: number) => Promise<readonly InventedNote[]>) => {
  const asked = new Set<string>();
  return async (count) => {
    const notes: InventedNote[] = [];
    while (notes.length < count) {
      const note = inventNote(draw);
      const made = await rowOf(note, { acceptance, rules: {} });
      if (typeof made === 'string') continue;
      const [, { content: question }] = made.row.prompt;
      const [{ content: answer }] = made.row.completion;
      if (asked.has(question) || isAsItShouldBe(answer)) continue;
      asked.add(question);
      notes.push(note);
    }
    return notes;
  };
};

const isAsItShouldBe = (answer: string): boolean =>
  /^\{"title":"kept","tags":"(?:kept|nothing)"\}$/.test(answer);

/** Writes notes below a folder of a repository, each in a folder of its own. Returns their paths. */
export const writeNotes = async (
  repo: string,
  folder: string,
  notes: readonly InventedNote[],
): Promise<readonly string[]> => {
  const paths = notes.map(({ path }, at) => `${folder}/${at}/${path.split('/').at(-1)}`);
  for (const [at, { text }] of notes.entries()) {
    const file = join(repo, paths[at] ?? '');
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return paths;
};

/** Writes specs for notes into a folder, so many notes to a spec. */
export const writeSpecs = async (
  folder: string,
  name: string,
  paths: readonly string[],
  notesOfSpec: number,
): Promise<void> => {
  await mkdir(folder, { recursive: true });
  for (let at = 0; at < paths.length; at += notesOfSpec) {
    const spec = {
      title: 'Normalise the frontmatter of the notes',
      flow: 'docops',
      scope: paths.slice(at, at + notesOfSpec).map(literal),
      acceptance,
    };
    await writeFile(join(folder, `${name}-${at / notesOfSpec}.yaml`), stringify(spec));
  }
};

/** A path as a glob that means it alone. */
const literal = (path: string): string => path.replaceAll(/[*?{}[\]\\]/g, '?');
