// SPDX-License-Identifier: GPL-3.0-only
import { rmSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { enginesFolder, logFile, tiny } from './engines-folder.ts';
import { type ServerProcess, serverProcess } from './server-process.ts';

export const vllmContext = 1024;

/** Real vLLM on the CPU with the tiny model, on `folder/vllm.sock`. */
export const vllmServer = (
  folder: string,
  context: number = vllmContext,
  more: readonly string[] = [],
): ServerProcess & { readonly socket: string } => {
  const socket = join(folder, 'vllm.sock');
  const structured = { backend: 'xgrammar', disable_any_whitespace: true };
  const server = serverProcess({
    command: [
      join(enginesFolder(), 'vllm', 'bin', 'vllm'),
      ...['serve', tiny().hf, '--uds', socket, '--served-model-name', 'tiny'],
      ...['--dtype', 'float32', '--max-model-len', String(context), '--enforce-eager'],
      ...['--enable-lora', '--max-lora-rank', '8', '--scheduling-policy', 'priority'],
      ...['--structured-outputs-config', JSON.stringify(structured)],
      '--enable-prompt-tokens-details',
      // On a CPU a seeded request whose prompt is read in parts ends the whole server (vLLM 0.32).
      '--no-enable-chunked-prefill',
      ...more,
    ],
    environment: {
      HOME: folder,
      // Its parts speak to each other over sockets that a killed server leaves behind.
      TMPDIR: folder,
      HF_HUB_OFFLINE: '1',
      VLLM_CPU_KVCACHE_SPACE: '1',
      VLLM_NO_USAGE_STATS: '1',
      DO_NOT_TRACK: '1',
      VLLM_ALLOW_RUNTIME_LORA_UPDATING: 'True',
    },
    log: logFile('vllm'),
    ready: () => answers(socket, '/health'),
  });
  const start = async (): Promise<void> => {
    // What was killed leaves its socket, and vLLM does not bind over it.
    rmSync(socket, { force: true });
    await server.start();
  };
  return { ...server, start, socket };
};

const answers = (socketPath: string, path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const asked = request({ socketPath, path, timeout: 2000 }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(false));
    asked.end();
  });
