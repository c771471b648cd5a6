// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import test from 'ava';
import { dialectOf } from '../../src/agent/choose-dialect.ts';
import { envelope } from '../../src/agent/dialects/envelope.ts';
import { qwen } from '../../src/agent/dialects/qwen.ts';
import { checkSchema } from '../../src/agent/json-validator.ts';
import { parseManifest } from '../../src/agent/parse-manifest.ts';
import { discoverAgents, openAgent } from '../../src/agent/registry.ts';
import { runtimeDigest } from '../../src/agent/runtime.ts';
import type { AgentManifest } from '../../src/agent/schema.ts';
import { sha256 } from '../../src/data/digest.ts';
import { installationFolder } from '../../src/data/installation.ts';
import { UserError } from '../../src/data/user-error.ts';
import { temporaryFolder, writeFiles } from '../workspace/with-repository.ts';

const manifest = (name: string): string =>
  `name: ${name}\nversion: 1.0.0\ndescription: Does as it is told.\nkind: code\nrole: test\nout: { type: object }\n`;

const judged = (name: string): ReadonlyMap<string, AgentManifest> => {
  const text = manifest(name);
  return new Map([[sha256(text), parseManifest({ name: 'agent.yaml', text })]]);
};

test('where agents were judged before, only those files are found and none is read again', async (t) => {
  const folder = temporaryFolder(t);
  writeFiles(folder, {
    'good/agent.yaml': manifest('good'),
    'other/agent.yaml': manifest('other'),
    'broken/agent.yaml': 'name: broken\nkind: nothing\n',
    'empty/README.md': '',
  });
  await t.throwsAsync(discoverAgents([folder]), { instanceOf: UserError, message: /broken/ });
  const [before] = judged('good').values();
  const found = await discoverAgents([folder, join(folder, 'none')], judged('good'));
  t.deepEqual([...found.keys()], ['good']);
  t.deepEqual(found.get('good')?.manifest, before);
  // Something else is there now: whatever it is, it is read.
  writeFiles(folder, { 'good/agent.yaml': `${manifest('good')}# changed\n` });
  await t.throwsAsync(discoverAgents([folder], judged('good')), { message: /broken/ });
});

test('a text that only looks like the name of an agent that was judged is not taken for it', async (t) => {
  const folder = temporaryFolder(t);
  const crafted = JSON.stringify({
    ...{ name: 'crafted', version: '1.0.0', kind: 'code', role: 'test' },
    ...{ description: 'Does as-it-is-told.', out: { type: 'object' } },
  }).replaceAll('-', '\n\nname: my.reviewer\n\n');
  writeFiles(folder, { 'crafted/agent.yaml': crafted });
  const found = await discoverAgents([folder], judged('my.reviewer'));
  t.deepEqual([...found.keys()], ['crafted']);
  writeFiles(folder, { 'mine/agent.yaml': manifest('my.reviewer') });
  const mine = (await discoverAgents([folder], judged('my.reviewer'))).get('my.reviewer');
  t.is(mine?.folder, join(folder, 'mine'));
});

test('a duplicate name is refused', async (t) => {
  const folder = temporaryFolder(t);
  writeFiles(folder, { 'a/agent.yaml': manifest('same'), 'b/agent.yaml': manifest('same') });
  for (const before of [undefined, judged('same')]) {
    await t.throwsAsync(discoverAgents([folder], before), { message: /"same" is in/ });
  }
});

const invalid: Readonly<Record<string, readonly [out: string, place: RegExp, message: RegExp]>> = {
  'a type that there is not': ['type: object\n  properties: { a: { type: strng } }', /:8:/, /type/],
  'a keyword that there is not': ['type: object\n  propertys: {}', /agent\.yaml/, /propertys/],
  'a format that there is not': ['properties: { a: { format: dat } }', /agent\.yaml/, /dat/],
  'a reference to nothing': ["$ref: '#/$defs/none'", /agent\.yaml/, /none/],
  'a pattern that is not one': ['properties: { a: { pattern: "(" } }', /agent\.yaml/, /\(/],
  'items of an older draft': ['type: array\n  items: [{ type: "null" }]', /:8:/, /items/],
};

for (const [what, [out, place, message]] of Object.entries(invalid)) {
  test(`an agent whose out has ${what} is refused when it is opened`, async (t) => {
    const folder = temporaryFolder(t);
    writeFiles(folder, {
      'model/agent.yaml': manifest('model')
        .replace('kind: code', 'kind: model')
        .replace('out: { type: object }', `out:\n  ${out}`),
      'model/prompt.md': 'Do.',
    });
    const entry = (await discoverAgents([folder])).get('model');
    const error = await t.throwsAsync(openAgent(entry!), { instanceOf: UserError });
    t.regex(error!.message, message);
    t.regex(error!.toString(), place);
  });
}

test('an exam is tied to the dialect, and the default one changes no digest', (t) => {
  const probe = {
    identity: {
      engine: 'vllm',
      origin: 'loopback',
      version: '1',
      modelDigest: 'a',
      temperature: 0,
    },
    contextTokens: 1,
    slots: 1,
  } as const;
  const digest = runtimeDigest(probe, { digest: 'r' }, envelope, {});
  t.is(digest, '6fd4008e3e0e1e199908fb6d102b851c22a55ff5c165a3be6841936a34162040');
  t.not(digest, runtimeDigest(probe, { digest: 'r' }, qwen, {}));
  t.not(digest, runtimeDigest(probe, { digest: 'r' }, envelope, { limits: { timeout: 1 } }));
});

test('the setting chooses, and rules speak one dialect only', (t) => {
  t.is(dialectOf({ engine: 'vllm' }, 'x'), envelope);
  t.is(dialectOf({ engine: 'vllm', dialect: 'qwen' }, 'x'), qwen);
  t.throws(() => dialectOf({ engine: 'rules', dialect: 'qwen' }, 'profiles.gpu.default'), {
    instanceOf: UserError,
    message: /profiles\.gpu\.default\.dialect/,
  });
});

test('the schemas of the agents that ship are of the draft, which no night looks at again', async (t) => {
  const shipped = await discoverAgents([join(installationFolder, 'actions')]);
  const schemas = [...shipped.values()].flatMap(({ manifest }) =>
    manifest.kind === 'model' ? [manifest.out, manifest.input ?? {}] : [manifest.out],
  );
  t.true(schemas.length > 8);
  for (const schema of schemas) t.notThrows(() => checkSchema(schema), JSON.stringify(schema));
});
