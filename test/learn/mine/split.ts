// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { createLinks, sideOf } from '../../../src/learn/mine/split.ts';
import { seededRandom } from '../../../src/review/exam/seeded-random.ts';
import { mineNight, openedSpec, type SampleUnit, wrote } from './sample-nights.ts';

/** Specs over shared files and copies of files, drawn by a seed. */
const tangledSpecs = (seed: number) => {
  const random = seededRandom(seed);
  return Array.from({ length: 30 }, (_, spec) => {
    const units = Array.from({ length: 1 + random.int(3) }, (_, unit): [string, SampleUnit] => {
      const file = random.int(60);
      return [
        `u${spec}-${unit}`,
        {
          path: `f${file}.md`,
          base: random.chance(0.1) ? 'a copy' : `f${file}`,
          steps: [wrote(`${spec} ${unit}`)],
        },
      ];
    });
    return openedSpec(`s${spec}`, Object.fromEntries(units));
  });
};

for (const seed of [1, 2, 3]) {
  test(`no spec, file or content is on both sides (${seed})`, async (t) => {
    const specs = tangledSpecs(seed);
    const { rows, mined } = await mineNight(t, specs, { heldOut: 0.5 });
    const oids = new Map<string, readonly string[]>(
      specs.flatMap(([{ id }, bundles]) =>
        Object.entries(bundles).flatMap(([place, files]) => {
          if (!place.endsWith('/doc')) return [];
          const [change] = JSON.parse(files['output.json'] ?? '').changes;
          return [[`2026-11-21/${id}/${place}`, [change.path, change.baseOid]] as const];
        }),
      ),
    );
    const sides = new Map<string, string>();
    for (const [file, lines] of Object.entries(rows)) {
      const [, side = ''] = file.split('.');
      for (const { id } of lines) {
        const run = String(id).replace(/#.*/, '');
        for (const name of [`spec ${run.split('/')[1]}`, ...(oids.get(run) ?? [])]) {
          t.is(sides.get(name) ?? side, side, name);
          sides.set(name, side);
        }
      }
    }
    t.true(mined.groups.train > 0 && mined.groups['held-out'] > 0);
  });
}

test('what is tied has one group, in whatever order it was tied', (t) => {
  const pairs = [
    ['spec b', 'file 1'],
    ['spec c', 'file 2'],
    ['file 2', 'file 1'],
    ['spec a', 'file 3'],
  ];
  for (const order of [pairs, pairs.toReversed()]) {
    const links = createLinks();
    for (const pair of order) links.tie(pair);
    const names = ['spec b', 'spec c', 'spec a', 'alone'];
    t.deepEqual(names.map(links.groupOf), ['file 1', 'file 1', 'file 3', 'alone']);
  }
});

test('about the share is held out, and none or nearly all at its ends', (t) => {
  const held = (share: number) =>
    Array.from({ length: 10_000 }, (_, at) => sideOf(`spec ${at}`, share)).filter(
      (side) => side === 'held-out',
    ).length;
  t.is(held(0), 0);
  t.true(Math.abs(held(0.1) - 1000) < 100);
  t.is(held(1), 10_000);
});

test('the same bundles give the same bytes', async (t) => {
  const runs = await Promise.all([0, 1].map(() => mineNight(t, tangledSpecs(4), { heldOut: 0.5 })));
  const [first, second] = runs.map(({ mined, out }) =>
    mined.files.map(({ name, sha256 }) => [name, sha256, readFileSync(join(out, name), 'utf8')]),
  );
  t.deepEqual(first, second);
});
