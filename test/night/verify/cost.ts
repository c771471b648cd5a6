// SPDX-License-Identifier: GPL-3.0-only
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { signNight } from '../../../src/night/publish/sign-night.ts';
import { readNight, writeNight } from '../../../src/night/record/night-folder.ts';
import { verifyNight } from '../../../src/night/verify/verify-night.ts';
import { openTraces } from '../../../src/trace/open-traces.ts';
import { keyFolder, readKeys } from '../../../src/trace/sign/key-folder.ts';
import { temporaryFolder } from '../../workspace/with-repository.ts';
import { tinySpec } from '../support/tiny-house.ts';
import { makeHouse } from '../support/with-night.ts';

const units = 300;
const nodes = ['plan', 'work', 'test', 'reviewA', 'reviewB'];
/** What a bundle of a model is about: a prompt, a transcript and a patch. */
const files = { 'prompt.txt': 'A line of a prompt.\n'.repeat(600), 'output.json': '{}' };

test('to sign a night and verify it costs under 2 ms a node', async (t) => {
  const house = await makeHouse(t, { 'specs/one.yaml': tinySpec('box/'), 'box/a.txt': 'a\n' });
  const decided = await readNight((await house.night()).folder);
  const folder = join(temporaryFolder(t), decided.id);
  mkdirSync(folder);
  await writeNight(folder, { ...decided, specs: [] });
  const traces = openTraces(folder);
  for (let unit = 0; unit < units; unit += 1) {
    for (const node of nodes) {
      const address = { spec: 'many', unit: `unit-${unit}`, node };
      const facts = { night: decided.id, agent: 'a@1.0.0', inputs: [] };
      const bundle = traces.write(address, files, facts);
      const record = { type: 'node', ...address, status: 'ok', bundle };
      appendFileSync(join(folder, 'journal.jsonl'), `${JSON.stringify(record)}\n`);
    }
  }
  traces.pack('many');
  const before = process.cpuUsage();
  await signNight(folder, decided);
  const signing = process.cpuUsage(before).user / 1000;
  const verified = await verifyNight(folder, readKeys(keyFolder()));
  const { user, system } = process.cpuUsage(before);
  const ms = (user + system) / 1000 / (units * nodes.length);
  t.deepEqual(verified.changed, []);
  t.is(verified.bundles, units * nodes.length);
  t.log(
    `${ms.toFixed(3)} ms of CPU a node; ${(signing / (units * nodes.length)).toFixed(3)} to sign`,
  );
  t.true(ms < 2, `${ms} ms`);
});
