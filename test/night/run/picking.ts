// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import test from 'ava';
import { modelAgents } from '../../../bench/model-agents.ts';
import { decision } from '../../../src/agent/dialects/decision.ts';
import { envelope } from '../../../src/agent/dialects/envelope.ts';
import { shippedChores } from '../../../src/chore/chores.ts';
import { type Engine, EngineFault } from '../../../src/engine/contract/engine.ts';
import type { BoundModelAgent, NodeRequest } from '../../../src/night/open/bound-agent.ts';
import { openPicking } from '../../../src/night/run/picking.ts';
import { engineThat, input } from '../../agent/with-loop.ts';
import { root } from '../../docs/pages.ts';

const request = { input, codeContext: { chores: shippedChores } } as unknown as NodeRequest;
const agents = modelAgents(join(root, 'actions'), ['codegen.qwen8b', 'doc.frontmatter']);

const boundTo = async (
  engine: Engine,
  more: { readonly name?: string; readonly folder?: string; readonly isEnvelope?: true } = {},
): Promise<BoundModelAgent> => {
  const agent = (await agents).get(more.name ?? 'codegen.qwen8b');
  if (!agent) throw new Error('no such agent ships');
  const runtime = { engine, settings: {}, dialect: more.isEnvelope ? envelope : decision };
  return {
    agent: { ...agent, folder: more.folder ?? agent.folder },
    runtime: runtime as unknown as BoundModelAgent['runtime'],
    tools: [],
  };
};

const broken = engineThat(async () => {
  throw new EngineFault('the model is gone');
});

test('a model that cannot be asked is kept as a fault of the engine', async (t) => {
  const picking = await openPicking(request, await boundTo(broken));
  const question = { name: 'licence', candidates: [{ name: 'usual', value: 'GPL-3.0-only' }] };
  t.is(picking?.fault(), undefined);
  const { signal } = new AbortController();
  await t.throwsAsync(async () => picking?.tools.at(-1)?.run(question, { signal } as never), {
    instanceOf: EngineFault,
  });
  t.is(picking?.fault()?.message, 'the model is gone');
});

test('only a shipped agent of whole specs has its rules ask, and only in this dialect', async (t) => {
  t.is(await openPicking(request, await boundTo(broken, { name: 'doc.frontmatter' })), undefined);
  t.is(
    await openPicking(request, await boundTo(broken, { folder: '/elsewhere/codegen' })),
    undefined,
  );
  t.is(await openPicking(request, await boundTo(broken, { isEnvelope: true })), undefined);
});
