// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Runtime } from '../../../src/config/schema.ts';
import { type ModelStore, resolveModel } from '../../../src/engine/models/model-files.ts';
import { emptyLock, withPin } from '../../../src/engine/models/models-lock.ts';
import { preflight } from '../../../src/engine/preflight.ts';
import { openVllmEngine } from '../../../src/engine/vllm/engine.ts';
import { each } from '../../each.ts';
import { simulatedModel } from '../../simulated-engine/settings.ts';
import { startSimulatedEngine } from '../../simulated-engine/simulated-engine.ts';
import { temporaryFolder, writeFiles } from '../../workspace/with-repository.ts';
import { pretend, type Reply } from '../served/with-served.ts';

const setting = 'profiles.gpu.default';

/** A server that lists no adapter, and by default loads none. */
const plain: Readonly<Record<string, Reply>> = {
  '/version': { version: '0.32.0' },
  '/v1/models': { data: [{ id: 'tiny', root: 'hub/tiny', parent: null, max_model_len: 1024 }] },
  '/tokenize': { count: 7, max_model_len: 1024, tokens: [] },
};

const folderWith = (t: ExecutionContext) => {
  const folder = temporaryFolder(t);
  const config = { 'adapter_config.json': '{}', 'adapter_model.safetensors': 'weights' };
  for (const [name, text] of Object.entries(config)) {
    writeFiles(folder, { [`doc@1/${name}`]: text, [`doc@2/${name}`]: text });
  }
  writeFiles(folder, { 'doc@3/config.json': '{}' });
  return { folders: [folder], lock: emptyLock };
};

/** The driver on a server that loads adapters while it runs, and lists what it has. */
const openSimulated = async (t: ExecutionContext, more: Partial<Runtime>, models: ModelStore) => {
  const socket = join(temporaryFolder(t), 's');
  const server = await startSimulatedEngine({ socket });
  const runtime = { engine: 'vllm', model: simulatedModel, socket, ...more } as const;
  const engine = await openVllmEngine(runtime, { setting, models });
  t.teardown(async () => {
    await engine.close();
    await server.close();
  });
  return { engine, runtime };
};

test('an adapter of the models folder is loaded where the server does not list it', async (t) => {
  const models = folderWith(t);
  const { engine, runtime } = await openSimulated(t, { adapter: 'doc@1' }, models);
  const { digest } = await resolveModel('doc@1', { setting, models });
  for (const time of ['loaded', 'there already']) {
    const { identity } = await engine.probe();
    t.is(identity.adapter, 'doc@1', time);
    t.is(identity.adapterDigest, digest, time);
  }
  const { checks } = await preflight(engine, runtime, {
    setting,
    signal: AbortSignal.timeout(9e4),
  });
  t.regex(
    checks.find(({ name }) => name === 'adapter')?.detail ?? '',
    /"doc@1" from .*doc@1; it changes what the model says/,
  );
});

const notLoaded = test.macro(
  async (
    t,
    adapter: string,
    message: RegExp,
    pin?: string,
    replies?: Readonly<Record<string, Reply>>,
  ) => {
    const { folders } = folderWith(t);
    const lock =
      pin === undefined ? emptyLock : withPin(emptyLock, adapter, { digest: pin, files: [] });
    const models = { folders, lock };
    const engine =
      replies === undefined
        ? (await openSimulated(t, { adapter }, models)).engine
        : await openVllmEngine(
            {
              ...{ engine: 'vllm', model: 'tiny', adapter },
              socket: (await pretend(t, { ...plain, ...replies })).socket,
            },
            { setting, models },
          );
    t.teardown(engine.close);
    await t.throwsAsync(engine.probe(), { message });
  },
);

const load = '/v1/load_lora_adapter';

each(notLoaded, {
  'an adapter that nobody has': [
    'doc@9',
    /no adapter "doc@9".* and the models folder has none of that name/,
  ],
  'a folder that is no adapter': [
    'doc@3',
    /\.adapter: .*doc@3 is not the folder of a PEFT adapter/,
  ],
  'an adapter that is not the one that is pinned': [
    'doc@2',
    /\.adapter: "doc@2" at .* is not what models\.lock pins/,
    '0'.repeat(64),
  ],
  'a name that leads away': ['../doc@1', /"\.\.\/doc@1" is not the name of a model/],
  'an adapter on a server that loads none': [
    'doc@1',
    /\.adapter: the server loads no adapters while it runs; start it with --enable-lora and VLLM_ALLOW_RUNTIME_LORA_UPDATING=True/,
    undefined,
    {},
  ],
  'an adapter of a higher rank than the server takes': [
    'doc@1',
    /LoRA rank 64 is greater than max_lora_rank 16\.; start the server with a higher --max-lora-rank/,
    undefined,
    { [load]: [400, { error: { message: 'LoRA rank 64 is greater than max_lora_rank 16.' } }] },
  ],
});
