// SPDX-License-Identifier: GPL-3.0-only

import test from 'ava';
import { decision } from '../../../src/agent/dialects/decision.ts';
import { envelope } from '../../../src/agent/dialects/envelope.ts';
import {
  discoverAgents,
  isModelAgent,
  type ModelAgent,
  openAgent,
} from '../../../src/agent/registry.ts';
import { shippedChores } from '../../../src/chore/chores.ts';
import { installationFolder } from '../../../src/data/installation.ts';
import { UserError } from '../../../src/data/user-error.ts';
import { EngineFault, type Message } from '../../../src/engine/contract/engine.ts';
import { contextShortage } from '../../../src/night/open/context-shortage.ts';
import { createEngines } from '../../../src/night/open/open-engines.ts';
import { loadTools } from '../../../src/tool/load-tools.ts';
import { vllmAnswers } from '../../cli/served-vllm.ts';
import { bait, serve } from '../../engine/wire/with-server.ts';

const setting = 'profiles.gpu.default';

const roomOf = async (name: string): Promise<ModelAgent> => {
  const entry = (await discoverAgents([`${installationFolder}/actions`])).get(name);
  if (!entry) throw new Error(`no agent ${name}`);
  const agent = await openAgent(entry);
  if (!isModelAgent(agent)) throw new Error(`${name} runs code`);
  return agent;
};

test('an engine that ignores the schema is asked nothing more', async (t) => {
  const socket = await serve(t, vllmAnswers('tiny', { says: 'The sea is blue.' }));
  const engines = createEngines(shippedChores, undefined);
  t.teardown(engines.close);
  const binding = engines.bind(
    { engine: 'vllm', socket, model: 'tiny' },
    await roomOf('review.peer'),
    [],
    setting,
  );
  const { fault, engine } = await binding;
  t.regex(
    fault ?? '',
    /^pantheon\.yaml: profiles\.gpu\.default: schema: not enforced: .*The sea is blue.*; start vLLM with/,
  );
  t.deepEqual(engines.faults(), [fault ?? '']);
  await t.throwsAsync(engine.countTokens([]), { instanceOf: EngineFault, message: fault ?? '' });
});

test('a setting that can mean nothing is a mistake, as are rules that are not there', async (t) => {
  const engines = createEngines(shippedChores, undefined);
  t.teardown(engines.close);
  const agent = await roomOf('review.peer');
  for (const runtime of [
    { engine: 'rules', dialect: 'qwen' },
    { engine: 'rules', rules: 'no-such-rules' },
  ] as const) {
    await t.throwsAsync(engines.bind(runtime, agent, [], setting), { instanceOf: UserError });
  }
});

test('an agent that declares no decision cannot be asked to pick', async (t) => {
  const engines = createEngines(shippedChores, undefined);
  t.teardown(engines.close);
  const runtime = {
    engine: 'vllm',
    socket: '/nowhere',
    model: 'tiny',
    dialect: 'decision',
  } as const;
  await t.throwsAsync(engines.bind(runtime, await roomOf('codegen.qwen8b'), [], setting), {
    instanceOf: UserError,
    message: /profiles\.gpu\.default\.dialect: .*codegen\.qwen8b does not/,
  });
  const picks = await engines.bind(runtime, await roomOf('doc.frontmatter'), [], setting);
  t.regex(picks.fault ?? '', /nowhere/, 'one that does comes as far as its engine');
});

test('one that only picks fits into a small context', async (t) => {
  const agent = await roomOf('doc.frontmatter');
  const opened = {
    engine: { countTokens: async () => 100 },
    probe: { contextTokens: 400, identity: { engine: 'llama' } },
  } as unknown as Parameters<typeof contextShortage>[0];
  t.is(await contextShortage(opened, agent, [], setting, decision), undefined);
  const shortage = await contextShortage(opened, agent, [], setting, envelope);
  t.regex(shortage?.check.detail ?? '', /512 for an/);
});

