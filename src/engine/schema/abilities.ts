// SPDX-License-Identifier: GPL-3.0-only
/** What an engine's constraint can hold of JSON Schema; see `lowerSchema`. */
export type Abilities = {
  /** `own`: the compact grammar's compiler; `plain`: anchored patterns of simple classes. */
  readonly pattern: 'own' | 'plain';
  readonly formats: readonly string[];
  /** Bounds on numbers: on integers, or on those and the sign of the others. */
  readonly ranges: 'integers' | 'integers-and-signs';
  /** `exact`: a tuple holds all of its items and no other. */
  readonly tuples: 'open' | 'exact';
  readonly propertyNames: boolean;
  readonly propertyCount: boolean;
  /** The longest string that it counts; a higher bound is left out. */
  readonly maxLength: number;
  /** As `maxLength`, for items and members. */
  readonly maxCount: number;
};

/** The grammar of `compact-grammar.ts` as OpenVINO reads its text. */
export const compactAbilities: Abilities = {
  pattern: 'own',
  formats: ['date', 'time', 'date-time', 'uuid'],
  ranges: 'integers-and-signs',
  tuples: 'open',
  propertyNames: true,
  propertyCount: true,
  maxLength: 2 ** 20,
  // xgrammar becomes a thousand times slower where it counts further.
  maxCount: 128,
};

/** The same grammar, read by engine llama itself. */
export const llamaAbilities: Abilities = { ...compactAbilities, maxCount: 2 ** 20 };

/**
 * vLLM with the xgrammar backend. It refuses, rather than ignores, `multipleOf`, `uniqueItems`,
 * `contains`, lengths beside `pattern` or `format`, and `propertyNames` beside
 * `additionalProperties` (vllm/v1/structured_output/backend_xgrammar.py). A string whose length it
 * counts cannot hold an escape: no quote, no line break (xgrammar 0.2.8), so it counts none.
 */
export const vllmAbilities: Abilities = {
  pattern: 'plain',
  formats: ['date', 'time', 'date-time', 'uuid', 'email', 'ipv4', 'ipv6', 'uri'],
  ranges: 'integers',
  tuples: 'open',
  propertyNames: false,
  propertyCount: false,
  maxLength: 0,
  maxCount: 128,
};

/**
 * Ollama: llama.cpp's converter (common/json-schema-to-grammar.cpp), whose grammar refuses more
 * than 2,000 repetitions.
 */
export const ollamaAbilities: Abilities = {
  pattern: 'plain',
  formats: ['date', 'time', 'date-time', 'uuid'],
  ranges: 'integers',
  tuples: 'exact',
  propertyNames: false,
  propertyCount: false,
  maxLength: 2000,
  maxCount: 2000,
};
