// SPDX-License-Identifier: GPL-3.0-only
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { fitLearningCurve } from '../src/morning/metrics/learning-curve.ts';
import { shareOf } from '../src/morning/metrics/share-interval.ts';
import { curvePicture, type MeasuredNight } from './demo/curve-picture.ts';
import {
  addNotes,
  beginRepository,
  freshNotes,
  mineNights,
  shareRight,
  workNotes,
} from './demo/round.ts';
import { createRandom, drawFrom } from './notes/random.ts';

/*
 * Real nights of a model that learns from them: learn-demo.ts [--rounds N] [--notes N] [--python FILE] [--out DIR]. A model of
 * 0.3 M parameters that has seen little picks the frontmatter of fresh notes; what reviewers reject, rules
 * work in a second night; both nights are mined, the model learns from the rows, and the next round has other notes.
 * A model that has learned is used where it does better than the one before on notes of no night: a plain comparison,
 * since what `registry.yaml` puts in service are adapters, and this trains all weights.
 */

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    notes: { type: 'string', default: '40' },
    start: { type: 'string', default: '8' },
    steps: { type: 'string', default: '250' },
    python: { type: 'string', default: process.env.PANTHEON_TRAINING_PYTHON ?? 'python3' },
    out: { type: 'string', default: 'traces' },
    seed: { type: 'string', default: '1' },
  },
});

const run = promisify(execFile);
await run(values.python, ['-c', 'import gguf, safetensors, tokenizers, torch, transformers']).catch(
  () => {
    console.error(
      `${values.python} lacks what training/requirements.txt names. Make an environment: python3 -m venv ~/specialist && ~/specialist/bin/pip install -r training/requirements.txt; then npm run learn:demo -- --python ~/specialist/bin/python`,
    );
    process.exit(2);
  },
);
const folder = await mkdtemp(join(tmpdir(), 'pantheon-learn-'));
const environment = { ...process.env, OMP_NUM_THREADS: '1', HF_HUB_OFFLINE: '1' };
const python = async (script: string, args: readonly string[]): Promise<string> => {
  const { stdout } = await run(values.python, [join(import.meta.dirname, script), ...args], {
    env: environment,
    maxBuffer: 2 ** 26,
  });
  return stdout;
};

/** Learns from rows, and says what share of the notes that judge is right then. */
const learn = async (rows: string, out: string, more: readonly string[]): Promise<number> => {
  await python('train_specialist.py', ['--rows', rows, '--out', out, '--minutes', '10', ...more]);
  await python('write_gguf.py', [out, `${out}.gguf`]);
  return shareRight(`${out}.gguf`, judging);
};

const shape = [
  '--vocabulary',
  '1024',
  '--hidden',
  '96',
  '--inner',
  '256',
  '--layers',
  '2',
  '--heads',
  '3',
];
const draw = drawFrom(createRandom(Number(values.seed)));
const count = Number(values.notes);
const judging = await freshNotes(drawFrom(createRandom(5)), 96);
const repo = join(folder, 'notes');
await beginRepository(repo);
const first = join(folder, 'rows-0');
await run(process.execPath, [
  join(import.meta.dirname, 'make-rows.ts'),
  '--out',
  first,
  '--notes',
  '600',
  '--seed',
  '99',
]);
let model = join(folder, 'model-0');
let best = await learn(first, model, [...shape, '--steps', values.start]);
console.log(`It begins with a model that has had ${values.start} steps. Work is in ${folder}`);

const nights: MeasuredNight[] = [];
let examples = 0;
for (let round = 0; round < Number(values.rounds); round += 1) {
  const date = (hour: number): string =>
    `2026-11-${String(round + 1).padStart(2, '0')}T0${hour}:00:00Z`;
  const paths = await addNotes(repo, {
    folder: `round-${round}`,
    count,
    model: `${model}.gguf`,
    draw,
  });
  const shared = { repo, name: `picks-${round}`, date: date(1) };
  const { approved, red } = await workNotes(repo, { ...shared, profile: 'picker', paths });
  const night = { examples, tried: approved.length + red.length, accepted: approved.length };
  nights.push(night);
  const { value = 0, low = 0, high = 0 } = shareOf(night.accepted, night.tried) ?? {};
  console.log(
    `round ${round}: ${examples} examples learned, ${night.accepted} of ${night.tried} approved (${percent(value)}, ${percent(low)} to ${percent(high)})`,
  );
  if (round === Number(values.rounds) - 1) break;
  if (red.length > 0) {
    await workNotes(repo, { name: `rules-${round}`, date: date(3), profile: 'rules', paths: red });
  }
  const rows = join(folder, `rows-${round + 1}`);
  const mined = await mineNights(repo, rows);
  const next = join(folder, `model-${round + 1}`);
  const more = ['--from', model, '--steps', values.steps, '--seed', `${round + 2}`];
  const share = await learn(rows, next, more);
  const isBetter = share > best;
  console.log(
    `  ${mined} rows mined; of 96 notes of no night ${percent(best)} right before and ${percent(share)} after: ${isBetter ? 'the next round has the new model' : 'the model stays'}`,
  );
  if (isBetter) [model, examples, best] = [next, mined, share];
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}

const most = nights.at(-1)?.examples ?? 0;
const curve = fitLearningCurve(
  nights,
  Array.from({ length: 41 }, (_, at) => (at / 40) * most),
);
if (curve.kind === 'curve') {
  const { p0, pMax, alpha } = curve;
  console.log(
    `p(N) = p0 + (pMax - p0)(1 - e^(-alpha N)): p0 ${percent(p0.value)} (${percent(p0.low)} to ${percent(p0.high)}), pMax ${percent(pMax.value)} (${percent(pMax.low)} to ${percent(pMax.high)}), alpha ${alpha.value.toPrecision(2)}`,
  );
} else
  console.log(curve.kind === 'flat' ? 'Chance alone explains the growth there is.' : curve.reason);
await mkdir(values.out, { recursive: true });
const title = `Notes approved, by examples learned (${nights.length} nights)`;
await writeFile(join(values.out, 'learning-curve.svg'), curvePicture(nights, curve, title));
await writeFile(
  join(values.out, 'learning-curve.json'),
  `${JSON.stringify({ nights, curve }, null, 2)}\n`,
);
console.log(`${join(values.out, 'learning-curve.svg')} and learning-curve.json beside it`);