test('an engine that is too slow for an answer is warned of before a night', async (t) => {
  const agent = await roomOf('doc.frontmatter');
  const engine = { countTokens: async () => 1000 };
  const probe = { contextTokens: 8192, identity: { engine: 'llama' } };
  const warned = async (writes: number, runtime = {}) => {
    const opened = { engine, probe, speed: { reads: 50, writes } };
    const asked = opened as unknown as Parameters<typeof contextShortage>[0];
    return (await contextShortage(asked, agent, [], setting, envelope, runtime))?.check;
  };
  t.is(await warned(20), undefined);
  const check = await warned(1);
  t.like(check, { name: 'speed', state: 'warn' });
  t.regex(check?.detail ?? '', /^one answer of doc\.frontmatter may take 532 s of the 600 s/);
  t.regex(check?.fix ?? '', /^raise profiles\.gpu\.default\.limits\.timeout/);
  t.is(await warned(1, { limits: { timeout: 3_600_000 } }), undefined);
});

test('what is counted is what is sent, and no advice asks for more than the model takes', async (t) => {
  const agent = await roomOf('doc.frontmatter');
  const tools = await loadTools(agent.manifest.tools);
  const sent: string[] = [];
  const engine = {
    countTokens: async ([system]: readonly Message[]) => {
      sent.push(system?.content ?? '');
      return 1000;
    },
  };
  const opened = (mostContextTokens: number) =>
    ({
      engine,
      probe: { contextTokens: 1200, mostContextTokens, identity: { engine: 'llama' } },
    }) as unknown as Parameters<typeof contextShortage>[0];
  const fixFor = async (most: number) =>
    (await contextShortage(opened(most), agent, tools, setting, envelope))?.check.fix ?? '';
  t.is(await fixFor(8192), 'set profiles.gpu.default.contextTokens to 3072 or more');
  t.regex(
    await fixFor(1300),
    /takes 1300 at most: bind doc\.frontmatter to rules or .*lower profiles\.gpu\.default\.limits/,
  );
  t.true(sent[0]?.includes('set_frontmatter'), 'the tools are counted');
  t.true(sent[0]?.includes('"type":"final"'), 'and the form of answers');
});

test('nor on one elsewhere, to which nothing is sent', async (t) => {
  const { port, arrived } = await bait(t);
  const engines = createEngines(shippedChores, undefined);
  t.teardown(engines.close);
  const binding = engines.bind(
    { engine: 'vllm', url: `http://127.0.0.1@192.0.2.1:${port}`, model: 'tiny' },
    await roomOf('review.peer'),
    [],
    setting,
  );
  t.regex((await binding).fault ?? '', /profiles\.gpu\.default\.url: .* leads to 192\.0\.2\.1/);
  t.is(arrived().connections, 0);
});

test('agents on one server share one canary', async (t) => {
  let canaries = 0;
  const answers = vllmAnswers('tiny');
  const socket = await serve(t, (request, response) => {
    if (request.url === '/v1/chat/completions') canaries += 1;
    return answers(request, response);
  });
  const engines = createEngines(shippedChores, undefined);
  t.teardown(engines.close);
  const runtime = { engine: 'vllm', socket, model: 'tiny' } as const;
  const [reviewer, worker] = await Promise.all([roomOf('review.peer'), roomOf('codegen.qwen8b')]);
  const bound = await Promise.all([
    engines.bind({ ...runtime, seed: 1 }, reviewer, [], 'profiles.gpu.review.peer[0]'),
    engines.bind({ ...runtime, seed: 2 }, reviewer, [], 'profiles.gpu.review.peer[1]'),
    engines.bind(runtime, worker, [], setting),
  ]);
  t.is(bound.length, 3);
  t.is(canaries, 1);
});

test('what several settings share is noticed once, of all of them', async (t) => {
  const socket = await serve(t, vllmAnswers('tiny', { contextTokens: 32_768 }));
  const engines = createEngines(shippedChores, { folders: [], lock: { version: 1, models: {} } });
  t.teardown(engines.close);
  const agent = await roomOf('review.peer');
  for (const [index, seed] of [1, 2].entries()) {
    const runtime = { engine: 'vllm', socket, model: 'tiny', temperature: 1, seed } as const;
    await engines.bind(runtime, agent, [], `profiles.gpu.review.peer[${index}]`);
  }
  const both = 'profiles.gpu.review.peer[0], profiles.gpu.review.peer[1]: ';
  const lines = engines.warnings().filter((line) => line.includes('models.lock'));
  t.is(lines.length, 1, engines.warnings().join('\n'));
  t.true(lines[0]?.startsWith(both), lines[0]);
});
