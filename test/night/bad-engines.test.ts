// SPDX-License-Identifier: GPL-3.0-only
import { spawnSync } from 'node:child_process';
import { lchownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import test from 'ava';
import { bubblewrap } from '../boundary/with-bubblewrap.ts';
import { vllmAnswers } from '../cli/served-vllm.ts';
import { makePlace } from '../cli/with-cli.ts';
import { bait, type Cleaning, say, serve, socketPath } from '../engine/wire/with-server.ts';
import { writeTinyModel } from '../tiny-model/tiny-model.ts';
import { type Files, temporaryFolder } from '../workspace/with-repository.ts';
import { tinyConfig, tinyFlow, tinySpec } from './tiny-house.ts';
import { makeHouse, type Worked } from './with-night.ts';

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

type Bad = {
  readonly title: string;
  /** The runtime as written in pantheon.yaml. */
  readonly runtime: (t: Cleaning) => string | Promise<string>;
  /** What the red bin says after `profiles.tiny.case-N`. */
  readonly says: RegExp;
  readonly asRoot?: true;
};

const vllm = (where: string, more = 'model: tiny') => `{ engine: vllm, ${where}, ${more} }`;
const port = (number: number, path = '') => `url: "http://127.0.0.1:${number}${path}"`;

const json =
  (answers: Readonly<Record<string, unknown>>): RequestListener =>
  ({ url = '' }, response) => {
    const value = answers[url];
    response.writeHead(value === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(value ?? {}));
  };

const model = { id: 'tiny', root: 'tiny', max_model_len: 4096 };
const models = {
  '/version': { version: '0.32.0' },
  '/v1/models': {
    data: [model, { id: 'theirs', root: '/a', parent: 'another' }],
  },
  '/tokenize': { count: 7, max_model_len: 4096 },
};

const cleanings: (() => unknown)[] = [];
const file: Cleaning = { teardown: (clean) => cleanings.push(clean) };
test.after.always(async () => {
  for (const clean of cleanings.toReversed()) await clean();
});

const weights = writeTinyModel(temporaryFolder(file));

/** A tiny model's file, spoilt. */
const spoilt = (t: Cleaning, change: (bytes: Buffer) => Buffer | string): string => {
  const path = join(temporaryFolder(t), 'spoilt.gguf');
  writeFileSync(path, change(readFileSync(weights.gguf)));
  return path;
};

const llama = (path: string, more = '') => `{ engine: llama, model: ${path}, processes: 1${more} }`;

const bad: readonly Bad[] = [
  {
    title: 'an address on which nothing listens',
    runtime: () => vllm(port(1)),
    says: /^\.url: http:\/\/127\.0\.0\.1:1 nothing listens there; start the server or/,
  },
  {
    title: 'an address elsewhere',
    runtime: () => vllm('url: "http://192.0.2.1:8000"'),
    says: /^\.url: http:\/\/192\.0\.2\.1:8000 leads to 192\.0\.2\.1, not to this machine; write/,
  },
  {
    title: 'an address that is none',
    runtime: () => vllm('url: "127.0.0.1:8000"'),
    says: /^\.url: 127\.0\.0\.1:8000 is not an address; write/,
  },
  {
    title: 'an address with a path',
    runtime: () => vllm(port(8000, '/v1')),
    says: /^\.url: .* holds the path \/v1; write http:\/\/127\.0\.0\.1:8000/,
  },
  {
    title: 'no address at all',
    runtime: () => '{ engine: vllm, model: tiny }',
    says: /^: .*says not where the server listens; set "socket"/,
  },
  {
    title: 'a socket that is not there',
    runtime: (t) => vllm(`socket: ${socketPath(t)}`),
    says: /^\.socket: .*engine\.sock nothing listens there, the file is not there; start/,
  },
  {
    title: 'a socket that nobody serves any more',
    runtime: (t) => {
      const left = socketPath(t);
      const listen = `require('net').createServer().listen('${left}', () => process.kill(process.pid, 'SIGKILL'))`;
      spawnSync(process.execPath, ['-e', listen]);
      return vllm(`socket: ${left}`);
    },
    says: /^\.socket: .*engine\.sock nothing listens there; start/,
  },
  {
    title: 'a file where a socket should be',
    runtime: (t) => {
      const path = socketPath(t);
      writeFileSync(path, '');
      return vllm(`socket: ${path}`);
    },
    says: /^\.socket: .* is a file and no socket; write the path/,
  },
  {
    title: "somebody else's socket",
    runtime: async (t) => {
      const socket = await serve(t, vllmAnswers('tiny'));
      lchownSync(socket, 65_533, 65_533);
      return vllm(`socket: ${socket}`);
    },
    says: /^\.socket: .* belongs to .*uid 65533.*; run the server as this user/,
    asRoot: true,
  },
  {
    title: 'a web server on the port',
    runtime: async (t) => {
      const socket = await serve(t, (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>It works!</h1>');
      });
      return vllm(`socket: ${socket}`);
    },
    says: /^\.socket: .* is no vLLM server: something else answers there; correct the address/,
  },
  {
    title: 'a server that speaks no HTTP',
    runtime: async (t) => vllm(`socket: ${await say(t, 'SSH-2.0-OpenSSH_9.2\r\n')}`),
    says: /^\.socket: .* does not speak HTTP; another kind of server listens there/,
  },
  {
    title: 'a server that redirects',
    runtime: async (t) => {
      const { port: elsewhere } = await bait(t);
      const socket = await serve(t, (_request, response) => {
        response.writeHead(302, { location: `http://127.0.0.1:${elsewhere}/` }).end();
      });
      return vllm(`socket: ${socket}`);
    },
    says: /^\.socket: .* redirects to .*, and redirects are never followed; correct/,
  },
  {
    title: 'Ollama where vLLM should be',
    runtime: async (t) =>
      vllm(`socket: ${await serve(t, json({ '/api/version': { version: '0.17.4' } }))}`),
    says: /^\.socket: .* is no vLLM server: an Ollama server answers there \(engine: ollama\)/,
  },
  {
    title: 'vLLM where Ollama should be',
    runtime: async (t) =>
      `{ engine: ollama, socket: ${await serve(t, json(models))}, model: tiny }`,
    says: /^\.socket: .* is no Ollama server: a vLLM server answers there \(engine: vllm\)/,
  },
  {
    title: 'a model that the server has not',
    runtime: async (t) => vllm(`socket: ${await serve(t, json(models))}`, 'model: huge'),
    says: /^\.model: the server does not serve "huge"; it serves: .*tiny.*; correct the name/,
  },
  {
    title: 'more context than the server holds',
    runtime: async (t) =>
      vllm(`socket: ${await serve(t, json(models))}`, 'model: tiny, contextTokens: 99999'),
    says: /^\.contextTokens: the server holds 4096 tokens and not 99999; start it with/,
  },
  {
    title: 'a context that holds no answer of the agent',
    runtime: async (t) =>
      vllm(`socket: ${await serve(t, vllmAnswers('tiny', { contextTokens: 4096 }))}`),
    says: /^\.contextTokens: the engine holds 4096 tokens, and tiny\.worker needs \d+ for its prompt alone and 4096 for an answer; give it more, or lower/,
  },
  {
    title: 'an adapter that the server has for another base',
    runtime: async (t) =>
      vllm(`socket: ${await serve(t, json(models))}`, 'model: tiny, adapter: theirs'),
    says: /^\.adapter: "theirs" is an adapter of "another" and not of "tiny"; correct/,
  },
  {
    title: 'a server that ignores the schema',
    runtime: async (t) =>
      vllm(`socket: ${await serve(t, vllmAnswers('tiny', { says: 'The sea.' }))}`),
    says: /^: schema: not enforced: .* got: The sea\.; update vLLM/,
  },
  {
    title: 'a server whose first answer is half a JSON',
    runtime: async (t) => {
      const text =
        'HTTP/1.1 200 OK\r\ncontent-length: 200\r\ncontent-type: application/json\r\n\r\n{"version": "0.3';
      return vllm(`socket: ${await say(t, text)}`);
    },
    says: /^\.socket: .* (?:broke the connection off|sent less than it announced)/,
  },
  {
    title: 'weights that are not there',
    runtime: () => llama('no-such-model'),
    says: /^\.model: .*no-such-model.*pantheon models pull/,
  },
  {
    title: 'weights that are cut short',
    runtime: (t) => llama(spoilt(t, (bytes) => bytes.subarray(0, bytes.length / 2))),
    says: /^\.model: .*spoilt\.gguf/,
  },
  {
    title: 'weights of another format',
    runtime: (t) => llama(spoilt(t, () => 'PK\u0003\u0004 not weights at all'.repeat(99))),
    says: /^\.model: .*spoilt\.gguf.*GGUF/,
  },
  {
    title: 'a folder of another format',
    runtime: () => llama(weights.hf),
    says: /^\.model: .*hf is no GGUF file/,
  },
  {
    title: 'an adapter for another base',
    runtime: () => llama(weights.gguf, `, adapter: ${weights.otherAdapter}`),
    says: /^\.adapter: .*other-adapter\.gguf does not fit the model/,
  },
];

/** Answers the preflight and then, mid-night, like this. */
const later = (
  spoil: (response: Parameters<RequestListener>[1], whole: string) => void,
): RequestListener => {
  const answers = vllmAnswers('tiny', { contextTokens: 32_768 });
  let asked = 0;
  return (request, response) => {
    if (request.url !== '/v1/chat/completions') return answers(request, response);
    asked += 1;
    if (asked === 1) return answers(request, response);
    request.resume();
    const call = { type: 'tool', name: 'write_file', args: { path: 'bad/a.txt', content: 'done' } };
    const choices = [{ index: 0, delta: { content: JSON.stringify(call) } }];
    return spoil(response, `data: ${JSON.stringify({ choices })}\n\n`);
  };
};

const stream = { 'content-type': 'text/event-stream' };

const midNight: readonly (readonly [
  title: string,
  listener: () => RequestListener,
  says: RegExp,
])[] = [
  [
    'stops with half a JSON',
    () =>
      later((response, whole) => {
        response.writeHead(200, stream);
        response.write(whole.slice(0, 30), () => response.destroy());
      }),
    /engine\.sock broke its answer off in the middle; look at the log/,
  ],
  [
    'ends its answer within a JSON',
    () => later((response, whole) => response.writeHead(200, stream).end(whole.slice(0, 30))),
    /ended its answer in the middle of an event/,
  ],
  [
    'ends its answer without an end',
    () => later((response, whole) => response.writeHead(200, stream).end(whole)),
    /ended its answer before the end; look at the log/,
  ],
  [
    'sends what is no answer',
    () =>
      later((response) => response.writeHead(200, stream).end('data: <h1>\n\ndata: [DONE]\n\n')),
    /sent no whole JSON: <h1>/,
  ],
  [
    'fails',
    () => later((response) => response.writeHead(500).end('{"message":"out of memory"}')),
    /refused the request \(HTTP 500\): out of memory/,
  ],
];

const isRoot = process.getuid?.() === 0;
const cases = bad.filter(({ asRoot }) => isRoot || !asRoot);

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
