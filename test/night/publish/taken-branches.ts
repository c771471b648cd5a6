// SPDX-License-Identifier: GPL-3.0-only
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { readNight } from '../../../src/night/record/night-folder.ts';
import { unwatched } from '../../../src/night/run/open-session.ts';
import type { NodeEvent } from '../../../src/night/run/session.ts';
import { sealAsIs } from '../../../src/trace/sign/seal.ts';
import type { Files } from '../../workspace/with-repository.ts';
import { tinySpec } from '../support/tiny-house.ts';
import { makeHouse } from '../support/with-night.ts';

const files = (id: string): Files => ({
  [`specs/${id}.yaml`]: tinySpec(`${id}/`),
  [`${id}/a.txt`]: 'a slow 500\n',
});

test('a branch of that name that holds something else stays, and is told before work', async (t) => {
  const house = await makeHouse(t, { ...files('tidy'), ...files('other') });
  const first = await house.night();
  const branch = first.spec('tidy').branch ?? '';
  const other = house.run(['rev-parse', 'main']).trim();
  house.run(['branch', '-f', branch, 'main']);
  rmSync(house.state.pullRequests, { recursive: true });
  rmSync(house.state.outcomes);
  sealAsIs(house.state.root);
  house.run(['branch', '-D', first.spec('other').branch ?? '']);
  const { spec, events } = await house.night();
  t.is(spec('tidy').outcome, 'skipped');
  t.is(spec('tidy').reason, `its branch ${branch} is there already; rename or delete it`);
  t.false(events.some((event) => event.spec === 'tidy'));
  t.is(spec('other').outcome, 'pull-request');
  t.is(house.run(['rev-parse', branch]).trim(), other);
});

test('a branch that is made while a night works is told then', async (t) => {
  const house = await makeHouse(t, files('tidy'));
  const night = join(house.state.traces, '2026-11-01');
  const take = async () => {
    const [decided] = (await readNight(night)).specs;
    house.run(['branch', decided?.branch ?? '', 'main']);
  };
  const watch = {
    ...unwatched,
    node: ({ node, state }: NodeEvent) => {
      if (node === 'plan' && state === 'ok') void take();
    },
  };
  const { spec } = await house.night({ watch });
  t.is(spec('tidy').outcome, 'red-bin');
  t.regex(spec('tidy').reason, /already exists with another commit\. Rename or delete it/);
});

test('a branch named "pantheon" stops a night before its work', async (t) => {
  const house = await makeHouse(t, files('tidy'));
  house.run(['branch', 'pantheon']);
  await t.throwsAsync(house.night(), {
    message:
      'The branch "pantheon" leaves no room for branches below it. Rename it: git branch -m pantheon pantheon-old',
  });
  house.run(['branch', '-m', 'pantheon', 'pantheon-old']);
  t.is((await house.night()).spec('tidy').outcome, 'pull-request');
});
