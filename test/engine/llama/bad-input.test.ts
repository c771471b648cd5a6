// SPDX-License-Identifier: GPL-3.0-only
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import type { Runtime } from '../../../src/config/schema.ts';
import { UserError } from '../../../src/data/user-error.ts';
import { EngineFault } from '../../../src/engine/contract/engine.ts';
import { openLlamaEngine } from '../../../src/engine/llama/engine.ts';
import { loadModel } from '../../../src/engine/llama/model/load-model.ts';
import {
  promptsShortage,
  weightBytes,
  weightsShortage,
} from '../../../src/engine/llama/pool/memory.ts';
import { Refusal } from '../../../src/engine/local/calls.ts';
import { cachedTinyModel } from '../../tiny-model/tiny-model.ts';

/*
 * What a profile can get wrong about files and memory: each message begins with the setting, says
 * what is the matter and ends with the next step.
 */

const folder = mkdtempSync(join(tmpdir(), 'pantheon-llama-bad-'));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));
const tiny = cachedTinyModel();
const setting = 'profiles.cpu.review.peer[1]';

const spoil = (name: string, from: string, change: (bytes: Buffer) => Buffer | string): string => {
  const path = join(folder, name);
  writeFileSync(path, change(readFileSync(from)));
  return path;
};
const upTo = (end: number) => (bytes: Buffer) => bytes.subarray(0, end);
const replaced = (text: string, by: string) => (bytes: Buffer) => {
  const changed = Buffer.from(bytes);
  changed.write(by, changed.indexOf(text));
  return changed;
};

/** What is said when the engine is opened and looked at. */
const saidOf = async (more: Partial<Runtime>): Promise<Error | undefined> => {
  const runtime: Runtime = {
    engine: 'llama',
    model: tiny.gguf,
    threads: 1,
    processes: 1,
    slots: 1,
    contextTokens: 512,
    ...more,
  };
  let engine: Awaited<ReturnType<typeof openLlamaEngine>> | undefined;
  try {
    engine = await openLlamaEngine(runtime, { setting });
    await engine.probe();
    return undefined;
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  } finally {
    await engine?.close();
  }
};

for (const [what, [runtime, message, kind]] of Object.entries({
  'no model': [{ model: undefined }, /^\S+\.model: engine llama needs a GGUF file/, UserError],
  'a model that is not there': [
    { model: '/nowhere/x.gguf' },
    /^\S+\.model: there is no model \/nowhere\/x\.gguf; correct the path/,
    UserError,
  ],
  'a socket': [
    { socket: '/run/x.sock' },
    /^\S+\.socket: engine llama has no use for it; take "socket" out$/,
    UserError,
  ],
  'a device of another engine': [
    { device: 'NPU' },
    /^\S+\.device: engine llama knows CPU and GPU, and no "NPU"; name one of them$/,
    UserError,
  ],
  'a folder of weights': [{ model: tiny.hf }, /^\S+\.model: .*hf is not a GGUF file/, UserError],
  'weights in another format': [
    { model: spoil('safe.gguf', join(tiny.hf, 'model.safetensors'), (bytes) => bytes) },
    /^\S+\.model: .*safe\.gguf is not a GGUF file; give a GGUF/,
    UserError,
  ],
  'a model file cut short': [
    { model: spoil('short.gguf', tiny.gguf, upTo(5_000_000)) },
    /^\S+\.model: .*short\.gguf cannot be used: .*(incomplete|within the file).*; give a whole GGUF/,
    EngineFault,
  ],
  'a model file of noise': [
    {
      model: spoil('noise.gguf', tiny.gguf, (bytes) =>
        Buffer.concat([bytes.subarray(0, 24), Buffer.alloc(50_000, 0xff)]),
      ),
    },
    /^\S+\.model: .*noise\.gguf cannot be used: .*; give a whole GGUF/,
    EngineFault,
  ],
  'an unknown kind of model': [
    { model: spoil('kind.gguf', tiny.gguf, replaced('llama', 'xlama')) },
    /^\S+\.model: .*kind\.gguf cannot be used: .*unknown model architecture: 'xlama'.*; give/,
    EngineFault,
  ],
  'an adapter as the model': [
    { model: tiny.adapter },
    /^\S+\.model: .*adapter\.gguf cannot be used: it is an adapter: name it as "adapter"/,
    EngineFault,
  ],
  'a model as the adapter': [
    { adapter: tiny.gguf },
    /^\S+\.adapter: .*tiny\.gguf does not fit the model: .*expect general\.type.*; give a LoRA/,
    EngineFault,
  ],
  'an adapter for another base': [
    { adapter: tiny.otherAdapter },
    /^\S+\.adapter: .*other-adapter\.gguf does not fit the model: .*incorrect shape.*; give a LoRA/,
    EngineFault,
  ],
  'an adapter in another format': [
    { adapter: tiny.hfAdapter },
    /^\S+\.adapter: .*hf-adapter has not one GGUF file beside its weights; "pantheon train" writes one/,
    UserError,
  ],
  'more tokens than there is memory for': [
    { contextTokens: 500_000_000 },
    /^\S+\.contextTokens: 1 times 500000000 tokens of prompts take \S+ [GT]iB, and \S+ GiB of memory are free; lower it, or slots$/,
    EngineFault,
  ],
  'more slots than a process holds': [
    { slots: 300 },
    /^\S+\.slots: one process has at most 256, and 300 were asked of 1; lower it$/,
    EngineFault,
  ],
} as const)) {
  test.serial(`${what} names the setting`, async (t) => {
    const error = await saidOf(runtime as Partial<Runtime>);
    t.true(error instanceof kind, String(error?.stack));
    const said = error!.message.replace(/^pantheon\.yaml: /, '');
    t.true(said.startsWith(`${setting}.`), said);
    t.regex(said, message);
    t.notRegex(said, /\p{Cc}/u);
    t.true(said.length < 600);
  });
}

