// SPDX-License-Identifier: GPL-3.0-only

import { join } from 'node:path';
import test from 'ava';
import { discoverAgents } from '../../../src/agent/registry.ts';
import { shippedChores } from '../../../src/chore/chores.ts';
import type { Runtime } from '../../../src/config/schema.ts';
import { installationFolder } from '../../../src/data/installation.ts';
import { UserError } from '../../../src/data/user-error.ts';
import { defaultContext } from '../../../src/engine/contract/default-context.ts';
import { openEngine } from '../../../src/engine/open.ts';

const host = {
  chores: shippedChores,
  folder: '/nowhere',
  version: '0',
  setting: 'profiles.p.default',
};

const meaningless: readonly Runtime[] = [
  { engine: 'rules', model: 'tiny' },
  { engine: 'rules', contextTokens: 9000 },
  { engine: 'llama', model: 'tiny', url: 'http://127.0.0.1:1' },
  { engine: 'openvino', model: 'tiny', rules: 'by-acceptance' },
  { engine: 'vllm', model: 'tiny', socket: '/nowhere/e.sock', threads: 2 },
  { engine: 'vllm', model: 'tiny', socket: '/nowhere/e.sock', device: 'CPU' },
  { engine: 'ollama', model: 'tiny', processes: 2 },
  { engine: 'openai', model: 'tiny', socket: '/nowhere/e.sock', device: 'CPU' },
  { engine: 'ollama', model: 'tiny', template: 'chatml' },
  { engine: 'vllm', model: 'tiny', socket: '/nowhere/e.sock', confidence: 0.9 },
];

for (const runtime of meaningless) {
  const key = Object.keys(runtime).at(-1);
  test(`${runtime.engine} refuses "${key}", which would change nothing`, async (t) => {
    await t.throwsAsync(openEngine(runtime, host), {
      instanceOf: UserError,
      message: `pantheon.yaml: profiles.p.default.${key}: engine ${runtime.engine} has no use for it; take "${key}" out`,
    });
  });
}

test('each agent that ships fits into the default context, with as much room for the prompt', async (t) => {
  const agents = [...(await discoverAgents([join(installationFolder, 'actions')])).values()];
  const models = agents.flatMap(({ manifest: agent }) => (agent.kind === 'model' ? [agent] : []));
  t.true(models.length >= 3);
  for (const { name, limits } of models) {
    t.true(limits.maxOutputTokens <= defaultContext / 2, name);
  }
});
