// SPDX-License-Identifier: GPL-3.0-only
import type { Runtime } from '../../../src/config/schema.ts';
import { openOllamaEngine } from '../../../src/engine/ollama/engine.ts';
import { engineTables, type Reply } from '../served/with-served.ts';

export const setting = 'profiles.cpu.default';

/** An engine for what `pretend` serves. */
export const openOllama = (socket: string, more: Partial<Runtime> = {}) =>
  openOllamaEngine({ engine: 'ollama', model: 'tiny', socket, ...more }, { setting });

export const lines = (...parts: readonly object[]): string =>
  parts.map((part) => `${JSON.stringify(part)}\n`).join('');

export const piece = (content: string, more: object = {}) => ({
  message: { content },
  done: false,
  ...more,
});
export const end = {
  message: { content: '' },
  done: true,
  done_reason: 'stop',
  prompt_eval_count: 9,
  eval_count: 3,
};

export const shown = {
  template: '{{ range .Messages }}{{ .Content }}{{ end }}',
  model_info: { 'general.architecture': 'llama', 'llama.context_length': 4096 },
};
export const tagged = { name: 'tiny:latest', digest: 'a'.repeat(64) };
const healthy: Readonly<Record<string, Reply>> = {
  '/api/version': { version: '0.17.4' },
  '/api/status': { cloud: { disabled: true } },
  '/api/tags': { models: [tagged] },
  '/api/show': shown,
  '/api/ps': { models: [{ name: 'tiny:latest', context_length: 2048 }] },
  '/api/chat': lines(piece('{"a"'), piece(':1}'), end),
};

export const { hold, broken, refused } = engineTables({
  open: openOllama,
  setting,
  healthy,
  chat: '/api/chat',
});
