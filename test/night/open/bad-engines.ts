// SPDX-License-Identifier: GPL-3.0-only
import { mkdirSync, writeFileSync } from 'node:fs';
import type { RequestListener, ServerResponse } from 'node:http';
import { join } from 'node:path';
import test from 'ava';
import { confinedTest } from '../../boundary/with-bubblewrap.ts';
import { vllmAnswers } from '../../cli/served-vllm.ts';
import { makePlace } from '../../cli/with-cli.ts';
import { type Cleaning, serve, socketPath } from '../../engine/wire/with-server.ts';
import { cachedTinyModel } from '../../tiny-model/tiny-model.ts';
import type { Files } from '../../workspace/with-repository.ts';
import { asPeopleDo } from '../support/as-people-do.ts';
import { tinyConfig, tinyFlow, tinySpec } from '../support/tiny-house.ts';
import { wholeFile } from '../support/whole-file.ts';
import { makeHouse, type Worked } from '../support/with-night.ts';

/*
 * What a person gets wrong about an engine, and what an engine may do to them: its specs end in a
 * red bin that names the profile and the setting, and the specs of a flow that does without it are
 * worked as ever. All of it in one night: each case is a flow of its own, one node of which runs on
 * what the profile says of it.
 */

const vllm = (where: string, more = 'model: tiny') => `{ engine: vllm, ${where}, ${more} }`;
const tiny = cachedTinyModel();

/** What a profile may say of an engine that cannot be used; test/engine has the others. */
const cases: readonly (readonly [
  title: string,
  runtime: (t: Cleaning) => string | Promise<string>,
  says: RegExp,
])[] = [
  [
    'an address on which nothing listens',
    () => vllm('url: "http://127.0.0.1:1"'),
    /^\.url: http:\/\/127\.0\.0\.1:1 nothing listens there; start the server or/,
  ],
  [
    'no address at all',
    () => '{ engine: vllm, model: tiny }',
    /^: .*says not where the server listens; set "socket"/,
  ],
  [
    'a socket that is not there',
    (t) => vllm(`socket: ${socketPath(t)}`),
    /^\.socket: .*engine\.sock nothing listens there, the file is not there; start/,
  ],
  [
    'more context than the server holds',
    async (t) =>
      vllm(
        `socket: ${await serve(t, vllmAnswers('tiny', { contextTokens: 4096 }))}`,
        'model: tiny, contextTokens: 99999',
      ),
    /^\.contextTokens: the server takes 4096 tokens and not 99999; start it with/,
  ],
  [
    'a context that holds no answer of the agent',
    async (t) => vllm(`socket: ${await serve(t, vllmAnswers('tiny', { contextTokens: 4096 }))}`),
    /^\.contextTokens: the engine holds 4096 tokens, and tiny\.worker needs \d+ for its prompt before any task and 4096 for an answer; start the server with a context of \d+ or more, bind tiny\.worker to/,
  ],
  [
    'a server that ignores the schema',
    async (t) => vllm(`socket: ${await serve(t, vllmAnswers('tiny', { says: 'The sea.' }))}`),
    /^: schema: not enforced: .* got: The sea\.; start vLLM with/,
  ],
  [
    'weights that are not there',
    () => '{ engine: llama, model: no-such-model, processes: 1 }',
    /^\.model: .*no-such-model.*pantheon models pull/,
  ],
  [
    'an adapter for another base',
    () => `{ engine: llama, model: ${tiny.gguf}, processes: 1, adapter: ${tiny.otherAdapter} }`,
    /^\.adapter: .*other-adapter\.gguf does not fit the model/,
  ],
];

/** Answers the preflight and then, mid-night, like this. */
const later = (spoil: (response: ServerResponse) => void): RequestListener => {
  const answers = vllmAnswers('tiny', { contextTokens: 32_768 });
  let asked = 0;
  return (request, response) => {
    const asks = request.url === '/v1/chat/completions';
    if (asks) asked += 1;
    return asks && asked > 1 ? spoil(response) : answers(request, response);
  };
};

/** What a server that passed the preflight does to the first unit, and what its red bin says. */
const midNight: readonly (readonly [title: string, listener: RequestListener, says: RegExp])[] = [
  [
    'breaks off',
    later((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: {"choices"', () => response.destroy());
    }),
    /engine\.sock broke its answer off in the middle; look at the log/,
  ],
  [
    'fails',
    later((response) => response.writeHead(500).end('{"message":"out of memory"}')),
    /refused the request \(HTTP 500\): out of memory/,
  ],
];

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

/** Every case's flow, spec and file; the good ones are asked for as well. */
const everything = async (): Promise<Files> => {
  const late = await Promise.all(midNight.map(([, listener]) => serve(file, listener)));
  const runtimes = [
    ...(await Promise.all(cases.map(([, runtime]) => runtime(file)))),
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
  .then((house) => house.night(asPeopleDo));
night.catch(() => {});

test('specs that need no bad engine are worked', async (t) => {
  const { spec } = await night;
  t.is(spec('good').outcome, 'pull-request', spec('good').reason);
});

for (const [index, [title, , says]] of cases.entries()) {
  test(`a red bin names profile and setting: ${title}`, async (t) => {
    const { spec, said, summary } = await night;
    const { outcome, code, reason } = spec(`bad-${index}`);
    t.is(code, 'engine.unusable', reason);
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
    t.is(unit?.code, 'engine.failed', reason);
    t.regex(unit?.reason ?? '', new RegExp(`^profiles\\.tiny\\.case-${number}\\.socket: /`));
    t.regex(unit?.reason ?? '', says);
  });
}

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

confinedTest('exit code 0 with red bins, 1 with --strict, 2 for an exam of it', async (t) => {
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
