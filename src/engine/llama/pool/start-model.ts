// SPDX-License-Identifier: GPL-3.0-only
import { type ModelProcess, startProcess } from '../../local/start-process.ts';
import type { ModelCalls, ModelRefusal } from './model-calls.ts';

/** Starts a process for the model at that path; `setting` is for messages (`profiles.gpu.default`). */
export const startModel = (path: string, setting: string): ModelProcess<ModelCalls> =>
  startProcess<ModelCalls>({
    file: new URL('./model-process.ts', import.meta.url),
    setting,
    explain: (about, reason) => {
      const texts: Readonly<Record<ModelRefusal, string>> = {
        package: `.engine: node-llama-cpp does not run here: ${reason}; run "npm ci" again on this machine`,
        memory: `.contextTokens: there is no room for the prompts: ${reason}; lower it, or slots`,
        weights: `.model: ${path} is too large: ${reason}; take a smaller model, or one with fewer bits for a weight`,
        template: `.template: ${path} has no chat template: it was not trained to chat; take one that was, or set this to chatml or plain`,
        adapter: `.adapter: ${reason}; give a LoRA adapter (GGUF) that was made for this model`,
        model: `.model: ${path} cannot be used: ${reason}; give a whole GGUF file of a language model`,
      };
      return texts[about as ModelRefusal];
    },
  });
