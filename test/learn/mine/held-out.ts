// SPDX-License-Identifier: GPL-3.0-only
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { openChores } from '../../../src/chore/chores.ts';
import { heldOutSpecs } from '../../../src/learn/mine/held-out.ts';
import { mine } from '../../../src/learn/mine/mine.ts';
import { writeNightFolder } from '../../morning/page/sample-night.ts';
import { temporaryFolder } from '../../workspace/with-repository.ts';
import { openedSpec, wrote } from './sample-nights.ts';

const at = (index: number) => ({ path: `f${index}.md`, steps: [wrote(`${index}`)] });

test('a spec is held out where none of its files is trained on', async (t) => {
  const night = join(temporaryFolder(t), '2026-11-21');
  mkdirSync(night);
  // The last one has a file of the first, so both are on one side.
  const specs = [
    ...Array.from({ length: 30 }, (_, index) =>
      openedSpec(`s${index}`, { [`u${index}`]: at(index) }),
    ),
    openedSpec('last', { u30: at(30), u0: at(0) }),
  ];
  writeNightFolder(night, specs);
  const out = temporaryFolder(t);
  const makers = { chores: openChores(), prompts: new Map() };
  const options = { nights: [night], decided: new Map(), stageOf: () => 1, out, makers };
  await mine({ ...options, heldOut: 0.5 });
  const specsIn = (file: string): ReadonlySet<string> =>
    new Set(
      readFileSync(join(out, file), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).id.split('/')[1]),
    );
  const held = (await heldOutSpecs([night], 0.5)).map(({ spec }) => spec);
  t.deepEqual(held.toSorted(), [...specsIn('steps.held-out.jsonl')].toSorted());
  const trained = specsIn('steps.train.jsonl');
  t.deepEqual(
    held.filter((spec) => trained.has(spec)),
    [],
  );
  t.true(held.length > 5 && held.length < 26);
  t.is(held.includes('last'), held.includes('s0'));
  t.deepEqual(await heldOutSpecs([night], 0), []);
});
