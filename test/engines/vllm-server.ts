// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import { enginesFolder, logFile, tiny } from './engines-folder.ts';
import { type SocketServer, socketServer } from './server-process.ts';

export const vllmContext = 1024;

/** Real vLLM on the CPU with the tiny model, on `folder/vllm.sock`. */
export const vllmServer = (
  folder: string,
  context: number = vllmContext,
  more: readonly string[] = [],
): SocketServer => {
  const socket = join(folder, 'vllm.sock');
  const structured = { backend: 'xgrammar', disable_any_whitespace: true };
  return socketServer(socket, {
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
  });
};
