// SPDX-License-Identifier: GPL-3.0-only
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import type { Runtime } from '../../../src/config/schema.ts';
import { UserError } from '../../../src/data/user-error.ts';
import { EngineFault } from '../../../src/engine/contract/engine.ts';
import { openOpenVinoEngine } from '../../../src/engine/openvino/engine.ts';
import { preflight } from '../../../src/engine/preflight.ts';
import { cachedTinyModel } from '../../tiny-model/tiny-model.ts';
import {
  called,
  exported,
  folder,
  model,
  open,
  request,
  setting,
  simulated,
} from './with-library.ts';

const tiny = cachedTinyModel();

test.serial('it says what it looked at', async (t) => {
  const engine = await open(t, { device: 'GPU', contextTokens: 3000, seed: 7 });
  const { identity, contextTokens, slots, checks = [] } = await engine.probe();
  t.is(identity.engine, 'openvino');
  t.is(identity.origin, 'in-process');
  t.regex(identity.version, /^openvino-genai-node .*OpenVINO 1\.2\.3-simulated on GPU$/);
  t.regex(identity.modelDigest, /^[0-9a-f]{64}$/);
  t.deepEqual([contextTokens, slots, identity.seed], [3000, 8, 7]);
  const byName = new Map(checks.map((check) => [check.name, check]));
  t.deepEqual(
    [...byName.keys()].sort(),
    ['context', 'installed', 'local', 'model', 'slots', 'template'].sort(),
  );
  t.deepEqual(
    [byName.get('context')?.state, byName.get('context')?.fix],
    ['warn', `lower ${setting}.contextTokens to 2000`],
  );
});

test.serial('without a word the context is what the model was trained on', async (t) => {
  t.is((await (await open(t)).probe()).contextTokens, 2000);
});

test.serial('one prompt at a time where a model is compiled for one', async (t) => {
  const engine = await openOpenVinoEngine(
    { engine: 'openvino', model, device: 'NPU', slots: 8 },
    { setting },
    simulated,
  );
  t.teardown(engine.close);
  const error = await t.throwsAsync(engine.probe(), { instanceOf: EngineFault });
  t.regex(error!.message, /\.device: OpenVINO sees no NPU on this machine, but CPU, GPU\.0; name/);
});

test.serial('a model without a template is asked as the profile says, or refused', async (t) => {
  const bare = exported('bare');
  const refused = await open(t, { model: bare });
  const error = await t.throwsAsync(refused.probe(), { instanceOf: EngineFault });
  t.regex(error!.message, /\.template: .*bare has no chat template.* set this to chatml or plain/);
  const named = await open(t, { model: bare, template: 'plain' });
  const { identity, checks = [] } = await named.probe();
  t.is(identity.template, 'plain');
  t.is(checks.find(({ name }) => name === 'template')?.state, 'warn');
  t.regex(called(await named.complete(request('note'))).prompt, /assistant:/);
});

/** What is missing of the packages: the message, and the check that a doctor shows. */
for (const [what, [library, message, fix]] of Object.entries({
  packages: [
    'openvino-that-is-not-installed',
    /\.engine: openvino-genai-node is not installed/,
    /^in \/.* run: npm install --no-save openvino-node@\d[\w.]* openvino-genai-node@\d[\w.]*$/,
  ],
  'the native part': [
    new URL('./without-binary.ts', import.meta.url).href,
    /\.engine: the native part of openvino-genai-node does not run here: Cannot find module/,
    /^by day and with a network, in \/.* run: npm rebuild openvino-node openvino-genai-node$/,
  ],
} as const)) {
  test.serial(`without ${what}, the next step is told`, async (t) => {
    const engine = await open(t, { slots: 2 }, library);
    const error = await t.throwsAsync(engine.probe(), { instanceOf: EngineFault });
    t.true(error!.message.startsWith(setting));
    t.regex(error!.message, message);
    const { checks } = await preflight(
      engine,
      { engine: 'openvino', model },
      { setting, signal: new AbortController().signal },
    );
    t.deepEqual(
      checks.map(({ name, state }) => [name, state]),
      [['installed', 'fail']],
    );
    t.regex(checks[0]?.fix ?? '', fix);
    await t.throwsAsync(engine.complete(request('note')), { instanceOf: EngineFault });
  });
}

