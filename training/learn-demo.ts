// SPDX-License-Identifier: GPL-3.0-only
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { fitLearningCurve } from '../src/morning/metrics/learning-curve.ts';
import { shareOf } from '../src/morning/metrics/share-interval.ts';
import { curvePicture, type MeasuredNight } from './demo/curve-picture.ts';
import { makeBase } from './demo/make-base.ts';
import { inventNotes, writeNotes, writeSpecs } from './demo/notes.ts';
import { beginPlace, commitAll, writeProfiles } from './demo/place.ts';
import {
  type JudgedAdapter,
  judgeVersion,
  mineNights,
  nightOf,
  trainCandidate,
  workNotes,
} from './demo/round.ts';
import { createRandom, drawFrom } from './notes/random.ts';

/*
 * Real nights of a model that learns from them: learn-demo.ts [--rounds N] [--notes N] [--judging N] [--epochs N]
 * [--python FILE] [--out DIR]. A base of 0.3 M parameters that knows the form of an answer and nothing of the work picks
 * the frontmatter of fresh notes, and rules work what its reviewers reject. Each round pantheon mine makes rows of all
 * nights, pantheon train an adapter of them, pantheon eval and promote decide on notes of no night, and the next night
 * has the champion.
 */

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    notes: { type: 'string', default: '112' },
    judging: { type: 'string', default: '60' },
    epochs: { type: 'string', default: '1' },
    python: { type: 'string', default: process.env.PANTHEON_TRAINING_PYTHON ?? 'python3' },
    out: { type: 'string', default: 'traces' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(`npm run learn:demo -- [--rounds 3] [--notes 112] [--judging 60] [--epochs 1] [--seed 1] [--python FILE] [--out DIR]

Nights of a small model that learns from them, by the commands of docs/learning.md; about six minutes on two cores.

  --notes     notes of a night; a training needs 50 rows, so 56 at least
  --judging   notes of no night that judge each version
  --python    a Python with trl, peft and gguf
  --out       where the curve goes`);
  process.exit(0);
}

await promisify(execFile)(values.python, [
  ...['-c', 'import gguf, peft, safetensors, tokenizers, torch, transformers, trl'],
]).catch(() => {
  console.error(
    `${values.python} lacks what the demo trains with. Make an environment: python3 -m venv ~/train && ~/train/bin/pip install trl peft gguf; then npm run learn:demo -- --python ~/train/bin/python`,
  );
  process.exit(2);
});

const begun = performance.now();
/** Tells what happened, and how many seconds after the start. */
const tell = (line: string): void =>
  console.log(`${((performance.now() - begun) / 1000).toFixed(0).padStart(4)} s  ${line}`);
const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
const between = ({ low, high }: { readonly low: number; readonly high: number }): string =>
  `${percent(low)} to ${percent(high)}`;

const folder = await mkdtemp(join(tmpdir(), 'pantheon-learn-'));
const place = await beginPlace(folder);
const invent = inventNotes(drawFrom(createRandom(Number(values.seed))));
await writeProfiles(place, false);
await makeBase(place, values.python);
tell(`A base that picks by chance is trained. All work is in ${folder}`);

const nights: MeasuredNight[] = [];
const versions: (JudgedAdapter & { readonly name: string; readonly examples: number })[] = [];

/** One night of fresh notes with the champion; returns the notes that ended red. */
const workFresh = async (round: number): Promise<readonly string[]> => {
  const name = `${nightOf.picks}-${round}`;
  const paths = await writeNotes(place.repo, name, await invent(Number(values.notes)));
  await commitAll(place, `Notes of night ${round}`);
  const { approved, red } = await workNotes(place, {
    ...{ name, date: dateOf(round, 1), profile: 'picker', paths },
  });
  const champion = versions.findLast(({ verdict }) => verdict === 'PROMOTE');
  const night = { examples: champion?.examples ?? 0, tried: paths.length };
  nights.push({ ...night, accepted: approved.length });
  const share = shareOf(approved.length, paths.length);
  tell(
    `Night ${round} with ${champion?.name ?? 'the base'}: ${approved.length} of ${paths.length} notes approved (${share === null ? '' : between(share)})`,
  );
  return red;
};

const dateOf = (round: number, hour: number): string =>
  `2026-11-${String(round).padStart(2, '0')}T0${hour}:00:00Z`;

for (let round = 1; round <= Number(values.rounds); round += 1) {
  const red = await workFresh(round);
  if (red.length > 0) {
    const name = `${nightOf.rules}-${round}`;
    await workNotes(place, { name, date: dateOf(round, 3), profile: 'rules', paths: red });
    tell(`Rules worked the other ${red.length} in a second night`);
  }
  const mined = await mineNights(place);
  tell(
    `pantheon mine: ${mined.own} rows of the model's own picks, ${mined.rules} of what rules did`,
  );
  const { name, rows, loss } = await trainCandidate(place, mined.folder, values);
  tell(`pantheon train: ${name} of ${rows.train} rows, loss ${loss.first} to ${loss.last}`);
  const unseen = `unseen-${round}`;
  const specs = join(folder, unseen);
  const paths = await writeNotes(place.repo, unseen, await invent(Number(values.judging)));
  await writeSpecs(specs, unseen, paths, 1);
  await commitAll(place, `Notes that judge ${name}`);
  const judged = await judgeVersion(place, name, specs);
  versions.push({ name, examples: rows.train, ...judged });
  const { both, candidate, incumbent } = judged.pairs;
  tell(
    `pantheon eval: ${both + candidate} of ${paths.length} notes of no night with it, ${both + incumbent} with the incumbent (${candidate} only with it, ${incumbent} only without)`,
  );
  tell(
    `pantheon promote: ${judged.verdict} [${judged.code}], p = ${judged.p.toPrecision(2)}, ${judged.effect === null ? '' : `${percent(judged.effect.value)} better (${between(judged.effect)})`}`,
  );
}
await workFresh(Number(values.rounds) + 1);

const most = Math.max(...nights.map(({ examples }) => examples));
const curve = fitLearningCurve(
  nights,
  Array.from({ length: 41 }, (_, at) => (at / 40) * most),
);
if (curve.kind === 'curve') {
  const { p0, pMax, alpha } = curve;
  const [low, high] = [alpha.low, alpha.high].map((bound) => bound?.toPrecision(2) ?? 'no bound');
  console.log(
    `p(N) = p0 + (pMax - p0)(1 - e^(-alpha N)): p0 ${percent(p0.value)} (${between(p0)}), pMax ${percent(pMax.value)} (${between(pMax)}), alpha ${alpha.value.toPrecision(2)} (${low} to ${high})`,
  );
} else
  console.log(curve.kind === 'flat' ? 'Chance alone explains the growth there is.' : curve.reason);
await mkdir(values.out, { recursive: true });
const title = `Notes approved, by examples learned (${nights.length} nights)`;
await writeFile(join(values.out, 'learning-curve.svg'), curvePicture(nights, curve, title));
await writeFile(
  join(values.out, 'learning-curve.json'),
  `${JSON.stringify({ nights, versions, curve }, null, 2)}\n`,
);
console.log(`${join(values.out, 'learning-curve.svg')} and learning-curve.json beside it`);
