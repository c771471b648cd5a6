// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { tinySpec } from '../../night/support/tiny-house.ts';
import { wholeFile } from '../../night/support/whole-file.ts';
import { houseIn } from '../../night/support/with-night.ts';
import { copyPlace, makePlace, type Place } from '../with-cli.ts';

const shared = wholeFile();
const night = '2026-11-01';

/** A place after a night over two specs of three files. */
const worked = (async (): Promise<Place> => {
  const place = await makePlace(shared, {
    'specs/one.yaml': tinySpec('box/'),
    'specs/two.yaml': tinySpec('cup/'),
    'box/a.txt': 'a\n',
    'box/b.txt': 'b\n',
    'cup/a.txt': 'a\n',
  });
  await houseIn(shared, { ...place, head: '' }).night({ state: place.state });
  return place;
})();

const bare = (async (): Promise<Place> => makePlace(shared, {}))();

test('what is typed is sized, with the formulas and without any night', async (t) => {
  const { pantheon } = await bare;
  const { code, stdout, stderr } = await pantheon(
    ...['size', '--arrivals', '1100', '--service', '90s', '--slots', '4', '--wait', '0.1'],
  );
  t.is(code, 0, stderr);
  const lines = stdout.split('\n').map((line) => line.trim().replace(/ +/g, ' '));
  for (const line of [
    'Utilisation 0.86: it can be done, but waits grow: keep it at 0.8 or below',
    'What fits 1024 units a night (1280 with every slot busy)',
    'To cut 76 units, or 5 slots, or 84 s a unit',
    '7 for at most 0.1 of them to wait',
    'rho = lambda / (c mu) = 137.5 / (4 * 40) = 0.8594',
  ]) {
    t.true(lines.includes(line), `${line} is missing from:\n${stdout}`);
  }
});

test('a wait too short to be told is not called none', async (t) => {
  const { pantheon } = await bare;
  const { stdout } = await pantheon('size', '--arrivals', '1', '--service', '1s', '--slots', '4');
  t.regex(stdout, /Waits +0\.0 % of the units, under 1 ms on average/);
  t.regex(stdout, /All at once +1\.0 s where/);
});

test('what is not typed is measured in the last nights', async (t) => {
  const { pantheon } = await worked;
  const units = JSON.parse((await pantheon('size', '--slots', '2', '--json')).stdout);
  t.like(units, { of: 'units', arrivals: 3, slots: 2, hours: 8, state: 'fits' });
  t.is(units.from.arrivals, 'measured: 3 units in 1 night');
  t.regex(units.from.service, /^measured: time /);
  t.true(units.serviceSeconds > 0 && units.serviceSeconds < 600);
  const specs = JSON.parse(
    (await pantheon('size', '--of', 'specs', '--slots', '2', '--json')).stdout,
  );
  t.is(specs.arrivals, 2);
  t.true(Math.abs(specs.serviceSeconds - 1.5 * units.serviceSeconds) < 1e-9);
});

test('the slots are those of the last night, where it had one engine', async (t) => {
  const place = copyPlace(t, await worked);
  const file = join(place.state.traces, night, 'summary.json');
  const summary = JSON.parse(readFileSync(file, 'utf8'));
  const figures = {
    requests: 1,
    failures: 0,
    retries: 0,
    tokens: { prompt: 1, cached: 0, completion: 1 },
    busySeconds: 1,
    batch: 1,
    tokensPerSecond: 1,
    prefixHitRate: null,
    queueMs: { mean: 0, p95: 0, max: 0 },
  };
  const engine = { engine: 'vllm', origin: 'unix-socket', since: 'start', agents: [], ...figures };
  const withEngines = (...slots: readonly number[]) =>
    writeFileSync(
      file,
      JSON.stringify({ ...summary, engines: slots.map((slots) => ({ ...engine, slots })) }),
    );
  withEngines(64);
  const one = JSON.parse((await place.pantheon('size', '--json')).stdout);
  t.is(one.slots, 64);
  t.is(one.from.slots, `vllm in ${night}`);
  withEngines(64, 4);
  const { code, stderr } = await place.pantheon('size');
  t.is(code, 2);
  t.regex(stderr, /had several engines \(with slots: vllm 64, vllm 4\)\. Add --slots/);
});

test('a bundle that was changed is not measured, and that is said', async (t) => {
  const place = copyPlace(t, await worked);
  const file = join(place.state.traces, night, 'two', 'bundles.zip');
  const bytes = readFileSync(file);
  const at = bytes.indexOf('metrics.json') + 'metrics.json'.length + 2;
  bytes.writeUInt8(bytes.readUInt8(at) ^ 0xff, at);
  writeFileSync(file, bytes);
  const { code, stdout, stderr } = await place.pantheon('size', '--slots', '2', '--json');
  t.is(code, 0, stderr);
  t.regex(stderr, /^Not measured: \d+ bundles? that cannot be read\.$/m);
  t.true(JSON.parse(stdout).arrivals >= 2);
});

const mistakes: Readonly<Record<string, readonly [args: readonly string[], message: RegExp]>> = {
  'no night and nothing typed': [
    [],
    /no night here tells how long work takes\. Add --arrivals and --service and --slots, or run a night/,
  ],
  'only the rest is asked for': [['--arrivals', '5', '--slots', '2'], /Add --service, or run/],
  'no arrivals': [['--arrivals', '0'], /--arrivals: "0" is not a whole number/],
  'a service without a unit': [['--service', '9 m'], /"9 m" is not a duration\. Write one such as/],
  'a night of no length': [['--hours', '0'], /--hours: "0" is not hours above 0/],
  'a share beyond all': [['--wait', '1.5'], /--wait: "1.5" is not a share/],
  'another thing': [['--of', 'files'], /--of: "files" is not counted\. Write units or specs/],
  'a night for millions of slots': [
    ['--arrivals', '999999', '--service', '9999999h', '--slots', '1'],
    /needs millions of slots\. Check --arrivals and --service/,
  ],
};

test('a mistake is one line with what to do', async (t) => {
  const { pantheon } = await bare;
  for (const [what, [args, message]] of Object.entries(mistakes)) {
    const { code, stderr } = await pantheon('size', ...args);
    t.is(code, 2, what);
    t.regex(stderr, message, what);
    t.is(stderr.trim().split('\n').length, 1, what);
  }
});
