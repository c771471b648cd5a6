// SPDX-License-Identifier: GPL-3.0-only
import { type ModelProcess, startProcess } from '../local/start-process.ts';
import { installLine, rebuildLine } from './install.ts';
import type { PipelineCalls, PipelineOpening, PipelineRefusal } from './pipeline-calls.ts';

/** Said of every template that knows no tools, and of sets in grammars. */
const noise = /Failed to infer a tool call example|: Warning: /;

/** Starts a process for a model; `setting` is for messages (`profiles.gpu.default`). */
export const startPipeline = (
  { model, device }: Pick<PipelineOpening, 'model' | 'device'>,
  setting: string,
): ModelProcess<PipelineCalls> =>
  startProcess<PipelineCalls>({
    file: new URL('./pipeline-process.ts', import.meta.url),
    setting,
    noise,
    explain: (about, reason) => {
      const texts: Readonly<Record<PipelineRefusal, () => string>> = {
        package: () =>
          `.engine: openvino-genai-node is not installed (it is optional); ${installLine()}`,
        binary: () =>
          `.engine: the native part of openvino-genai-node does not run here: ${reason}; ${rebuildLine()}`,
        device: () =>
          `.device: OpenVINO sees no ${device} on this machine, but ${reason}; name one of those, or install the driver of this one`,
        template: () =>
          `.template: ${model} has no chat template: it was not trained to chat; take one that was, or set this to chatml or plain`,
        model: () =>
          `.model: ${model} cannot be used: ${reason}; fetch or export it again, or give another model`,
      };
      return texts[about as PipelineRefusal]();
    },
  });
