// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { installationFolder } from '../../../src/data/installation.ts';
import { resolveModel } from '../../../src/engine/models/model-files.ts';
import { parseModelsLock } from '../../../src/engine/models/models-lock.ts';

const read = (path: string): string => readFileSync(join(installationFolder, path), 'utf8');

test('the model that ships is the one that the example pins and its card names', async (t) => {
  const folder = join(installationFolder, 'models');
  const name = 'examples/settings/models.lock';
  const lock = parseModelsLock({ name, text: read(name) });
  const ask = { setting: 'test', models: { folders: [folder], lock } };
  const { digest, bytes, pin, form } = await resolveModel('pantheon-picker', ask);
  t.is(form, 'gguf');
  t.truthy(pin);
  t.true(read('models/README.md').includes(`\`${digest}\``));
  t.true(statSync(join(folder, 'pantheon-picker.gguf')).size === bytes && bytes < 12e6);
});
