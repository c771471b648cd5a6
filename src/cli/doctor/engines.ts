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

const packages = { llama: 'node-llama-cpp', openvino: 'openvino-genai-node' } as const;

/** What could be used besides what the profiles bind. */
export const engineReports = (
  bound: ReadonlySet<string>,
  installed: Installed,
): readonly EngineReport[] => {
  const all: readonly EngineReport[] = [
    inProcess('llama', 'a GGUF file in processes of this machine', 'Qwen/Qwen3-4B-GGUF'),
    inProcess('openvino', 'a CPU or iGPU', 'OpenVINO/Qwen2.5-3B-Instruct-int4-ov'),
    served(
      'vllm',
      installed('vllm'),
      'a server on a GPU',
      'install it with: pip install vllm (in an environment of its own)',
      '{ engine: vllm, socket: /run/pantheon/engine.sock, model: NAME }',
    ),
    served(
      'ollama',
      installed('ollama'),
      'a server on this machine',
      'install it: https://ollama.com/download',
      '{ engine: ollama, model: NAME }',
    ),
  ];
  return all.filter(({ engine }) => !bound.has(engine));
};

/** `repository` is one of the hub's with a model that a machine without a GPU can run. */
const inProcess = (
  engine: keyof typeof packages,
  detail: string,
  repository: string,
): EngineReport =>
  resolves(packages[engine])
    ? {
        engine,
        installed: true,
        detail,
        next: `fetch a model: pantheon models pull NAME --from hub:${repository}${engine === 'llama' ? ' --file Qwen3-4B-Q4_K_M.gguf' : ''}, and add a profile: default: { engine: ${engine}, model: NAME }`,
      }
    : {
        engine,
        installed: false,
        detail: `${detail}; its package is not installed`,
        next:
          engine === 'openvino' ? openVinoInstallLine() : `in ${installationFolder} run: npm ci`,
      };

const served = (
  engine: Served,
  isInstalled: boolean,
  detail: string,
  install: string,
  runtime: string,
): EngineReport =>
  isInstalled
    ? { engine, installed: true, detail, next: `add a profile: default: ${runtime}` }
    : { engine, installed: false, detail: `${detail}; not found in PATH`, next: install };

const resolves = (name: string): boolean => {
  try {
    import.meta.resolve(name);
    return true;
  } catch {
    return false;
  }
};
