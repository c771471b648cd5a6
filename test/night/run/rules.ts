// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { UserError } from '../../../src/data/user-error.ts';
import { deniedPatchSchema } from '../../../src/night/run/denied-patch.ts';
import { readBundles } from '../support/snapshot.ts';
import { tinyConfig, tinySpec } from '../support/tiny-house.ts';
import { wholeFile } from '../support/whole-file.ts';
import { makeHouse } from '../support/with-night.ts';

const own = `% What this house does not want.
forbid(not_this, [Path, " stays. Work another one."]) :-
    tool("write_file"), writes(Path), ends_with(Path, "stays.txt").
forbid(too_large, [Path, " has ", Bytes, " bytes now. Write less."]) :-
    change(Path, _, Bytes), Bytes > 100.
forbid(no_keys, "No keys.") :- change("box/key.txt", _, _).
`;

const files = {
  'rules/own.pl': own,
  'specs/notes.yaml': tinySpec('box/'),
  'box/fine.txt': 'fine\n',
  'box/stays.txt': 'stays\n',
  'box/large.txt': 'large lines 50\n',
  'box/key.txt': 'key key\n',
  'specs/sweep.yaml': tinySpec('"**/*.txt"').replace('title: Say', 'title: Sweep, say'),
  'tools/words.txt': 'words\n',
  'LICENSE.txt': 'licence\n',
};

const worked = makeHouse(wholeFile(), files).then((house) => house.night());

const denials = {
  'a call that a rule of the repository forbids': [
    'notes',
    'box/stays.txt',
    'box/stays.txt stays. Work another one. (rule not_this, rules/own.pl:2)',
  ],
  'a patch that a rule of the repository forbids': [
    'notes',
    'box/large.txt',
    /^box\/large\.txt has \d+ bytes now\. Write less\. \(rule too_large, rules\/own\.pl:4\)$/,
  ],
  'a file that the night runs by': [
    'sweep',
    'tools/words.txt',
    /^tools\/words\.txt is what a night runs by.* \(rule runs_night, shipped rules\/paths\.pl:\d+\)$/,
  ],
  'the licence': [
    'sweep',
    'LICENSE.txt',
    /^LICENSE\.txt is the licence.* \(rule licence, shipped rules\/paths\.pl:\d+\)$/,
  ],
} as const;

for (const [what, [spec, path, told]] of Object.entries(denials)) {
  test(`${what} is denied: to the model, in the bundle and in the report`, async (t) => {
    const end = await worked;
    const unit = end.spec(spec).unitDetails.find(({ paths }) => paths[0] === path);
    t.is(unit?.state, 'red');
    // It does the same again, whatever it is told.
    t.is(unit?.code, 'loop.repeat');
    const [, last = ''] = /; the last answer was: (.*)$/.exec(unit?.reason ?? '') ?? [];
    t[typeof told === 'string' ? 'is' : 'regex'](last, told as never);
    const bundle = readBundles(end.folder).get(`${spec}/${unit?.id}/work`);
    t.true(bundle?.files['prompt.txt']?.includes(JSON.stringify(last).slice(1, -1)));
    t.true(bundle?.files['error.json']?.includes(JSON.stringify(last).slice(1, -1)));
    if (path === 'box/stays.txt') {
      t.regex(bundle?.files['tool_calls.jsonl'] ?? '', /"place":"rules\/own\.pl:2"/);
    }
    const report = readFileSync(join(end.folder, 'report.md'), 'utf8');
    t.true(report.includes(/\w+\.pl:\d+/.exec(last)?.[0] ?? 'no place'));
  });
}

