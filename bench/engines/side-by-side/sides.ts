// SPDX-License-Identifier: GPL-3.0-only
import { join, resolve } from 'node:path';
import type { Runtime } from '../../../src/config/schema.ts';
import { installed } from '../../../test/engines/engines-folder.ts';
import { ollamaServer } from '../../../test/engines/ollama-server.ts';
import { freePort } from '../../../test/engines/server-process.ts';
import { vllmServer } from '../../../test/engines/vllm-server.ts';

export const contextTokens = 8192;

/** An engine that is ready to be opened. */
export type Started = { readonly runtime: Runtime; readonly stop: () => Promise<void> };

export type SideEngine = {
  readonly name: string;
  /** Why it cannot be measured here. */
  readonly skip: string | undefined;
  readonly start: () => Promise<Started>;
};

const nothing = async (): Promise<void> => {};

/** The four engines that hold a schema, on the model at `gguf`; servers listen in `folder`. */
export const sideEngines = (folder: string, gguf: string): readonly SideEngine[] => {
  const addon = '../../../node_modules/openvino-genai-node/bin/genai_node_addon.node';
  return [
    {
      name: 'llama',
      skip: undefined,
      start: async () => ({
        runtime: { engine: 'llama', model: gguf, contextTokens },
        stop: nothing,
      }),
    },
    {
      name: 'openvino',
      skip: installed('openvino', resolve(import.meta.dirname, addon)).skip,
      start: async () => ({
        runtime: { engine: 'openvino', model: gguf, contextTokens },
        stop: nothing,
      }),
    },
    {
      name: 'vllm',
      skip: installed('vllm', 'vllm/bin/vllm').skip,
      start: async () => {
        const server = vllmServer(folder, contextTokens);
        await server.start();
        const { socket } = server;
        return { runtime: { engine: 'vllm', model: 'tiny', socket }, stop: server.kill };
      },
    },
    {
      name: 'ollama',
      skip: installed('ollama', 'ollama/ollama').skip,
      start: async () => {
        const server = ollamaServer(join(folder, 'ollama'), await freePort());
        await server.start();
        const { url } = server;
        return {
          // Two threads on two cores that others use too spend most of their time on waiting for each other.
          runtime: { engine: 'ollama', model: 'tiny', url, contextTokens, slots: 4, threads: 1 },
          stop: server.kill,
        };
      },
    },
  ];
};
