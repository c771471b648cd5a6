// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { installationFolder } from '../../../src/data/installation.ts';
import { modelCheck, resolveModel } from '../../../src/engine/models/model-files.ts';
import { emptyLock } from '../../../src/engine/models/models-lock.ts';
import { namedModels } from '../../../src/engine/models/named-models.ts';

test('the adapter that ships is the one of its card, for the base that a name alone fetches', async (t) => {
  const models = { folders: [join(installationFolder, 'models')], lock: emptyLock };
  const ask = { setting: 'profiles.laptop.doc.frontmatter', models };
  const adapter = await resolveModel('adapters/doc-frontmatter-smollm2', ask, 'adapter');
  const { form, path, files } = adapter;
  t.is(form, 'gguf');
  t.like(modelCheck(adapter), { state: 'ok' });
  t.regex(modelCheck(adapter).detail, /is what ships with Pantheon \(sha256 /);
  const card = readFileSync(join(path, '..', 'README.md'), 'utf8');
  const weights = files.find((file) => file.path === 'adapter.gguf');
  t.true(card.includes(`\`adapter.gguf\`, sha256 ${weights?.sha256} `));
  t.true(card.includes(`Q4_1, sha256 ${namedModels.smollm2?.sha256} `));
  t.true((weights?.size ?? 0) < 6e6);
});
