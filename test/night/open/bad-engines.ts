// SPDX-License-Identifier: GPL-3.0-only
import { spawnSync } from 'node:child_process';
import { lchownSync, readFileSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { vllmAnswers } from '../../cli/served-vllm.ts';
import { bait, type Cleaning, say, serve, socketPath } from '../../engine/wire/with-server.ts';
import type { TinyModel } from '../../tiny-model/tiny-model.ts';
import { temporaryFolder } from '../../workspace/with-repository.ts';

type Bad = {
  readonly title: string;
  /** The runtime as written in pantheon.yaml. */
  readonly runtime: (t: Cleaning) => string | Promise<string>;
  /** What the red bin says after `profiles.tiny.case-N`. */
  readonly says: RegExp;
  readonly asRoot?: true;
};

export const vllm = (where: string, more = 'model: tiny') => `{ engine: vllm, ${where}, ${more} }`;
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

const llama = (path: string, more = '') => `{ engine: llama, model: ${path}, processes: 1${more} }`;

/** What a profile may say of an engine that cannot be used; `weights` are sound ones. */
export const badEngines = (weights: TinyModel): readonly Bad[] => {
  /** A tiny model's file, spoilt. */
  const spoilt = (t: Cleaning, change: (bytes: Buffer) => Buffer | string): string => {
    const path = join(temporaryFolder(t), 'spoilt.gguf');
    writeFileSync(path, change(readFileSync(weights.gguf)));
    return path;
  };

  return [
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
      says: /^\.url: 127\.0\.0\.1:8000 is not a URL; write/,
    },
    {
      title: 'an address with a path',
      runtime: () => vllm(port(8000, '/v1')),
      says: /^\.url: .* has the path \/v1; write http:\/\/127\.0\.0\.1:8000/,
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
      says: /^\.socket: .* is a file and not a socket; write the path/,
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
      says: /^\.socket: .* is not a vLLM server: something else answers there; correct the address/,
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
      says: /^\.socket: .* is not a vLLM server: an Ollama server answers there \(engine: ollama\)/,
    },
    {
      title: 'vLLM where Ollama should be',
      runtime: async (t) =>
        `{ engine: ollama, socket: ${await serve(t, json(models))}, model: tiny }`,
      says: /^\.socket: .* is not an Ollama server: a vLLM server answers there \(engine: vllm\)/,
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
      says: /^\.contextTokens: the server takes 4096 tokens and not 99999; start it with/,
    },
    {
      title: 'a context that holds no answer of the agent',
      runtime: async (t) =>
        vllm(`socket: ${await serve(t, vllmAnswers('tiny', { contextTokens: 4096 }))}`),
      says: /^\.contextTokens: the engine holds 4096 tokens, and tiny\.worker needs \d+ for its prompt alone and 4096 for an answer; give profiles\.\S+ at least \d+ tokens, or bind tiny\.worker to/,
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
      says: /^\.model: .*hf is not a GGUF file/,
    },
    {
      title: 'an adapter for another base',
      runtime: () => llama(weights.gguf, `, adapter: ${weights.otherAdapter}`),
      says: /^\.adapter: .*other-adapter\.gguf does not fit the model/,
    },
  ];
};

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

/** What a server that passed the preflight does to the first unit, and what its red bin says. */
export const midNight: readonly (readonly [
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
    /sent JSON that is not whole: <h1>/,
  ],
  [
    'fails',
    () => later((response) => response.writeHead(500).end('{"message":"out of memory"}')),
    /refused the request \(HTTP 500\): out of memory/,
  ],
];
