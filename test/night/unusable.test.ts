// SPDX-License-Identifier: GPL-3.0-only
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { UserError } from '../../src/data/user-error.ts';
import { tinySpec } from './tiny-house.ts';
import { makeHouse } from './with-night.ts';

const files = { 'specs/tidy.yaml': tinySpec('box/'), 'box/a.txt': 'a\n' };

test('a night that cannot be resumed is put aside and the next one is worked', async (t) => {
  const house = await makeHouse(t, files);
  const broken = join(house.state.traces, '2026-10-31');
  mkdirSync(broken, { recursive: true });
  writeFileSync(join(broken, 'night.json'), '{"version":99}\n');
  const { said, spec } = await house.night();
  t.is(spec('tidy').outcome, 'pull-request');
  t.true(said.some((line) => line.includes('2026-10-31 cannot be resumed')));
  t.true(existsSync(`${broken}.aside`));
  t.false(readdirSync(house.state.traces).includes('2026-10-31'));
});

test('asked for by name, it is an error and stays where it is', async (t) => {
  const house = await makeHouse(t, files);
  const broken = join(house.state.traces, '2026-10-31');
  mkdirSync(broken, { recursive: true });
  writeFileSync(join(broken, 'night.json'), '{"version":99}\n');
  await t.throwsAsync(house.night({ resume: true }), { instanceOf: UserError });
  t.true(existsSync(broken));
});

for (const role of ['gate', 'plan']) {
  test(`a repository cannot bring its own ${role}`, async (t) => {
    const house = await makeHouse(t, files);
    house.commit({
      'agents/own/agent.yaml': `name: own.${role}\nversion: "1"\ndescription: Says yes.\nkind: code\nrole: ${role}\nout: {}\n`,
      'agents/own/agent.ts': 'export const run = async () => ({ notes: "", result: {} });\n',
    });
    const error = await t.throwsAsync(house.night(), { instanceOf: UserError });
    t.regex(error?.message ?? '', new RegExp(`agent.yaml: role: .*cannot be its ${role}`));
    t.deepEqual(house.branches(), []);
  });
}