test.serial('a model that OpenVINO cannot read names the setting, and why', async (t) => {
  const engine = await open(t, { model: exported('broken') });
  const error = await t.throwsAsync(engine.probe(), { instanceOf: EngineFault });
  t.regex(
    error!.message,
    /^profiles\.cpu\.review\.peer\[1\]\.model: \/.*broken cannot be used: Incorrect weights; fetch/,
  );
});

const spoiled = (name: string, change: (bytes: Buffer) => Buffer): string => {
  const path = join(folder, name);
  writeFileSync(path, change(readFileSync(tiny.gguf)));
  return path;
};

const parts = (): string => {
  const path = join(folder, 'parts');
  mkdirSync(path);
  const [first, second] = [1, 2].map((n) => join(path, `x-0000${n}-of-00002.gguf`));
  writeFileSync(first!, readFileSync(tiny.gguf));
  writeFileSync(second!, readFileSync(tiny.gguf));
  return first!;
};

const pictures = (): string => {
  const path = join(folder, 'pictures');
  mkdirSync(path);
  writeFileSync(join(path, 'openvino_language_model.xml'), '');
  return path;
};

for (const [what, [runtime, message]] of Object.entries({
  'no model': [() => ({ model: undefined }), /\.model: engine openvino needs a folder/],
  'no such model': [() => ({ model: '/nowhere/x' }), /\.model: there is no model \/nowhere\/x/],
  'a socket': [
    () => ({ socket: '/run/x.sock' }),
    /\.socket: engine openvino has no use for it; take "socket" out$/,
  ],
  'an adapter': [() => ({ adapter: 'a@1' }), /\.adapter: OpenVINO takes no LoRA adapters.*merge/],
  'a Hugging Face folder': [() => ({ model: tiny.hf }), /\.model: .*optimum-cli export openvino/],
  'an adapter for a model': [() => ({ model: tiny.hfAdapter }), /\.model: .* is an adapter/],
  'an adapter as a GGUF': [
    () => ({ model: tiny.adapter }),
    /\.model: .*it is not a language model/,
  ],
  'a model of pictures': [() => ({ model: pictures() }), /\.model: .*images and text/],
  'a GGUF in parts': [() => ({ model: parts() }), /\.model: .*in 2 parts.*llama-gguf-split/],
  'a GGUF cut short': [
    () => ({ model: spoiled('short.gguf', (bytes) => bytes.subarray(0, 5_000_000)) }),
    /\.model: .*short\.gguf cannot be used: it has 5000000 bytes of at least \d+; give a whole/,
  ],
  'a GGUF cut within its head': [
    () => ({ model: spoiled('head.gguf', (bytes) => bytes.subarray(0, 20_000)) }),
    /\.model: .*head\.gguf cannot be used: it has 20000 bytes of at least \d+/,
  ],
  'a GGUF of noise': [
    () => ({
      model: spoiled('noise.gguf', (bytes) =>
        Buffer.concat([bytes.subarray(0, 24), Buffer.alloc(50_000, 0xff)]),
      ),
    }),
    /\.model: .*noise\.gguf cannot be used: .*; give a whole/,
  ],
  'no tokenizer beside the model': [
    () => ({ model: exported('untokened', 'openvino_tokenizer.xml') }),
    /\.model: .*untokened is not whole: openvino_tokenizer\.xml \(its tokenizer\) is missing/,
  ],
  'no weights beside the model': [
    () => ({ model: exported('weightless', 'openvino_model.bin') }),
    /\.model: .*weightless is not whole: openvino_model\.bin/,
  ],
} as const)) {
  test(`settings with ${what} are a mistake`, async (t) => {
    const error = await t.throwsAsync(open(t, runtime() as Partial<Runtime>), {
      instanceOf: UserError,
    });
    t.regex(error!.message, message);
    t.notRegex(error!.message, /\p{Cc}/u);
  });
}

test.serial('a config.json that says nothing useful is passed over', async (t) => {
  for (const [name, config, tokens] of [
    ['c1', 'no JSON', 16_384],
    ['c2', '{"text_config":{"max_position_embeddings":512}}', 512],
    ['c3', '{"max_position_embeddings":"many"}', 16_384],
    ['c4', `${'{"text_config":'.repeat(20_000)}1${'}'.repeat(20_000)}`, 16_384],
  ] as const) {
    const engine = await open(t, { model: exported(name, undefined, config) });
    t.is((await engine.probe()).contextTokens, tokens, name);
    await engine.close();
  }
});
