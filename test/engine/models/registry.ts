// SPDX-License-Identifier: GPL-3.0-only
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { sha256 } from '../../../src/data/digest.ts';
import { UserError } from '../../../src/data/user-error.ts';
import { modelCheck, resolveModel } from '../../../src/engine/models/model-files.ts';
import { emptyLock } from '../../../src/engine/models/models-lock.ts';
import { checkRegistered, chooseAdapters } from '../../../src/engine/models/registered-adapter.ts';
import {
  emptyRegistry,
  parseRegistry,
  type Registry,
  renderRegistry,
  withAgent,
} from '../../../src/engine/models/registry.ts';
import { temporaryFolder } from '../../workspace/with-repository.ts';

const digest = 'a'.repeat(64);

const version = (number: number, adapter = digest) => ({
  version: number,
  base: { name: 'tiny', digest },
  adapter,
  dataset: digest,
  date: '2026-11-30',
});

const registry: Registry = {
  version: 1,
  agents: {
    'doc.frontmatter': {
      champion: 2,
      before: [1],
      candidate: { version: 3, share: 0.25 },
      routes: {
        champion: 2,
        table: [
          { chores: ['toc', 'links'], version: 1 },
          { chores: [], version: 3 },
        ],
      },
      versions: [version(1), version(2, 'b'.repeat(64)), version(3, 'c'.repeat(64))],
    },
  },
};

const text = renderRegistry(registry);
const read = (content: string): Registry => parseRegistry({ name: 'registry.yaml', text: content });

test('a registry is read as it was written, in one order', (t) => {
  t.deepEqual(read(text), registry);
  const { versions, ...aliases } = registry.agents['doc.frontmatter'] ?? { versions: [] };
  const mixed = { ...aliases, versions: versions.toReversed() };
  t.is(renderRegistry(withAgent(registry, 'doc.frontmatter', mixed)), text);
});

const refused = test.macro((t, change: (content: string) => string, says: RegExp) => {
  const error = t.throws(() => read(change(text)), { instanceOf: UserError });
  t.regex(error?.message ?? '', says);
});

test(
  'an alias of a version that is not there',
  refused,
  (content) => content.replace('champion: 2', 'champion: 7'),
  /^registry\.yaml:5:\d+: agents\.doc\.frontmatter\.champion: there is no version 7 below "versions"; there are 1, 2, 3/,
);
test(
  'a version that is listed twice',
  refused,
  (content) => content.replace('- version: 3', '- version: 1'),
  /^registry\.yaml:\d+:\d+: .*version 1 is listed twice; keep one of them/,
);
test(
  'a digest that is none',
  refused,
  (content) => content.replace('c'.repeat(64), 'C0FFEE'),
  /^registry\.yaml:\d+:\d+: .*adapter.*write a sha256 as 64 lower-case hexadecimal digits/,
);
test(
  'a share that is none',
  refused,
  (content) => content.replace('share: 0.25', 'share: 25'),
  /^registry\.yaml:\d+:\d+: .*share/,
);
test(
  'a key that does not exist',
  refused,
  (content) => content.replace('candidate:', 'challenger:'),
  /^registry\.yaml:\d+:\d+: agents\.doc\.frontmatter\.challenger: unknown key/,
);

test(
  'routes beside another champion',
  refused,
  (content) => content.replace('      champion: 2', '      champion: 1'),
  /^registry\.yaml:\d+:\d+: agents\.doc\.frontmatter\.routes\.champion: the routes were learned beside version 1, and the champion is 2\. Learn them again with "pantheon route"/,
);
test(
  'a route to a version that is not there',
  refused,
  (content) => content.replace('          version: 1', '          version: 9'),
  /^registry\.yaml:\d+:\d+: agents\.doc\.frontmatter\.routes\.table\.0\.version: there is no version 9/,
);
test(
  'two routes for the same chores',
  refused,
  (content) =>
    content.replace(
      'chores: []',
      'chores:\n            - links\n            - toc\n            - links',
    ),
  /^registry\.yaml:\d+:\d+: agents\.doc\.frontmatter\.routes\.table\.1\.chores: these chores have a route already/,
);

const chosen = (name: string, from: Registry = registry) =>
  chooseAdapters(name, from, 'profiles.gpu.default.adapter');

