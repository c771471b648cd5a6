// SPDX-License-Identifier: GPL-3.0-only
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { bubblewrap } from '../../boundary/with-bubblewrap.ts';
import { makePlace } from '../../cli/with-cli.ts';
import { serve } from '../../engine/wire/with-server.ts';
import { cachedTinyModel } from '../../tiny-model/tiny-model.ts';
import type { Files } from '../../workspace/with-repository.ts';
import { tinyConfig, tinyFlow, tinySpec } from '../support/tiny-house.ts';
import { wholeFile } from '../support/whole-file.ts';
import { makeHouse, type Worked } from '../support/with-night.ts';
import { badEngines, midNight, vllm } from './bad-engines.ts';

/*
 * What a person gets wrong about an engine, and what an engine may do to them: its specs end in a
 * red bin that names the profile and the setting, and the specs of a flow that does without it are
 * worked as ever. All of it in one night: each case is a flow of its own, one node of which runs on
 * what the profile says of it.
 */

/** `tiny`'s flow under another name, whose working node or first reviewer has another id. */
const flowNamed = (name: string, ids: { readonly work?: string; readonly reviewA?: string }) =>
  tinyFlow()
    .replace('name: tiny', `name: ${name}`)
    .replaceAll(/\bwork\b/g, ids.work ?? 'work')
    .replaceAll('reviewA', ids.reviewA ?? 'reviewA');

const oneFlow = (node: 'work' | 'reviewA', runtime: string): Files => ({
  'pantheon.yaml': tinyConfig('', `    case-0: ${runtime}\n`),
  'flows/flow-0.yaml': flowNamed('flow-0', { [node]: 'case-0' }),
  'specs/bad-0.yaml': tinySpec('bad-0/', 'flow: flow-0\n'),
  'specs/good.yaml': tinySpec('good/'),
  'good/a.txt': 'a\n',
  'bad-0/a.txt': 'a\n',
});

const file = wholeFile();

const isRoot = process.getuid?.() === 0;
const cases = badEngines(cachedTinyModel()).filter(({ asRoot }) => isRoot || !asRoot);

/** Every case's flow, spec and file; the good ones are asked for as well. */
const everything = async (): Promise<Files> => {
  const listeners = midNight.map(([, listener]) => listener());
  const late = await Promise.all(listeners.map((listener) => serve(file, listener)));
  const runtimes = [
    ...(await Promise.all(cases.map(({ runtime }) => runtime(file)))),
    ...late.map((socket) => vllm(`socket: ${socket}`)),
  ];
  const flows = runtimes.map((runtime, index): Files => {
    const { 'pantheon.yaml': _, ...files } = oneFlow('work', runtime);
    return Object.fromEntries(
      Object.entries(files).map(([path, text]) => [
        path.replace('-0', `-${index}`),
        String(text).replaceAll(/-0\b/g, `-${index}`),
      ]),
    );
  });
  const bindings = runtimes.map((runtime, index) => `    case-${index}: ${runtime}\n`);
  return Object.assign({}, ...flows, { 'pantheon.yaml': tinyConfig('', bindings.join('')) });
};

const night: Promise<Worked> = everything()
  .then((files) => makeHouse(file, files))
  .then((house) => house.night());
night.catch(() => {});

test('specs that need no bad engine are worked', async (t) => {
  const { spec } = await night;
  t.is(spec('good').outcome, 'pull-request', spec('good').reason);
});

for (const [index, { title, says }] of cases.entries()) {
  test(`a red bin names profile and setting: ${title}`, async (t) => {
    const { spec, said, summary } = await night;
    const { outcome, reason } = spec(`bad-${index}`);
    const start = `engine: pantheon.yaml: profiles.tiny.case-${index}`;
    t.is(outcome, 'red-bin');
    t.true(reason.startsWith(start), reason);
    t.regex(reason.slice(start.length), says);
    const fault = reason.slice('engine: '.length);
    const told = said.find((line) => line.startsWith(fault));
    t.is(told, `${fault}. Specs that need it go to a red bin.`, 'said when the night begins');
    t.true(summary.notices.includes(told ?? ''), 'and in the report');
  });
}

for (const [index, [title, , says]] of midNight.entries()) {
  test(`a server that ${title} mid-night costs its units`, async (t) => {
    const number = cases.length + index;
    const { outcome, unitDetails, reason } = (await night).spec(`bad-${number}`);
    t.is(outcome, 'red-bin');
    const [unit] = unitDetails;
    t.is(unit?.code, 'engine', reason);
    t.regex(unit?.reason ?? '', new RegExp(`^profiles\\.tiny\\.case-${number}\\.socket: /`));
    t.regex(unit?.reason ?? '', says);
  });
}

if (!isRoot) process.stderr.write("skipped: somebody else's socket (needs root)\n");

test('a reviewer that cannot be asked costs its flow before anything is worked', async (t) => {
  const house = await makeHouse(t, oneFlow('reviewA', vllm('socket: /nowhere/e.sock')));
  const { spec, events } = await house.night();
  t.regex(
    spec('bad-0').reason,
    /^engine: pantheon\.yaml: profiles\.tiny\.case-0\.socket: .*nothing listens/,
  );
  t.is(spec('good').outcome, 'pull-request');
  const worked = events.filter((event) => event.spec === 'bad-0' && event.state === 'ok');
  t.deepEqual(worked, []);
});

test('an engine is tried every night, and mended, what was left is worked', async (t) => {
  const house = await makeHouse(t, oneFlow('work', vllm('socket: /nowhere/e.sock')));
  t.is((await house.night()).spec('bad-0').outcome, 'red-bin');
  t.is((await house.night()).spec('bad-0').outcome, 'red-bin');
  house.commit({ 'pantheon.yaml': tinyConfig() });
  t.is((await house.night()).spec('bad-0').outcome, 'pull-request');
});

const confined = bubblewrap ? test : test.skip;

confined('exit code 0 with red bins, 1 with --strict, 2 for an exam of it', async (t) => {
  const files = oneFlow('reviewA', vllm('socket: /nowhere/e.sock'));
  const { pantheon, folder } = await makePlace(t, files);
  mkdirSync(join(folder, 'only'));
  writeFileSync(join(folder, 'only/bad-0.yaml'), tinySpec('bad-0/', 'flow: flow-0\n'));
  const ended = await pantheon('night', '--specs', 'only');
  t.is(ended.code, 0, ended.stderr);
  t.regex(ended.stdout, /Red bins \(1\)/);
  t.regex(ended.stdout, /profiles\.tiny\.case-0\.socket/);
  t.is((await pantheon('night', '--specs', 'only', '--strict')).code, 1);
  const exam = await pantheon('review', 'exam', '--flow', 'flow-0', '--patches', '1');
  t.is(exam.code, 2, exam.stdout);
  t.regex(exam.stderr, /profiles\.tiny\.case-0\.socket: .*nothing listens/);
});
