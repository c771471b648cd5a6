// SPDX-License-Identifier: GPL-3.0-only
/** What an engine's constraint counts; see `lowerSchema` for what every engine holds. */
export type Abilities = {
  /** The longest string that it counts; a higher bound is dropped. */
  readonly maxLength: number;
  /** As `maxLength`, for items. */
  readonly maxCount: number;
  /** As `maxLength`, for the members of an object that declares none. */
  readonly maxMembers: number;
};

/**
 * The grammar of `compact-grammar.ts` as OpenVINO reads its text: xgrammar becomes a thousand times
 * slower where it counts further.
 */
export const compactAbilities: Abilities = { maxLength: 2 ** 20, maxCount: 128, maxMembers: 128 };

/** The same grammar, read by engine llama itself. */
export const llamaAbilities: Abilities = {
  maxLength: 2 ** 20,
  maxCount: 2 ** 20,
  maxMembers: 2 ** 20,
};

/**
 * vLLM with the xgrammar backend. A string whose length it counts cannot hold an escape: no quote,
 * no line break (xgrammar 0.2.8), so it counts none.
 */
export const vllmAbilities: Abilities = { maxLength: 0, maxCount: 128, maxMembers: 0 };

/**
 * Servers in OpenAI's form are mostly llama.cpp's. Its converter refuses what it has to write out more than
 * 2,000 times, repetitions within repetitions multiplied (build 10434): a list of bounded strings already.
 */
export const openaiAbilities: Abilities = { maxLength: 0, maxCount: 128, maxMembers: 0 };

/** Ollama: llama.cpp's converter, whose grammar refuses more than 2,000 repetitions. */
export const ollamaAbilities: Abilities = { maxLength: 2000, maxCount: 2000, maxMembers: 0 };
