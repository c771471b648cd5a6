// SPDX-License-Identifier: GPL-3.0-only
import type { Runtime } from '../../config/schema.ts';
import { installationFolder } from '../../data/installation.ts';
import { installLine as openVinoInstallLine } from '../../engine/openvino/install.ts';
import type { Installed } from './next-step.ts';

type Served = Exclude<Runtime['engine'], 'rules'>;

/** An engine that no profile binds: whether it could be, and how. */
export type EngineReport = {
  readonly engine: Served;
  readonly installed: boolean;
  readonly detail: string;
  readonly next: string;
};

/** What could be used besides what the profiles bind. */
export const engineReports = (
  bound: ReadonlySet<string>,
  installed: Installed,
): readonly EngineReport[] =>
  [
    report('llama', resolves('node-llama-cpp'), 'a GGUF file in processes of this machine', {
      missing: 'its package is not installed',
      install: `in ${installationFolder} run: npm ci`,
      use: fetched('llama', 'Qwen/Qwen3-4B-GGUF --file Qwen3-4B-Q4_K_M.gguf'),
    }),
    report('openvino', resolves('openvino-genai-node'), 'a CPU or iGPU', {
      missing: 'its package is not installed',
      install: openVinoInstallLine(),
      use: fetched('openvino', 'OpenVINO/Qwen2.5-3B-Instruct-int4-ov'),
    }),
    report('vllm', installed('vllm'), 'a server on a GPU', {
      missing: 'not found in PATH',
      install: 'install it with: pip install vllm (in an environment of its own)',
      use: `add a profile: default: { engine: vllm, socket: /run/pantheon/engine.sock, model: NAME }`,
    }),
    report('ollama', installed('ollama'), 'a server on this machine', {
      missing: 'not found in PATH',
      install: 'install it: https://ollama.com/download',
      use: 'add a profile: default: { engine: ollama, model: NAME }',
    }),
    report('openai', installed('llama-server'), "any server in OpenAI's form on this machine", {
      missing: 'llama-server is not in PATH',
      install: 'install llama.cpp, or take LM Studio or llama-swap',
      use: 'add a profile: default: { engine: openai, url: "http://127.0.0.1:8080", model: NAME }',
    }),
  ].filter(({ engine }) => !bound.has(engine));

const report = (
  engine: Served,
  isInstalled: boolean,
  what: string,
  { missing, install, use }: Readonly<Record<'missing' | 'install' | 'use', string>>,
): EngineReport => ({
  engine,
  installed: isInstalled,
  detail: isInstalled ? what : `${what}; ${missing}`,
  next: isInstalled ? use : install,
});

/** `model` is one of the hub's that a machine without a GPU can run. */
const fetched = (engine: Served, model: string): string =>
  `fetch a model: pantheon models pull NAME --from hub:${model}, and add a profile: default: { engine: ${engine}, model: NAME }`;

const resolves = (name: string): boolean => {
  try {
    import.meta.resolve(name);
    return true;
  } catch {
    return false;
  }
};
