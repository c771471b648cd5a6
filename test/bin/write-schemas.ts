// SPDX-License-Identifier: GPL-3.0-only
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { z } from 'zod';
import { driftedSchemas, schemaFiles } from '../../bin/write-schemas.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('the committed schemas are what the code says', async (t) => {
  t.deepEqual(await driftedSchemas(root), [], 'run "npm run schemas"');
});

test('drift is seen: a changed, a missing and a stray schema', async (t) => {
  const copy = await mkdtemp(join(tmpdir(), 'pantheon-'));
  t.teardown(() => rm(copy, { recursive: true }));
  for (const folder of ['schemas', 'specs']) await mkdir(join(copy, folder));
  for (const [path, text] of schemaFiles()) await writeFile(join(copy, path), text);
  t.deepEqual(await driftedSchemas(copy), []);
  await writeFile(join(copy, 'specs/schema.json'), '{}');
  await rm(join(copy, 'schemas/flow.schema.json'));
  await writeFile(join(copy, 'schemas/old.schema.json'), '{}');
  t.deepEqual(await driftedSchemas(copy), [
    'schemas/flow.schema.json',
    'specs/schema.json',
    'schemas/old.schema.json',
  ]);
});

test('a schema judges as the code does', (t) => {
  const text = schemaFiles().get('schemas/spec.schema.json') ?? '';
  const schema = z.fromJSONSchema(JSON.parse(text));
  t.true(schema.safeParse({ title: 'x', scope: 'docs/', acceptance: ['y'] }).success);
  t.false(schema.safeParse({ title: 'x', scope: 'docs/', acceptance: [] }).success);
  t.false(schema.safeParse({ title: 'x', scope: 'docs/', acceptance: ['y'], more: 1 }).success);
});
