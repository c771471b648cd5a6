// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { installationFolder } from '../../../src/data/installation.ts';
import { resolveModel } from '../../../src/engine/models/model-files.ts';
import { parseModelsLock } from '../../../src/engine/models/models-lock.ts';

const read = (path: string): string => readFileSync(join(installationFolder, path), 'utf8');

const pinned = test.macro(async (t, shipped: string) => {
  const folder = join(installationFolder, 'models');
  const name = 'examples/settings/models.lock';
  const lock = parseModelsLock({ name, text: read(name) });
  const ask = { setting: 'test', models: { folders: [folder], lock } };
  const { digest, bytes, pin, form } = await resolveModel(shipped, ask);
  t.is(form, 'gguf');
  t.truthy(pin);
  t.true(read('models/README.md').includes(`\`${digest}\``));
  t.true(statSync(join(folder, `${shipped}.gguf`)).size === bytes && bytes < 12e6);
});

for (const shipped of ['pantheon-picker', 'pantheon-reviewer-words', 'pantheon-reviewer-values']) {
  test(
    `${shipped}, which ships, is the one that the example pins and its card names`,
    pinned,
    shipped,
  );
}
