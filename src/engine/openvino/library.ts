// SPDX-License-Identifier: GPL-3.0-only

/*
 * The part of openvino-genai-node and openvino-node that is used here, written down because the
 * packages are optional: their own types are there only where they are installed.
 */

export type Tensor = { readonly getShape?: () => readonly number[] };

export type Tokenizer = {
  readonly applyChatTemplate: (
    messages: readonly { readonly role: string; readonly content: string }[],
    addGenerationPrompt: boolean,
    chatTemplate?: string,
    tools?: undefined,
    extraContext?: Readonly<Record<string, unknown>>,
  ) => string;
  readonly encode: (
    prompts: string | readonly string[],
    options?: { readonly add_special_tokens?: boolean },
  ) => { readonly input_ids: Tensor };
  readonly decode: (
    tokens: Tensor,
    options?: { readonly skip_special_tokens?: boolean },
  ) => readonly string[];
  readonly getChatTemplate: () => string;
  readonly setChatTemplate: (template: string) => void;
};

export type GenerationConfig = {
  readonly max_new_tokens: number;
  readonly do_sample: boolean;
  readonly temperature?: number;
  readonly rng_seed?: number;
  readonly structured_output_config?: { readonly grammar: string };
};

export type Decoded = {
  readonly texts: readonly string[];
  /** 1: stop, 2: length. */
  readonly finishReasons: readonly number[];
  readonly perfMetrics: {
    readonly getTTFT: () => { readonly mean: number };
    readonly rawMetrics: { readonly batchSizes: readonly number[] };
  };
};

export type Pipeline = {
  readonly generate: (
    prompts: string | readonly string[],
    config: GenerationConfig,
    streamer?: (piece: string) => number,
  ) => Promise<Decoded>;
  readonly getTokenizer: () => Tokenizer;
};

export type GenAi = {
  readonly LLMPipeline: (
    model: string,
    device: string,
    properties: Readonly<Record<string, unknown>>,
  ) => Promise<Pipeline>;
};

export type OpenVinoRuntime = {
  readonly addon: {
    Tensor?: unknown;
    readonly Core: new () => {
      readonly getAvailableDevices: () => readonly string[];
      readonly getVersions: (device: string) => Readonly<Record<string, { buildNumber?: string }>>;
    };
  };
};

export type Library = GenAi & OpenVinoRuntime;

const names = { runtime: 'openvino-node', genAi: 'openvino-genai-node' } as const;

/** The packages, or what is imported in their place. @throws what the import throws. */
export const importLibrary = async (substitute: string | undefined): Promise<Library> => {
  if (substitute !== undefined) return (await import(substitute)) as Library;
  // By a name that is not a literal: the compiler would look for packages that may not be there.
  const runtime = (await import(names.runtime as string)) as OpenVinoRuntime;
  const genAi = (await import(names.genAi as string)) as GenAi;
  return { addon: runtime.addon, LLMPipeline: genAi.LLMPipeline };
};

/** What kept the packages from being loaded: they are not there, or their native part is not. */
export const missingPart = (error: unknown): 'package' | 'binary' => {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  const absent = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
  return absent && !/\.node\b/.test(String(message)) ? 'package' : 'binary';
};