test('a name stands for a version', (t) => {
  const two = { agent: 'doc.frontmatter', version: 2, digest: 'b'.repeat(64) };
  const three = { agent: 'doc.frontmatter', version: 3, digest: 'c'.repeat(64) };
  t.deepEqual(chosen('doc.frontmatter@2'), { adapter: two });
  t.deepEqual(chosen('doc.frontmatter@champion'), {
    adapter: { ...two, alias: 'champion' },
    canary: { adapter: { ...three, alias: 'candidate' }, share: 0.25 },
    routes: [
      {
        chores: ['toc', 'links'],
        adapter: { agent: 'doc.frontmatter', version: 1, digest },
      },
      { chores: [], adapter: three },
    ],
  });
  t.deepEqual(chosen('doc.frontmatter@candidate'), {
    adapter: { ...three, alias: 'candidate' },
  });
});

for (const name of ['style', '/srv/adapter.gguf', 'doc@1', 'adapters/x@champion', 'other@3']) {
  test(`${name} is not the registry's to name`, (t) => t.is(chosen(name), undefined));
}

const nowhere = test.macro((t, name: string, says: RegExp, from?: Registry) => {
  const error = t.throws(() => chosen(name, from), { instanceOf: UserError });
  t.regex(error?.message ?? '', says);
});

test(
  'an alias where the registry does not have the agent',
  nowhere,
  'review.peer@champion',
  /^pantheon\.yaml: profiles\.gpu\.default\.adapter: "review\.peer@champion" stands for a version in registry\.yaml, and that has none of review\.peer\. Promote one with "pantheon promote review\.peer@N"/,
);
test(
  'an alias that is not set',
  nowhere,
  'doc.frontmatter@candidate',
  /registry\.yaml names no candidate of doc\.frontmatter, of which it has the versions 1\. Promote one with "pantheon promote doc\.frontmatter@N --as candidate"/,
  withAgent(registry, 'doc.frontmatter', { champion: 1, versions: [version(1)] }),
);
test(
  'a version that is not listed',
  nowhere,
  'doc.frontmatter@9',
  /"doc\.frontmatter@9" is not in registry\.yaml; of doc\.frontmatter it has the versions 1, 2, 3\. Name one/,
);

test('the files of a version are held to its digest', async (t) => {
  const folder = temporaryFolder(t);
  const file = join(folder, 'doc@1.gguf');
  writeFileSync(file, 'GGUF one');
  const ask = { setting: 'profiles.gpu.doc', models: { folders: [folder], lock: emptyLock } };
  const adapter = { agent: 'doc', version: 1, digest: sha256('GGUF one') };
  await t.notThrowsAsync(checkRegistered(adapter, ask));
  writeFileSync(file, 'GGUF two');
  await t.throwsAsync(checkRegistered(adapter, ask), {
    instanceOf: UserError,
    message:
      /^pantheon\.yaml: profiles\.gpu\.doc\.adapter: "doc@1" at .* is not what registry\.yaml has: expected sha256 \w{64}, found \w{64}\. Put the adapter back that was promoted, or go back .*"pantheon rollback doc"/,
  });
  await t.throwsAsync(checkRegistered({ ...adapter, version: 2 }, ask), {
    instanceOf: UserError,
    message: /profiles\.gpu\.doc\.adapter: there is no model .*doc@2/,
  });
});

test('an adapter that the registry has is held by it, and another of that name is not', async (t) => {
  const folder = temporaryFolder(t);
  const gguf = Buffer.concat([Buffer.from('GGUF'), Buffer.alloc(20)]);
  writeFileSync(join(folder, 'doc@1.gguf'), gguf);
  const look = async (has: string) => {
    const held = withAgent(emptyRegistry, 'doc', { champion: 1, versions: [version(1, has)] });
    const models = { folders: [folder], lock: emptyLock, registry: held };
    return modelCheck(await resolveModel('doc@1', { setting: 'p.doc', models }, 'adapter'));
  };
  const { state, detail } = await look(sha256(gguf));
  t.is(state, 'ok');
  t.regex(detail, /^doc@1: .*doc@1\.gguf is what registry\.yaml has \(sha256 /);
  t.regex((await look(digest)).detail, /"doc@1" is not pinned in models\.lock/);
});
