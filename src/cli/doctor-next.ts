// SPDX-License-Identifier: GPL-3.0-only
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Runtime } from '../config/schema.ts';
import { vllmStructured } from '../engine/canary.ts';
import type { Check } from '../engine/engine.ts';

/** What else a profile asks of the same server: one start line serves them all. */
export type Shared = { readonly adapters: readonly string[]; readonly contextTokens?: number };

/** Whether a program can be started by its name. */
export type Installed = (program: string) => Promise<boolean>;

/** Looks through PATH. */
export const inPath: Installed = async (program) => {
  for (const folder of (process.env.PATH ?? '').split(delimiter).filter(Boolean)) {
    const found = await access(join(folder, program), constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return true;
  }
  return false;
};

/**
 * The one next step for a check that is not ok: the check's own, or for a server that does not run
 * the command that starts it as this runtime needs it.
 */
export const nextStep = async (
  check: Check,
  runtime: Runtime,
  shared: Shared,
  installed: Installed,
): Promise<string | undefined> => {
  if (check.name !== 'reachable' || !check.detail.includes('nothing listens')) return check.fix;
  if (runtime.engine === 'vllm') {
    const start = `start it with: ${vllmStart(runtime, shared)}`;
    return (await installed('vllm'))
      ? start
      : `install vLLM (pip install vllm, in an environment of its own), and ${start}`;
  }
  if (runtime.engine === 'ollama') {
    const start = `start it with: ${ollamaStart(runtime)}`;
    return (await installed('ollama'))
      ? start
      : `install Ollama (https://ollama.com/download), and ${start}`;
  }
  return check.fix;
};

const vllmStart = ({ model, socket, url }: Runtime, { adapters, contextTokens }: Shared): string =>
  [
    'vllm serve',
    word(model ?? 'MODEL'),
    ...(socket === undefined ? hostAndPort(url) : ['--uds', word(socket)]),
    ...(contextTokens === undefined ? [] : ['--max-model-len', String(contextTokens)]),
    ...(adapters.length === 0 ? [] : ['--enable-lora --lora-modules']),
    ...adapters.map((name) => `${word(name)}=FOLDER`),
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
