// SPDX-License-Identifier: GPL-3.0-only
import type { LlamaContextSequence, Token } from 'node-llama-cpp';
import type { Message } from '../../../src/engine/contract/engine.ts';
import { loadModel } from '../../../src/engine/llama/model/load-model.ts';

/** node-llama-cpp without the engine: one sequence on one thread, free text of a given length. */
export type Plain = {
  /** Evaluates a prompt, of which the last one's beginning is kept, and samples so many tokens. */
  readonly write: (messages: readonly Message[], tokens: number) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Opens a GGUF that way, in this process. */
export const openPlain = async (path: string, contextTokens: number): Promise<Plain> => {
  const library = await import('node-llama-cpp');
  const { llama, model, prompts } = await loadModel(library, {
    model: path,
    contextTokens,
    gpu: false,
    template: undefined,
    log: { lines: [] },
  });
  const context = await model.createContext({
    contextSize: contextTokens,
    sequences: 1,
    threads: 1,
  });
  const sequence = context.getSequence();
  return {
    write: async (messages, tokens) => {
      const prompt = prompts.read(messages).tokens;
      await sequence.adaptStateToTokens([...prompt.slice(0, -1)], false);
      await sample(sequence, prompt.slice(sequence.nextTokenIndex), tokens);
    },
    close: () => llama.dispose(),
  };
};

const sample = async (
  sequence: LlamaContextSequence,
  prompt: readonly Token[],
  tokens: number,
): Promise<void> => {
  const iterator = sequence.evaluate([...prompt], { temperature: 0, yieldEogToken: true });
  for (let written = 0; written < tokens; written += 1) await iterator.next();
  await iterator.return();
};
