// SPDX-License-Identifier: GPL-3.0-only
import { chownSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import type { Runtime } from '../../src/config/schema.ts';
import { UserError } from '../../src/data/user-error.ts';
import { type Engine, EngineFault } from '../../src/engine/contract/engine.ts';
import { openOllamaEngine } from '../../src/engine/ollama/engine.ts';
import { openVllmEngine } from '../../src/engine/vllm/engine.ts';
import { each } from '../each.ts';
import { pretend, type Reply, servedRequest } from './served/with-served.ts';
import { bait, say, serve, socketPath } from './wire/with-server.ts';

/*
 * What a profile can get wrong about a server, and a server about its answers, as both served
 * engines tell it: when it is looked at and when it is asked, in words that begin with the setting
 * and end with the next step.
 */

const setting = 'profiles.gpu.doc.title';
const drivers = { vllm: openVllmEngine, ollama: openOllamaEngine } as const;
type Name = keyof typeof drivers;
type Where = Partial<Runtime>;

/** Everything said on the way: opening, looking, asking; what succeeded said nothing. */
const saidBy = async (name: Name, where: Where): Promise<readonly string[]> => {
  const said: string[] = [];
  const attempt = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof EngineFault || error instanceof UserError)) throw error;
      said.push(error.message.replace(/^pantheon\.yaml: /, ''));
      return undefined;
    }
  };
  const engine: Engine | undefined = await attempt(() =>
    drivers[name]({ engine: name, model: 'tiny', ...where }, { setting }),
  );
  if (engine === undefined) return said;
  await attempt(engine.probe);
  const { adapter } = where;
  await attempt(() =>
    engine.complete(servedRequest({ ...(adapter !== undefined && { adapter }) })),
  );
  await engine.close();
  return said;
};

/** `words`: what every message of an engine says, and how many of the two attempts fail. */
const tells = test.macro({
  exec: async (
    t: ExecutionContext,
    place: (t: ExecutionContext) => Promise<Where> | Where,
    words: Partial<Record<Name, RegExp>>,
  ) => {
    const where = await place(t);
    for (const [name, message] of Object.entries(words)) {
      const said = await saidBy(name as Name, where);
      t.true(said.length > 0, `${name} said nothing`);
      for (const line of said) {
        t.true(
          [`${setting}.`, `${setting}:`].some((place) => line.startsWith(place)),
          line,
        );
        t.regex(line, message);
        t.regex(line, /; \S.{8}/, 'the next step');
        t.notRegex(line, /\p{Cc}/u);
        t.true(line.length < 600);
      }
    }
  },
  title: (title = '') => title,
});

const both = (message: RegExp) => ({ vllm: message, ollama: message });
const isNo = (kind: string) => ({
  vllm: new RegExp(`not a vLLM server: ${kind}.*; correct the address, or the engine`),
  ollama: new RegExp(`not an Ollama server: ${kind}.*; correct the address, or the engine`),
});

/* The wrong place. */

test('a port on which nothing listens', tells, () => ({ url: 'http://127.0.0.1:9' }), {
  ...both(/\.url: http:\/\/127\.0\.0\.1:9 nothing listens there; start the server or correct/),
});
test('a socket that is not there', tells, (t) => ({ socket: socketPath(t) }), {
  ...both(/\.socket: \S+ nothing listens there, the file is not there; start the server/),
});
for (const [url, message] of [
  ['localhost:8000', /\.url: .*; write .*http:\/\/127\.0\.0\.1:8000/],
  ['https://127.0.0.1:8000', /\.url: .* uses https.*; write/],
  ['http://127.0.0.1:8000/v1', /\.url: .*path \/v1; write http:\/\/127\.0\.0\.1:8000$/],
  ['http://192.0.2.7:8000', /\.url: .* leads to 192\.0\.2\.7, not to this machine; write/],
] as const) {
  test(`the address ${url}`, tells, () => ({ url }), both(message));
}
test(
  'a socket and an address',
  tells,
  () => ({ socket: '/run/x.sock', url: 'http://127.0.0.1:1' }),
  both(/names a "socket" and a "url"; keep one/),
);

if (process.getuid?.() === 0) {
  test(
    'a socket of somebody else',
    tells,
    async (t: ExecutionContext) => {
      const socket = await serve(t, (_request, response) => response.end('{}'));
      chownSync(socket, 65_534, 65_534);
      return { socket };
    },
    both(/\.socket: .*belongs to .*65534.*; run the server as this user or as root/),
  );
} else test.skip('a socket of somebody else (only root can give one away)', () => {});

/* The wrong server. */

const vllm: Readonly<Record<string, Reply>> = {
  '/version': { version: '0.32.0' },
  '/v1/models': {
    data: [
      { id: 'tiny', root: 'hub/tiny', max_model_len: 1024 },
      { id: 'stray', root: 'hub/stray', parent: 'large' },
    ],
  },
  '/tokenize': { count: 3 },
  '/v1/chat/completions': [404, { error: { message: 'The model does not exist.', code: 404 } }],
};
const ollama: Readonly<Record<string, Reply>> = {
  '/api/version': { version: '0.17.4' },
  '/api/status': { cloud: { disabled: true } },
  '/api/tags': { models: [{ name: 'tiny:latest', digest: 'a'.repeat(64) }] },
  '/api/show': {
    template: '{{ .Messages }}',
    model_info: { 'general.architecture': 'llama', 'llama.context_length': 4096 },
  },
};
const pretended =
  (replies: Readonly<Record<string, Reply>>, more: Where = {}) =>
  async (t: ExecutionContext): Promise<Where> => ({
    socket: (await pretend(t, replies)).socket,
    ...more,
  });

