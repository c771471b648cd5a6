// SPDX-License-Identifier: GPL-3.0-only
import type { Message } from '../contract/engine.ts';
import type { CallContext } from '../local/calls.ts';
import type { TemplateName, TemplateUse } from '../local/chat-templates.ts';

/** What a process of the openvino engine does for its parent. */
export type PipelineCalls = {
  readonly open: (asked: PipelineOpening) => Promise<PipelineFacts>;
  /** One batch at a time. To stop has no effect on several prompts: those cannot be stopped. */
  readonly answer: (batch: PromptBatch, work: CallContext) => Promise<readonly PipelineAnswer[]>;
  readonly count: (prompt: BegunPrompt) => number;
};

/**
 * What a person has to change where the process refuses. `package`: it is not installed; `binary`:
 * its native part is missing or does not run.
 */
export type PipelineRefusal = 'package' | 'binary' | 'device' | 'template' | 'model';

export type PipelineOpening = {
  /** A GGUF, or the folder of a model in OpenVINO's own format. */
  readonly model: string;
  readonly device: string;
  /** `undefined`: what OpenVINO takes. */
  readonly threads: number | undefined;
  /** For a model that has no chat template. */
  readonly template: TemplateName | undefined;
  /** What is imported in the place of openvino-genai-node and openvino-node. */
  readonly library: string | undefined;
};

export type BegunPrompt = {
  readonly messages: readonly Message[];
  /** How the answer begins, before what the grammar says. */
  readonly prefill: string;
};

/** Prompts that one call answers, all of them in the same way. */
export type PromptBatch = {
  readonly prompts: readonly BegunPrompt[];
  /** EBNF, as xgrammar reads it. */
  readonly grammar: string;
  readonly maxTokens: number;
  readonly temperature: number;
  readonly seed: number;
};

export type PipelineAnswer = {
  readonly text: string;
  readonly finish: 'stop' | 'length';
  /** Tokens of the prompt and of the answer. */
  readonly prompt: number;
  readonly completion: number;
  /** Since the process got the batch [ms]. */
  readonly firstToken: number;
};

/** What a process learnt as it opened its model. */
export type PipelineFacts = {
  /** Of openvino-genai-node, and the build of OpenVINO that answers on the device. */
  readonly version: string;
  readonly devices: readonly string[];
  readonly template: TemplateUse;
};
