// SPDX-License-Identifier: GPL-3.0-only
import { EngineFault } from '../contract/engine.ts';
import { complaintIn } from '../served/read-json.ts';
import { askServer } from '../served/who-answers.ts';
import { listServedModels } from './models.ts';
import type { VllmServer } from './server.ts';

/** Loading reads weights from a disk. */
const timeoutMs = 300_000;

/**
 * Has the server load a LoRA adapter from a folder that it can read, under a name that requests
 * then give; the same one again is not a mistake.
 * @throws EngineFault when the server loads none, or not this one.
 */
export const loadAdapter = async (
  server: VllmServer,
  name: string,
  path: string,
): Promise<void> => {
  const body = { lora_name: name, lora_path: path };
  const answer = await askServer(server.endpoint, '/v1/load_lora_adapter', { body, timeoutMs });
  if (answer.status === 200) return;
  if (answer.status === 400 && /already been loaded/.test(answer.body)) {
    const there = (await listServedModels(server)).find(({ id }) => id === name);
    if (there?.root === path) return;
    throw fault(
      server,
      `the server has another adapter "${name}", from ${there?.root}; unload it or take another name`,
    );
  }
  throw refused(server, `the adapter "${name}" was not loaded from ${path}`, answer);
};

/** @throws EngineFault when the server has no such adapter or unloads none. */
export const unloadAdapter = async (server: VllmServer, name: string): Promise<void> => {
  const body = { lora_name: name };
  const answer = await askServer(server.endpoint, '/v1/unload_lora_adapter', { body, timeoutMs });
  if (answer.status !== 200)
    throw refused(server, `the adapter "${name}" was not unloaded`, answer);
};

const refused = (
  server: VllmServer,
  what: string,
  { status, body }: { readonly status: number; readonly body: string },
): EngineFault => {
  // FastAPI's answer for a path it does not serve, as opposed to an adapter that is not there.
  if (status === 404 && /"detail"/.test(body)) {
    return fault(
      server,
      'the server loads no adapters while it runs; start it with --enable-lora and VLLM_ALLOW_RUNTIME_LORA_UPDATING=True',
    );
  }
  const said = complaintIn(body);
  const why = /size of tensor|shape|mismatch/i.test(said)
    ? `it was made for another base than "${server.model}" (${said}); take an adapter of this base`
    : /max_lora_rank/.test(said)
      ? `${said}; start the server with a higher --max-lora-rank`
      : `${said}; check that the server can read the folder and that it was started with --enable-lora`;
  return fault(server, `${what}: ${why}`);
};

const fault = (server: VllmServer, said: string): EngineFault =>
  new EngineFault(`${server.setting}.adapter: ${said}`);
