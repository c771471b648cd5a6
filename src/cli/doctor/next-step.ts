// SPDX-License-Identifier: GPL-3.0-only
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { Runtime } from '../../config/schema.ts';
import { vllmStructured } from '../../engine/canary.ts';
import type { Check } from '../../engine/contract/engine.ts';

/** What else a profile asks of the same server: one start line serves them all. */
export type Shared = { readonly adapters: readonly string[]; readonly contextTokens?: number };

/** Whether a program can be started by its name. */
export type Installed = (program: string) => boolean;

/** Looks through PATH. */
export const inPath: Installed = (program) =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return folder !== '';
    } catch {
      return false;
    }
  });

/**
 * The one next step for a check that is not ok: the check's own, or for a server that does not run
 * the command that starts it as this runtime needs it.
 */
export const nextStep = (
  check: Check,
  runtime: Runtime,
  shared: Shared,
  installed: Installed,
): string | undefined => {
  const gone = /nothing listens there(?<file>, the file is not there)?$/.exec(check.detail);
  if (check.name !== 'reachable' || !gone) return check.fix;
  if (runtime.engine === 'vllm') {
    const start = `start it with: ${vllmStart(runtime, shared)}`;
    if (runtime.socket !== undefined && gone.groups?.file === undefined) {
      // A server binds its socket long before it listens, and does not bind over one that was left.
      return `wait if it was just started; else remove the socket that one left (rm ${word(runtime.socket)}), and ${start}`;
    }
    return installed('vllm')
      ? start
      : `install vLLM (pip install vllm, in an environment of its own), and ${start}`;
  }
  if (runtime.engine === 'ollama') {
    const start = `start it with: ${ollamaStart(runtime)}`;
    return installed('ollama')
      ? start
      : `install Ollama (https://ollama.com/download), and ${start}`;
  }
  if (runtime.engine === 'openai')
    return `start the server; llama.cpp's: ${llamaStart(runtime, shared)}`;
  return check.fix;
};

/** Its slots share the context. */
const llamaStart = (
  { model, socket, url, slots = 4 }: Runtime,
  { contextTokens = 4096 }: Shared,
): string =>
  [
    'llama-server --model FILE.gguf --alias',
    word(model ?? 'MODEL'),
    ...(socket === undefined ? hostAndPort(url) : ['--host', word(socket)]),
    `--ctx-size ${slots * contextTokens} --parallel ${slots}`,
  ].join(' ');

const vllmStart = ({ model, socket, url }: Runtime, { adapters, contextTokens }: Shared): string =>
  [
    ...(socket === undefined || existsSync(dirname(socket))
      ? []
      : [`sudo install -d -o "$USER" ${word(dirname(socket))} &&`]),
    ...(adapters.length === 0 ? [] : ['VLLM_ALLOW_RUNTIME_LORA_UPDATING=True']),
    'vllm serve',
    word(model ?? 'MODEL'),
    ...(socket === undefined ? hostAndPort(url) : ['--uds', word(socket)]),
    ...(contextTokens === undefined ? [] : ['--max-model-len', String(contextTokens)]),
    ...(adapters.length === 0 ? [] : ['--enable-lora --max-loras', String(adapters.length)]),
    '--scheduling-policy priority',
    vllmStructured,
  ].join(' ');

const hostAndPort = (url: string | undefined): readonly string[] => {
  const parsed = URL.parse(url ?? '');
  return parsed ? ['--host', '127.0.0.1', '--port', parsed.port || '80'] : [];
};

const ollamaStart = ({ url, slots = 4 }: Runtime): string =>
  [
    ...(URL.parse(url ?? '') ? [`OLLAMA_HOST=${URL.parse(url ?? '')?.host}`] : []),
    'OLLAMA_NO_CLOUD=1',
    `OLLAMA_NUM_PARALLEL=${slots}`,
    'ollama serve',
  ].join(' ');

/** As a POSIX shell takes one word. */
const word = (text: string): string =>
  /^[\w./:@+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
