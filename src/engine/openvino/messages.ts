// SPDX-License-Identifier: GPL-3.0-only
import type { Message } from '../contract/engine.ts';
import type { TemplateName } from '../local/chat-templates.ts';

/** What the engine asks of one of its pipeline processes. */
export type ToPipeline =
  | {
      readonly kind: 'open';
      /** A GGUF, or the folder of a model in OpenVINO's own format. */
      readonly model: string;
      readonly device: string;
      /** Left out: what OpenVINO takes. */
      readonly threads?: number;
      /** For a model that brings no chat template. */
      readonly template?: TemplateName;
      /** What is imported in the place of openvino-genai-node and openvino-node. */
      readonly library?: string;
    }
  | { readonly kind: 'ask'; readonly id: number; readonly batch: Batch }
  /** Has no effect on a batch of several prompts: those cannot be stopped. */
  | { readonly kind: 'stop'; readonly id: number }
  | {
      readonly kind: 'count';
      readonly id: number;
      readonly messages: readonly Message[];
      readonly prefill: string;
    };

/** Prompts that one call answers, all of them in the same way. */
export type Batch = {
  readonly prompts: readonly {
    readonly messages: readonly Message[];
    /** How the answer begins, before what the grammar says. */
    readonly prefill: string;
  }[];
  /** EBNF, as xgrammar reads it. */
  readonly grammar: string;
  readonly maxTokens: number;
  readonly temperature: number;
  readonly seed: number;
};

/** What a pipeline process says. */
export type FromPipeline =
  | { readonly kind: 'opened'; readonly facts: Facts }
  | { readonly kind: 'refused'; readonly about: Refused; readonly reason: string }
  | { readonly kind: 'progress'; readonly id: number }
  | { readonly kind: 'answers'; readonly id: number; readonly answers: readonly Answer[] }
  | { readonly kind: 'counted'; readonly id: number; readonly tokens: number }
  | { readonly kind: 'fault'; readonly id: number; readonly reason: string };

/** `package`: it is not installed; `binary`: its native part is missing or does not run. */
export type Refused = 'package' | 'binary' | 'device' | 'template' | 'model';

export type Answer = {
  readonly text: string;
  readonly finish: 'stop' | 'length';
  /** Tokens of the prompt and of the answer. */
  readonly prompt: number;
  readonly completion: number;
  /** Since the process got the batch [ms]. */
  readonly firstToken: number;
};

/** What a process learnt as it opened its model. */
export type Facts = {
  /** Of openvino-genai-node, and the build of OpenVINO that answers on the device. */
  readonly version: string;
  readonly devices: readonly string[];
  /** `model`: its own chat template; else the one that the settings name. */
  readonly template: 'model' | TemplateName;
};
