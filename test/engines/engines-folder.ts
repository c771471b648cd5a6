// SPDX-License-Identifier: GPL-3.0-only
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { type TinyModel, tinyModelIn } from '../tiny-model/tiny-model.ts';

/** Where bin/suites/engines installs servers and writes the tiny model. */
export const enginesFolder = (): string =>
  process.env.PANTHEON_ENGINES ??
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'pantheon', 'engines');

/**
 * Whether an engine's suite can run here: bin/suites/engines says why not in its environment, else
 * its program (from the folder above, or from the root on) has to be there.
 */
export const installed = (
  name: 'vllm' | 'ollama' | 'openvino' | 'openai',
  program: string,
): { readonly skip?: string } => {
  const { [`PANTHEON_SKIP_${name.toUpperCase()}`]: skip } = process.env;
  if (skip) return { skip };
  const path = [resolve(enginesFolder(), program), tiny().gguf].find((file) => !existsSync(file));
  return path === undefined ? {} : { skip: `${path} is not there; run npm run test:engines` };
};

export const tiny = (): TinyModel => tinyModelIn(join(enginesFolder(), 'tiny'));

/** What a server says while its suite runs; kept for who looks into a failure. */
export const logFile = (name: string): string =>
  join(enginesFolder(), 'logs', `${name}-${process.pid}.log`);