test.serial('weights that do not fit into memory are not loaded', async (t) => {
  const error = await t.throwsAsync(
    loadModel(await import('node-llama-cpp'), {
      model: tiny.gguf,
      contextTokens: 512,
      gpu: false,
      template: undefined,
      log: { lines: [] },
      available: 5 * 2 ** 20,
    }),
    { instanceOf: Refusal },
  );
  t.regex(error!.message, /^its weights take 7\.\d MiB, and 5\.0 MiB of memory are free$/);
});

test('the parts of a model count together', async (t) => {
  for (const [part, size] of [10, 20, 30].entries()) {
    writeFileSync(join(folder, `large-0000${part + 1}-of-00003.gguf`), Buffer.alloc(size));
  }
  t.is(await weightBytes(join(folder, 'large-00001-of-00003.gguf')), 60);
  t.is(await weightBytes(join(folder, 'large-00002-of-00003.gguf')), 20);
});

test('what memory is short of', (t) => {
  t.is(weightsShortage(8, 8), undefined);
  t.is(
    weightsShortage(40 * 2 ** 30, 12.4 * 2 ** 30),
    'its weights take 40 GiB, and 12 GiB of memory are free',
  );
  const facts = { contextTokens: 1000, bytesPerToken: 100, gpu: undefined };
  t.is(promptsShortage({ slots: 16, processes: 2 }, facts, 1_600_000), undefined);
  t.regex(
    promptsShortage({ slots: 16, processes: 2 }, facts, 1_599_999) ?? '',
    /^contextTokens: 16 times 1000 tokens of prompts take 1\.5 MiB, and 1\.5 MiB of memory are free/,
  );
  t.is(promptsShortage({ slots: 16, processes: 2 }, { ...facts, gpu: 'cuda' }, 1), undefined);
  t.is(promptsShortage({ slots: 512, processes: 2 }, facts, 2 ** 40), undefined);
});

test('a GPU that llama.cpp does not find is not done without', async (t) => {
  const said = await saidOf({ device: 'gpu' });
  // On a machine with one, and its part, nothing is wrong.
  if (said === undefined) return t.pass('there is a GPU here');
  t.true(said instanceof EngineFault);
  t.regex(
    said.message,
    /^\S+\.device: llama\.cpp finds no GPU here; add its part with bin\/add-gpu-parts/,
  );
});
