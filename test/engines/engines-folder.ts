// SPDX-License-Identifier: GPL-3.0-only
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type TinyModel, tinyModelIn } from '../tiny-model/tiny-model.ts';

/** Where bin/suites/engines installs servers and writes the tiny model. */
export const enginesFolder = (): string =>
  process.env.PANTHEON_ENGINES ??
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'pantheon', 'engines');

/** Why an engine's suite cannot run; bin/suites/engines says more in PANTHEON_SKIP_<NAME>. */
export const whyNot = (name: 'vllm' | 'ollama', program: string): string | undefined => {
  const said = process.env[`PANTHEON_SKIP_${name.toUpperCase()}`];
  if (said) return said;
  const path = join(enginesFolder(), program);
  if (!existsSync(path)) return `${path} is not there; run npm run test:engines`;
  return existsSync(tiny().gguf)
    ? undefined
    : `${tiny().gguf} is not there; run npm run test:engines`;
};

export const tiny = (): TinyModel => tinyModelIn(join(enginesFolder(), 'tiny'));

/** What a server says while its suite runs; kept for who looks into a failure. */
export const logFile = (name: string): string =>
  join(enginesFolder(), 'logs', `${name}-${process.pid}.log`);
