// SPDX-License-Identifier: GPL-3.0-only
import type { Json } from '../../data/digest.ts';
import type { ModelAsk } from '../models/model-files.ts';
import type { Endpoint } from '../wire/endpoint.ts';

/** An Ollama server as one runtime of pantheon.yaml speaks to it. */
export type OllamaServer = ModelAsk & {
  readonly endpoint: Endpoint;
  /** As in pantheon.yaml: `qwen3:4b`. */
  readonly model: string;
  /** Threads that answer; Ollama's own choice is all cores, which spin where they are not free. */
  readonly threads?: number;
};

/**
 * What goes with every request that loads or uses a model. A prompt that does not fit is refused
 * and an answer is never continued on a context whose beginning was dropped.
 */
export const wholePrompt = (model: string): { readonly [key: string]: Json } => ({
  model,
  truncate: false,
  shift: false,
  think: false,
  keep_alive: '30m',
});

/** Options that a model is loaded with; other ones in a request would load it again. */
export const loadOptions = (
  { threads }: OllamaServer,
  contextTokens: number,
): { readonly [key: string]: Json } => ({
  num_ctx: contextTokens,
  ...(threads !== undefined && { num_thread: threads }),
});