test('a patch that rules deny is kept as evidence, once, and is none to open', async (t) => {
  const end = await worked;
  const bundles = readBundles(end.folder);
  const unit = end.spec('notes').unitDetails.find(({ paths }) => paths[0] === 'box/large.txt');
  const files = bundles.get(`notes/${unit?.id}/work`)?.files ?? {};
  const [patch, ...more] = (files['denied.jsonl'] ?? '').trim().split('\n');
  t.deepEqual(more, []);
  const { diff, changes, ...denial } = deniedPatchSchema.parse(JSON.parse(patch ?? ''));
  t.like(denial, { rule: 'too_large', place: 'rules/own.pl:4' });
  t.regex(denial.reason, /^box\/large\.txt has \d+ bytes now/);
  t.deepEqual(
    changes.map(({ path }) => path),
    ['box/large.txt'],
  );
  t.true(diff.includes('\n+line\n'));
  t.false('diff.patch' in files || 'output.json' in files);
  const sweep = end.spec('sweep').unitDetails.find(({ paths }) => paths[0] === 'box/large.txt');
  const keeping = [...bundles].flatMap(([name, one]) => ('denied.jsonl' in one.files ? name : []));
  t.deepEqual(keeping.sort(), [`notes/${unit?.id}/work`, `sweep/${sweep?.id}/work`]);
});

test('one with a secret is not kept, nor is the secret anywhere else', async (t) => {
  const end = await worked;
  const unit = end.spec('notes').unitDetails.find(({ paths }) => paths[0] === 'box/key.txt');
  t.regex(unit?.reason ?? '', /No keys\. \(rule no_keys/);
  const { files = {} } = readBundles(end.folder).get(`notes/${unit?.id}/work`) ?? {};
  t.false('denied.jsonl' in files);
  t.false(JSON.stringify(files).includes('QYLPMN5HHHFPZAM2'));
});

test('what no rule forbids is opened', async (t) => {
  const notes = (await worked).spec('notes');
  t.is(notes.outcome, 'pull-request');
  const approved = notes.unitDetails.filter(({ state }) => state === 'approved');
  t.deepEqual(
    approved.map(({ paths }) => paths[0]),
    ['box/fine.txt'],
  );
});

test('what is not a rule stops the night with its line', async (t) => {
  const house = await makeHouse(t, files);
  house.commit({ 'rules/own.pl': `${own}:- halt.\n` });
  const error = await t.throwsAsync(house.night(), { instanceOf: UserError });
  t.deepEqual(error?.place, { file: 'rules/own.pl', line: 7 });
});

const perl = `#!/usr/bin/perl
use strict;
print "Content-type: text/html\\n\\n";
`;

test('Perl in that folder stops the night with what to do, and then is left alone', async (t) => {
  const house = await makeHouse(t, {
    'rules/list.txt': 'list\n',
    'specs/sweep.yaml': tinySpec('"**/*.txt"').replace('title: Say', 'title: Sweep, say'),
  });
  house.commit({ 'rules/check.pl': perl });
  const error = await t.throwsAsync(house.night(), { instanceOf: UserError });
  t.is(error?.place?.file, 'rules/check.pl');
  t.regex(
    error?.message ?? '',
    /^rules\/check\.pl:\d: is not Prolog: .*"rules" in pantheon\.yaml name another, or be false$/,
  );

  house.commit({ 'pantheon.yaml': tinyConfig('rules: false\n') });
  // Nor is that folder one that a night runs by.
  t.is((await house.night()).spec('sweep').outcome, 'pull-request');

  house.commit({ 'pantheon.yaml': tinyConfig('rules: ./policy/\n') });
  const missing = await t.throwsAsync(house.night(), { instanceOf: UserError });
  t.regex(missing?.message ?? '', /^pantheon\.yaml: rules: policy\/ has no \*\.pl in the commit/);

  house.commit({
    'policy/own.pl': 'forbid(no_lists, "Lists stay.") :- writes("rules/list.txt").\n',
  });
  const { reason } = (await house.night({ retry: 'sweep' })).spec('sweep');
  t.regex(reason, /Lists stay\. \(rule no_lists, policy\/own\.pl:1\)/);
});
