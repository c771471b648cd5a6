// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import test from 'ava';
import { discoverAgents, openAgent } from '../../src/agent/registry.ts';
import { UserError } from '../../src/data/user-error.ts';
import { temporaryFolder, writeFiles } from '../workspace/with-repository.ts';

const manifest = (name: string): string =>
  `name: ${name}\nversion: 1.0.0\ndescription: Does as it is told.\nkind: code\nrole: test\nout: { type: object }\n`;

test('of named agents only those are judged, however their manifest is written', async (t) => {
  const folder = temporaryFolder(t);
  writeFiles(folder, {
    'good/agent.yaml': manifest('good'),
    'other/agent.yaml': manifest('other'),
    'broken/agent.yaml': 'name: broken\nkind: nothing\n',
    'odd/agent.yaml': JSON.stringify({
      ...{ name: 'odd', version: '1.0.0', description: 'In JSON.', kind: 'code', role: 'test' },
      out: { type: 'object' },
    }),
    'empty/README.md': '',
  });
  const named = await discoverAgents([folder, join(folder, 'none')], new Set(['good']));
  t.deepEqual([...named.keys()], ['good', 'odd']);
  await t.throwsAsync(discoverAgents([folder]), { instanceOf: UserError, message: /broken/ });
  await t.throwsAsync(discoverAgents([folder], new Set(['broken'])), { instanceOf: UserError });
});

test('a duplicate name is refused', async (t) => {
  const folder = temporaryFolder(t);
  writeFiles(folder, { 'a/agent.yaml': manifest('same'), 'b/agent.yaml': manifest('same') });
  for (const names of [undefined, new Set(['same'])]) {
    await t.throwsAsync(discoverAgents([folder], names), { message: /"same" is in/ });
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
