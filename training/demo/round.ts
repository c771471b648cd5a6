// SPDX-License-Identifier: GPL-3.0-only
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import type { JsonSchema } from '../../src/agent/envelope-schema.ts';
import { shippedChores } from '../../src/chore/chores.ts';
import { openEngine } from '../../src/engine/open.ts';
import { type InventedNote, inventNote } from '../notes/note.ts';
import type { Draw } from '../notes/random.ts';
import { type InventedRow, rowOf } from '../notes/row-of.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');

/** What a night's units became, by the path of their note. */
export type NightResult = { readonly approved: readonly string[]; readonly red: readonly string[] };

const acceptance = [
  'The frontmatter of every note is normalised',
  'The body of every note is unchanged',
];
const notesOfSpec = 5;

/** A repository with profiles for the model at a path and for rules alone, and no note yet. */
export const beginRepository = async (repo: string): Promise<void> => {
  await mkdir(repo, { recursive: true });
  await run('git', ['init', '--quiet', '--initial-branch=main', repo]);
  for (const [key, value] of [
    ['user.name', 'Demo'],
    ['user.email', 'demo@localhost'],
    ['commit.gpgSign', 'false'],
  ]) {
    await run('git', ['-C', repo, 'config', key ?? '', value ?? '']);
  }
};

type Workable = {
  readonly note: InventedNote;
  readonly row: InventedRow;
  readonly schema: JsonSchema;
};

/** A note that rules can work and have to: of one that is as it should be nothing would be said. */
const workable = async (draw: Draw): Promise<Workable> => {
  for (;;) {
    const note = inventNote(draw);
    const made = await rowOf(note, { acceptance, rules: {} });
    if (typeof made === 'string') continue;
    const [{ content }] = made.row.completion;
    if (!/^\{"title":"kept","tags":"(?:kept|nothing)"\}$/.test(content)) return { note, ...made };
  }
};

/** What judges a model: so many notes that no night works. */
export const freshNotes = async (draw: Draw, count: number): Promise<readonly Workable[]> => {
  const notes: Workable[] = [];
  while (notes.length < count) notes.push(await workable(draw));
  return notes;
};

/** The share of notes that a model picks right, held to the names as at night. */
export const shareRight = async (model: string, notes: readonly Workable[]): Promise<number> => {
  const engine = await openEngine(
    { engine: 'llama', model, dialect: 'decision', slots: 1 },
    { folder: '', setting: 'demo', chores: shippedChores },
  );
  const { signal } = new AbortController();
  let right = 0;
  try {
    for (const { row, schema } of notes) {
      const asked = { messages: row.prompt, schema, maxTokens: 64, temperature: 0, signal };
      const { text } = await engine.complete({ ...asked, idleTimeoutMs: 60_000 });
      if (text === row.completion[0].content) right += 1;
    }
  } finally {
    await engine.close();
  }
  return right / notes.length;
};

/** Commits fresh notes below a folder, and the model that picks in this round. Returns the paths of the notes. */
export const addNotes = async (
  repo: string,
  {
    folder,
    count,
    model,
    draw,
  }: {
    readonly folder: string;
    readonly count: number;
    readonly model: string;
    readonly draw: Draw;
  },
): Promise<readonly string[]> => {
  const reviewers = ['by-acceptance', 'by-redoing'].map((rules) => ({ engine: 'rules', rules }));
  const rules = { default: { engine: 'rules' }, 'review.peer': reviewers };
  const picker = { engine: 'llama', model, dialect: 'decision', slots: 4 };
  const config = {
    profile: 'picker',
    profiles: { rules, picker: { ...rules, 'doc.frontmatter': picker } },
    gate: { maxOpen: 10_000 },
  };
  await writeFile(join(repo, 'pantheon.yaml'), stringify(config));
  const paths: string[] = [];
  while (paths.length < count) {
    const { note } = await workable(draw);
    const path = `${folder}/${Math.floor(paths.length / notesOfSpec)}/${paths.length}/${note.path.split('/').at(-1)}`;
    await mkdir(dirname(join(repo, path)), { recursive: true });
    await writeFile(join(repo, path), note.text);
    paths.push(path);
  }
  await run('git', ['-C', repo, 'add', '--all']);
  await run('git', ['-C', repo, 'commit', '--quiet', '--message', folder]);
  return paths;
};

/** Works notes by a profile in one night, a few to a spec. */
export const workNotes = async (
  repo: string,
  {
    name,
    date,
    profile,
    paths,
  }: {
    readonly name: string;
    readonly date: string;
    readonly profile: string;
    readonly paths: readonly string[];
  },
): Promise<NightResult> => {
  const specs = join(dirname(repo), `specs-${name}`);
  await rm(specs, { recursive: true, force: true });
  await mkdir(specs);
  for (let at = 0; at < paths.length; at += notesOfSpec) {
    const spec = {
      title: 'Normalise the frontmatter of the notes',
      flow: 'docops',
      scope: paths.slice(at, at + notesOfSpec).map(literal),
      acceptance,
    };
    await writeFile(join(specs, `${name}-${at / notesOfSpec}.yaml`), stringify(spec));
  }
  const args = [
    'night',
    '--repo',
    repo,
    '--specs',
    specs,
    '--profile',
    profile,
    '--date',
    date,
    '--json',
  ];
  const { stdout } = await run(join(root, 'bin/pantheon'), args, {
    maxBuffer: 2 ** 28,
    env: { ...process.env, PANTHEON_STATE: join(dirname(repo), 'state') },
  });
  const summary = JSON.parse(stdout);
  const units: readonly { readonly state: string; readonly paths: readonly string[] }[] =
    summary.specs.flatMap(
      ({ unitDetails = [] }: { readonly unitDetails?: readonly never[] }) => unitDetails,
    );
  const pathsOf = (state: string) =>
    units.filter((unit) => unit.state === state).flatMap((unit) => unit.paths);
  return { approved: pathsOf('approved'), red: pathsOf('red') };
};

/** A path as a glob that means it alone. */
const literal = (path: string): string => path.replaceAll(/[*?{}[\]\\]/g, '?');

/** Mines all nights of a repository. Returns how many rows of decisions there are for training. */
export const mineNights = async (repo: string, out: string): Promise<number> => {
  await rm(out, { recursive: true, force: true });
  await run(
    join(root, 'bin/pantheon'),
    ['mine', '--repo', repo, '--agent', 'doc.frontmatter', '--out', out, '--held-out', '0.15'],
    {
      env: { ...process.env, PANTHEON_STATE: join(dirname(repo), 'state') },
      maxBuffer: 2 ** 26,
    },
  );
  const name = 'decisions.train.jsonl';
  if (!(await readdir(out)).includes(name)) return 0;
  return (await readFile(join(out, name), 'utf8')).split('\n').filter(Boolean).length;
};
