// SPDX-License-Identifier: GPL-3.0-only
import { configMistake } from '../../config/config-mistake.ts';
import type { Runtime } from '../../config/schema.ts';

type Key = Exclude<keyof Runtime, 'engine'>;

const ofServers: readonly Key[] = ['rules', 'device', 'processes', 'template', 'confidence'];
const ofFiles: readonly Key[] = ['rules', 'socket', 'url'];

/** The keys of a runtime that say nothing to an engine; sampling is the same for all. */
const foreign: Readonly<Record<Runtime['engine'], readonly Key[]>> = {
  rules: [
    'model',
    'adapter',
    'socket',
    'url',
    'device',
    'threads',
    'processes',
    'template',
    'view',
    'confidence',
    'contextTokens',
  ],
  llama: ofFiles,
  openvino: [...ofFiles, 'confidence'],
  vllm: [...ofServers, 'threads'],
  ollama: ofServers,
  openai: [...ofServers, 'threads'],
};

/** A setting that changes nothing was meant to. @throws UserError naming the first such key. */
export const refuseForeign = (runtime: Runtime, setting: string): void => {
  const { engine } = runtime;
  const key = foreign[engine].find((each) => runtime[each] !== undefined);
  if (key === undefined) return;
  throw configMistake(`${setting}.${key}: engine ${engine} has no use for it; take "${key}" out`);
};
