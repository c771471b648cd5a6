// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import test from 'ava';
import { discoverAgents } from '../../../src/agent/registry.ts';
import { installationFolder } from '../../../src/data/installation.ts';
import { defaultContext } from '../../../src/engine/contract/default-context.ts';

test('each agent that ships fits into the default context, with as much room for the prompt', async (t) => {
  const agents = [...(await discoverAgents([join(installationFolder, 'actions')])).values()];
  const models = agents.flatMap(({ manifest: agent }) => (agent.kind === 'model' ? [agent] : []));
  t.true(models.length >= 3);
  for (const { name, limits } of models) {
    t.true(limits.maxOutputTokens <= defaultContext / 2, name);
  }
});