each(tells, {
  'Ollama where vLLM is configured': [
    pretended(ollama),
    { vllm: isNo('an Ollama server answers there \\(engine: ollama\\)').vllm },
  ],
  'vLLM where Ollama is configured': [
    pretended(vllm),
    { ollama: isNo('a vLLM server answers there \\(engine: vllm\\)').ollama },
  ],
  'another server that speaks like OpenAI': [
    pretended({ '/v1/models': { data: [{ id: 'x' }] } }),
    isNo("another server in OpenAI's form answers"),
  ],
  'a web server that knows no such page': [pretended({}), isNo('something else answers')],
  'a web server that asks for a password': [
    async (t) => ({
      socket: await serve(t, (_request, response) => response.writeHead(401).end('Unauthorized')),
    }),
    isNo('something else answers'),
  ],
  'a web server that has one page for everything': [
    async (t) => ({
      socket: await serve(t, (_request, response) => response.end('<!doctype html><p>It works!')),
    }),
    { vllm: /; correct the address, or the engine/, ollama: isNo('something else').ollama },
  ],
  'a web server that leads elsewhere': [
    async (t) => ({
      socket: await serve(t, (_request, response) =>
        response.writeHead(301, { location: 'https://example.org/' }).end(),
      ),
    }),
    both(/redirects to https:\/\/example\.org\/.*never followed; correct the address/),
  ],
  'a server that does not speak HTTP': [
    async (t) => ({ socket: await say(t, 'SSH-2.0-OpenSSH_9.2\r\n') }),
    both(/does not speak HTTP; another kind of server listens there; correct the address/),
  ],
  'a server that hangs up at once': [
    async (t) => ({ socket: await say(t, '', 'break') }),
    both(/broke the connection off; look at the log/),
  ],
  'a port on which all is answered with two brackets': [
    async (t) => ({ url: `http://127.0.0.1:${(await bait(t)).port}` }),
    { vllm: /; correct the address, or the engine/, ollama: isNo('something else').ollama },
  ],
  /* The wrong model. */
  'a model that the vLLM server does not serve': [
    pretended(vllm, { model: 'big' }),
    {
      vllm: /\.model: the server does not serve "big".*; correct the name, or start it with --served/,
    },
  ],
});
test('the same, of a spec with a priority', async (t) => {
  const { socket } = await pretend(t, vllm);
  const engine = await openVllmEngine({ engine: 'vllm', model: 'big', socket }, { setting });
  t.teardown(engine.close);
  const asking = engine.complete(servedRequest({ priority: 1 }));
  await t.throwsAsync(asking, { instanceOf: EngineFault, message: /\.model: .*; correct the/ });
});

each(tells, {
  'a model that the Ollama server has not': [
    pretended(ollama, { model: 'big' }),
    { ollama: /\.model: the server has no model "big"; it has: tiny:latest; .*ollama pull big/ },
  ],
  'an adapter that is not there': [
    pretended(vllm, { adapter: 'no' }),
    {
      vllm: /\.adapter: the server has no adapter "no".*; .*--lora-modules no=PATH/,
      ollama: /\.adapter: Ollama takes adapters only as part of a model; create one/,
    },
  ],
  'an adapter of another base': [
    pretended(vllm, { adapter: 'stray' }),
    {
      vllm: /\.adapter: .*("stray" is an adapter of "large" and not of "tiny"|no adapter "stray").*; /,
    },
  ],
  'a server that asks for a key': [
    pretended({ ...vllm, '/v1/models': [401, { error: 'no' }], '/v1/chat/completions': [401, {}] }),
    { vllm: /HTTP 401.*; start it without --api-key/ },
  ],
});

/* Half an answer. */

const half = '{"data":[{"id":"ti';
const halves: readonly (readonly [Name, string, Readonly<Record<string, Reply>>])[] = [
  ['vllm', '/v1/models', vllm],
  ['vllm', '/tokenize', vllm],
  ['vllm', '/v1/chat/completions', vllm],
  ['ollama', '/api/tags', ollama],
  ['ollama', '/api/show', ollama],
  ['ollama', '/api/chat', ollama],
];
for (const [name, path, replies] of halves) {
  test(`${name}: half a JSON of ${path}`, async (t) => {
    const { socket } = await pretend(t, { ...replies, [path]: half });
    const said = await saidBy(name, { socket });
    const line =
      said.find((each) =>
        /JSON that is not whole|something else than a stream of events/.test(each),
      ) ?? '';
    t.true(line.startsWith(`${setting}.socket: ${socket} `), said.join('\n'));
    t.regex(line, /; (look at the log of the server|another kind .*; correct the address)/);
  });
}
test('half an event', tells, pretended({ ...vllm, '/v1/chat/completions': `data: ${half}` }), {
  vllm: /in the middle of an event; look at the log/,
});
