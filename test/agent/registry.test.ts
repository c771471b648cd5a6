// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import test from 'ava';
import { discoverAgents } from '../../src/agent/registry.ts';
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

test('a name that stands twice is refused', async (t) => {
  const folder = temporaryFolder(t);
  writeFiles(folder, { 'a/agent.yaml': manifest('same'), 'b/agent.yaml': manifest('same') });
  for (const names of [undefined, new Set(['same'])]) {
    await t.throwsAsync(discoverAgents([folder], names), { message: /"same" stands in/ });
  }
});
