// SPDX-License-Identifier: GPL-3.0-only
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { openTraces } from '../../../src/trace/open-traces.ts';
import { temporaryFolder } from '../../workspace/with-repository.ts';
import { tinySpec } from '../support/tiny-house.ts';
import { makeHouse } from '../support/with-night.ts';

/* What somebody changes in a night's folder between its interruption and its resumption. */

type Test = Parameters<typeof makeHouse>[0];
type Alter = (folder: string, t: Test) => void;

/** Both reviewers reject; the night is interrupted when they have. */
const interrupted = async (t: Test) => {
  const house = await makeHouse(t, {
    'specs/tidy.yaml': tinySpec('box/'),
    'box/a.txt': 'REJECT-A no\nREJECT-B no\n',
  });
  const controller = new AbortController();
  const reviewed = new Set<string>();
  const watch: Parameters<typeof house.night>[0] = {
    watch: {
      node: ({ unit, node, state }) => {
        const isLive = !unit.startsWith('_exam-');
        if (isLive && state === 'ok' && node.startsWith('review')) reviewed.add(node);
        if (reviewed.size === 2) controller.abort(new Error('enough'));
      },
      spec: () => {},
    },
  };
  await house.night({ ...watch, signal: controller.signal }).catch(() => {});
  return { house, folder: join(house.state.traces, '2026-11-01') };
};

const editNight =
  (change: (night: ReturnType<typeof JSON.parse>) => void): Alter =>
  (folder) => {
    const file = join(folder, 'night.json');
    const night = JSON.parse(readFileSync(file, 'utf8'));
    change(night);
    writeFileSync(file, JSON.stringify(night));
  };

/** Writes the pack of a spec anew, sealed as Pantheon seals it, with both reviews turned. */
const turnReviews: Alter = (folder, t) => {
  const [from, into] = [openTraces(folder), temporaryFolder(t)];
  const forged = openTraces(into);
  for (const address of from.list('tidy')) {
    const bundle = from.read(address);
    if (!bundle) continue;
    const { files, facts } = bundle;
    const review = files['review.json']?.replace('"reject"', '"approve"').replace('"no"', '');
    forged.write(address, { ...files, ...(review && { 'review.json': review }) }, facts);
  }
  forged.pack('tidy');
  copyFileSync(join(into, 'tidy/bundles.zip'), join(folder, 'tidy/bundles.zip'));
};

const alterations: Readonly<Record<string, readonly [Alter, RegExp]>> = {
  'reviews that reject into ones that approve': [
    turnReviews,
    /review[AB]: is not the bundle that journal\.jsonl names/,
  ],
  'the gate’s settings': [
    editNight(({ config }) => {
      config.gate = { ...config.gate, protected: [], exam: { recall: 0, precision: 0 } };
    }),
    /night\.json of 2026-11-01 was altered: gate is not what pantheon\.yaml says/,
  ],
  'the flow': [
    editNight(({ flows }) => {
      flows.tiny.nodes[3].retries = 2;
    }),
    /the flow tiny is not the one of its base commit/,
  ],
  'the scope of a spec': [
    editNight(({ specs }) => {
      specs[0].spec.scope = ['**'];
    }),
    /specs\.0\.digest is not the digest of the spec/,
  ],
  'who answers': [
    editNight((night) => {
      night.runtimes['tiny/reviewA'] = '0'.repeat(64);
    }),
    /tiny\.reviewer would answer here with other weights/,
  ],
};

for (const [what, [alter, message]] of Object.entries(alterations)) {
  test(`a night is not resumed after somebody changed ${what}`, async (t) => {
    const { house, folder } = await interrupted(t);
    alter(folder, t);
    await t.throwsAsync(house.night({ resume: true }), { message });
    t.deepEqual(house.branches(), []);
    const { said, spec } = await house.night();
    t.is(spec('tidy').outcome, 'red-bin', 'its specs are worked again');
    t.true(said.some((line) => line.includes('2026-11-01 cannot be resumed')));
    t.true(existsSync(`${folder}.aside`));
  });
}

test('a night that nobody changed is resumed', async (t) => {
  const { house } = await interrupted(t);
  const { events, spec } = await house.night({ resume: true });
  t.regex(spec('tidy').reason, /rejected by reviewA/);
  // A hidden patch may be judged beside.
  const running = events.filter(
    ({ state, unit }) => state === 'running' && !unit.startsWith('_exam-'),
  );
  t.is(running.length, 1, 'the gate alone is left');
});
