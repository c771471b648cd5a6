// SPDX-License-Identifier: GPL-3.0-only
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decision as dialect } from '../../src/agent/dialects/decision.ts';
import { shippedChores } from '../../src/chore/chores.ts';
import type { OpenDecision } from '../../src/chore/decide/decision.ts';
import { loadModules } from '../../src/chore/modules.ts';
import { noteWays, spoilNote } from '../../src/review/exam/docs/spoil-notes.ts';
import type { Draft, Material, Spoil } from '../../src/review/exam/draft.ts';
import type { ExamEdits, ExamFiles } from '../../src/review/exam/exam-case.ts';
import { openMaterials } from '../../src/review/exam/materials.ts';
import { dress } from '../../src/review/exam/night-looks.ts';
import { type Random, seededRandom } from '../../src/review/exam/seeded-random.ts';
import { reviewDecision } from '../../src/review/suspect/review-decision.ts';
import { nothingWrong, type View } from '../../src/review/suspect/suspicions.ts';
import { inventNote } from '../notes/note.ts';
import { drawFrom } from '../notes/random.ts';

const decide = await readFile(
  join(import.meta.dirname, '../../actions/review-peer/decide.txt'),
  'utf8',
);
const chores = await shippedChores();
const spoils = await loadModules<Spoil>(
  [...chores.all.keys()].map((chore) => ({ chore })),
  chores,
  'spoil',
);

type Options = {
  readonly seed: number;
  readonly notes: number;
  /** Only patches of these chores; empty: of all. */
  readonly only: readonly string[];
  /** Bad patches for each good one. */
  readonly bad: number;
  /** Share of the bad patches that are spoiled in a chore's own way. */
  readonly own: number;
  readonly view: View;
};

type Patch = { readonly base: ExamFiles; readonly edits: ExamEdits };

/** Where notes are invented, beside `notes/`: how deep one lies shows in its links. */
const folders = [
  '',
  '',
  'docs/',
  'docs/guides/',
  'site/pages/old/',
  'a/b/c/d/',
  'one/two/three/four/five/',
];

/** How many notes stand in for a repository's own. */
const sourceCount = 300;

/** One row or none for each patch that is drawn, and why. A bad patch is found in the first line that is not a good one's. */
export async function* reviewRows({ seed, notes, only, bad, own, view }: Options) {
  const random = seededRandom(seed);
  const draw = drawFrom(() => random.int(2 ** 30) / 2 ** 30);
  const sources = Array.from({ length: sourceCount }, () => inventNote(draw));
  const materialFor = openMaterials('docs', sources, folders, []);
  for (let count = 0; count < notes; count += 1) {
    const material = materialFor(random);
    const made = draftOf(material, only, random);
    if (!made) continue;
    const { chore, draft } = made;
    const base = draft.base ?? material.files;
    const good = { base, edits: draft.edits };
    const rendered = (patch: Patch) => {
      const { acceptance, context, notes: said, way } = draft;
      const facts = { id: '', kind: 'docs', truth: 'good', chore, material, way } as const;
      const { spec, unit } = dress(
        { ...facts, ...patch, acceptance, notes: said, ...(context && { context }) },
        { chores, random: seededRandom(count), looks: undefined },
      );
      return { spec, unit, ...decisionOf(patch, { spec, unit }, view) };
    };
    const right = rendered(good);
    if ('refused' in right) {
      yield { why: `no row, good: ${chore} ${String(right.refused).slice(0, 40)}` };
      continue;
    }
    yield { row: rowOf(right, right, []), why: `good ${chore}` };
    for (let patch = 0; patch < bad; patch += 1) {
      const spoilt = spoiled(made, good, random.chance(own), random);
      if (!spoilt || isSame(spoilt.edits, good)) continue;
      const wrong = rendered(spoilt);
      if ('refused' in wrong) yield { why: `no row, refused: ${spoilt.way}` };
      else {
        const unlike = whereUnlike(right, wrong);
        yield unlike.length === 0
          ? { why: `no row, nothing to see: ${spoilt.way}` }
          : { row: rowOf(wrong, wrong, unlike), why: `bad ${spoilt.way}` };
      }
    }
  }
}

/** Whether a spoiled patch is the good one after all, or none. */
const isSame = (edits: ExamEdits, { base, edits: good }: Patch): boolean => {
  const isAlike = (others: ExamEdits): boolean =>
    [...edits].every(([path, text]) => others.get(path) === text);
  return isAlike(new Map([...base, ...good])) || isAlike(base);
};

const draftOf = (material: Material, only: readonly string[], random: Random) => {
  for (const [chore, spoil] of random.shuffle([...spoils])) {
    if (only.length > 0 && !only.includes(chore)) continue;
    const draft = spoil(material, random);
    const base = draft?.base ?? material.files;
    if (draft && [...draft.edits].some(([path, text]) => base.get(path) !== text)) {
      return { chore, material, draft };
    }
  }
  return undefined;
};

const spoiled = (
  { chore, material, draft }: { chore: string; material: Material; draft: Draft },
  good: Patch,
  isOwn: boolean,
  random: Random,
): (Patch & { readonly way: string }) | undefined => {
  const own = Object.entries(draft.wrong).flatMap(([way, wrong]) =>
    wrong && !('edits' in wrong) ? [[`${chore} ${way}`, wrong] as const] : [],
  );
  if (isOwn && own.length > 0) {
    const [way, edits] = random.pick(own);
    return { way, base: good.base, edits };
  }
  const way = random.pick(noteWays);
  const edits = material.is === 'note' ? spoilNote(material.note, good, way, random) : undefined;
  return edits && { way, base: good.base, edits };
};

const decisionOf = (
  { base, edits }: Patch,
  input: Parameters<typeof reviewDecision>[0],
  view: View,
): OpenDecision | { readonly refused: string } => {
  const sides = [...edits].flatMap(([path, after]) =>
    base.get(path) === after ? [] : [[path, { before: base.get(path), after }] as const],
  );
  const isThere = (path: string): boolean =>
    edits.has(path) ? edits.get(path) !== undefined : base.has(path);
  return reviewDecision(input, new Map(sides), isThere, { chores, view });
};

/** The suspicions whose evidence is not that of the good patch. */
const whereUnlike = (right: OpenDecision, wrong: OpenDecision): readonly string[] => {
  const [good, bad] = [right, wrong].map(({ questions }) => questions[0]?.candidates ?? []);
  return (bad ?? []).filter(({ value }, at) => value !== good?.[at]?.value).map(({ name }) => name);
};

/** `lines` has a number for each suspicion, 1 where its evidence is wrong. */
const rowOf = (
  decided: OpenDecision,
  { spec }: { readonly spec: object },
  unlike: readonly string[],
) => {
  const asked = dialect.of(decided, decide);
  const task = asked.renderTask({ spec } as Parameters<typeof asked.renderTask>[0]);
  return {
    prompt: [
      { role: 'system', content: asked.renderSystem() },
      { role: 'user', content: task },
    ],
    completion: [
      { role: 'assistant', content: asked.renderAnswer([{ name: unlike[0] ?? nothingWrong }]) },
    ],
    chat_template_kwargs: { enable_thinking: false },
    lines: (decided.questions[0]?.candidates ?? [])
      .slice(1)
      .map(({ name }) => Number(unlike.includes(name))),
  } as const;
};
