// SPDX-License-Identifier: GPL-3.0-only
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { makeRepository, temporaryFolder, writeFiles } from '../../workspace/with-repository.ts';
import { tinyConfig, tinyFlow, tinyHouse, tinySpec } from '../support/tiny-house.ts';
import { houseIn, makeHouse, nodesOf } from '../support/with-night.ts';

const one = { 'specs/one.yaml': tinySpec('box/'), 'box/a.txt': 'a\n' };

/** A worker whose hand is a tool of the same repository. */
const stamping = {
  ...one,
  'tools/stamp.ts': `import { z } from 'zod';
export const description = 'Stamps a file.';
export const args = z.strictObject({ path: z.string() });
export const result = z.strictObject({ stamped: z.boolean() });
export const touches = ({ path }: { path: string }) => ({ reads: [path], writes: [path] });
export const run = async ({ path }, { overlay }) => {
  const text = new TextDecoder().decode(await overlay.read(path));
  overlay.write(path, new TextEncoder().encode(text + 'stamped\\n'));
  return { stamped: true };
};
`,
  'agents/worker/agent.yaml': String(tinyHouse['agents/worker/agent.yaml']).replace(
    'write_file',
    'stamp',
  ),
  'agents/worker/rules/default.js': `export const answer = (messages) => {
  const task = messages.find(({ role }) => role === 'user').content;
  const [, input] = /^input: (.*)$/m.exec(task);
  return messages.at(-1).content.startsWith('{"result":')
    ? '{"type":"final","output":{"status":"ok","notes":"stamped","metrics":{},"result":{}}}'
    : JSON.stringify({ type: 'tool', name: 'stamp', args: { path: JSON.parse(input).path } });
};
`,
};

test('a repository’s own agents and tools do its work', async (t) => {
  const house = await makeHouse(t, stamping);
  const { spec } = await house.night();
  t.is(spec('one').outcome, 'pull-request', spec('one').reason);
  t.is(house.run(['show', `${spec('one').branch}:box/a.txt`]), 'a\nstamped\n');
});

const uncommitted: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'an agent and a tool': {
    'agents/worker/rules/default.js': 'throw new Error("never loaded");\n',
    'agents/again/agent.yaml': String(tinyHouse['agents/worker/agent.yaml']),
    'tools/write_file.ts': 'throw new Error("never loaded");\n',
  },
  'a config, a flow and specs': {
    'pantheon.yaml': 'this is: [no config\n',
    'flows/tiny.yaml': 'no flow\n',
    'specs/two.yaml': tinySpec('box/'),
    'specs/one.yaml': 'no spec\n',
  },
};

for (const [what, files] of Object.entries(uncommitted)) {
  test(`${what} that are not committed are named and not used`, async (t) => {
    const house = await makeHouse(t, one);
    writeFiles(house.folder, files);
    const { spec, summary, said } = await house.night();
    t.is(summary.specs.length, 1);
    t.is(spec('one').outcome, 'pull-request', spec('one').reason);
    const line = said.find((text) => text.startsWith('Not committed and so not used: ')) ?? '';
    for (const path of Object.keys(files)) t.true(line.includes(path), path);
    t.true(summary.notices.includes(line));
  });
}

test('a renamed spec is named by both names, each whole', async (t) => {
  const house = await makeHouse(t, one);
  house.run(['mv', 'specs/one.yaml', 'specs/other.yaml']);
  const { said } = await house.night();
  t.deepEqual(said, ['Not committed and so not used: specs/one.yaml, specs/other.yaml.']);
});

test('folders that pantheon.yaml names for agents and tools are looked at as well', async (t) => {
  const moved = Object.entries(tinyHouse).flatMap(([path, text]) =>
    path.startsWith('agents/') ? [[path.replace('agents/', 'night/staff/'), text] as const] : [],
  );
  const house = await makeHouse(t, {
    ...one,
    ...Object.fromEntries(moved),
    'agents/worker/agent.yaml': 'no agent\n',
    'pantheon.yaml': tinyConfig('agents: [night/staff]\n'),
  });
  writeFiles(house.folder, { 'night/staff/more/agent.yaml': 'x\n' });
  const { spec, said } = await house.night();
  t.is(spec('one').outcome, 'pull-request', spec('one').reason);
  t.regex(said[0] ?? '', /Not committed and so not used: night\/staff\/more\/agent\.yaml/);
});

test('a spec file with a mistake costs itself alone', async (t) => {
  const house = await makeHouse(t, {
    ...one,
    'specs/bad.yaml': 'title: Bad\nscoop: box/\nacceptance: [x]\n',
    'specs/empty.yaml': '',
    'specs/lost.yaml': tinySpec('box/', 'flow: nowhere\n'),
    'specs/twin.yaml': tinySpec('box/', 'id: one\n'),
    'specs/README.md': '# Not a spec\n',
    'specs/latin.yaml': Buffer.from('title: caf\xe9\n', 'latin1'),
  });
  const { summary, spec, mistakes, said, folder } = await house.night();
  t.deepEqual(
    summary.specs.map(({ id }) => id),
    ['one'],
  );
  t.is(spec('one').outcome, 'pull-request');
  const messages = mistakes.join('\n');
  t.regex(messages, /^specs\/bad\.yaml:2:1: .*scoop/m);
  t.regex(messages, /^specs\/empty\.yaml/m);
  t.regex(
    messages,
    /^specs\/lost\.yaml:5:1: flow: there is no flow "nowhere"\. The flows are: docops, spec2code, tiny/m,
  );
  t.regex(messages, /^specs\/twin\.yaml:\d+:\d+: id: "one" is already the id of specs\/one\.yaml/m);
  t.regex(messages, /^specs\/latin\.yaml/m);
  for (const message of mistakes) {
    t.true(said.includes(message));
    t.true(summary.notices.includes(message));
  }
  t.true(nodesOf(folder).every(({ spec }) => spec === 'one'));
});

test('only mistakes: nothing is worked and no night is left behind', async (t) => {
  const house = await makeHouse(t, { 'specs/bad.yaml': 'title: Bad\n' });
  await t.throwsAsync(house.night(), { name: 'UserError', message: /^specs\/bad\.yaml:1:1: / });
  await t.throwsAsync(house.night(), { name: 'UserError', message: /^specs\/bad\.yaml:1:1: / });
});

test('no specs at all is a night without specs', async (t) => {
  const house = await makeHouse(t, { 'box/a.txt': 'a\n' });
  const { summary, mistakes } = await house.night();
  t.deepEqual(summary.specs, []);
  t.deepEqual(summary.counts, { pullRequests: 0, redBins: 0, skipped: 0 });
  t.deepEqual(mistakes, []);
});

test('specs of a folder outside the repository take the place of its own', async (t) => {
  const house = await makeHouse(t, { ...one, 'cup/a.txt': 'a\n' });
  const folder = temporaryFolder(t);
  writeFiles(folder, { 'mine.yaml': tinySpec('cup/'), 'bad.yaml': 'title: [\n' });
  const { summary, mistakes, said } = await house.night({ specs: folder });
  t.deepEqual(
    summary.specs.map(({ id, outcome }) => `${id} ${outcome}`),
    ['mine pull-request'],
  );
  t.is(mistakes.length, 1, mistakes.join('\n'));
  t.true(mistakes[0]?.startsWith(`${join(folder, 'bad.yaml')}:`));
  // The repository's own folder was not asked, so nothing in it can be "not used".
  writeFiles(house.folder, { 'specs/two.yaml': 'x' });
  rmSync(join(folder, 'bad.yaml'));
  t.is(said.length, 1);
  t.deepEqual((await house.night({ specs: folder })).said, []);
  await t.throwsAsync(house.night({ specs: join(folder, 'none') }), {
    name: 'UserError',
    message: /none: does not exist\. Give the folder with the specs/,
  });
});

type Broken = readonly [files: Readonly<Record<string, string>>, message: RegExp];

/** Mistakes in what every spec needs stop the night with their place. */
const broken: Readonly<Record<string, Broken>> = {
  'a config': [{ 'pantheon.yaml': 'flow: tiny\nprofil: x\n' }, /^pantheon\.yaml:2:1: .*profil/],
  'a profile that is not there': [
    { 'pantheon.yaml': tinyConfig().replace('profile: tiny', 'profile: tinny') },
    /^pantheon\.yaml:2:1: .*unknown profile "tinny" \(did you mean "tiny"\?\)/,
  ],
  'a flow’s agent': [
    { 'flows/tiny.yaml': tinyFlow().replace('tiny.worker', 'tiny.walker') },
    /^flows\/tiny\.yaml:5:\d+: .*unknown agent "tiny\.walker"/,
  ],
  'a flow without a gate': [
    { 'flows/tiny.yaml': tinyFlow().replace('merge.gate', 'tiny.checker') },
    /the flow "tiny" cannot open pull requests: its output "merge" is not a gate/,
  ],
  'a flow with one reviewer': [
    {
      'flows/tiny.yaml': tinyFlow()
        .replace(/.*id: reviewA.*\n/, '')
        .replace('[reviewA, reviewB]', '[reviewB]'),
      'pantheon.yaml': tinyConfig().replace(
        /\[ \{ engine: rules, rules: a \},.*\]/,
        '{ rules: a }',
      ),
    },
    /the flow "tiny" cannot open pull requests: it needs exactly two review nodes/,
  ],
  'a tool that is not there': [
    {
      'agents/worker/agent.yaml': String(tinyHouse['agents/worker/agent.yaml']).replace(
        'write_file',
        'wipe_disk',
      ),
    },
    /The tool "wipe_disk" does not exist/,
  ],
  'a specialist that is not there': [
    { 'pantheon.yaml': tinyConfig().replace('rules: b', 'rules: c') },
    /has no rules specialist "c"; there is: a, b/,
  ],
  'an agent of a shipped one’s name': [
    {
      'agents/plan/agent.yaml': String(tinyHouse['agents/checker/agent.yaml']).replace(
        'tiny.checker',
        'plan.validate',
      ),
    },
    /the agent "plan\.validate" is in .* too; rename one of them/,
  ],
};

for (const [what, [files, message]] of Object.entries(broken)) {
  test(`${what} with a mistake stops the night with one line`, async (t) => {
    const house = houseIn(t, makeRepository(t, { ...tinyHouse, ...one, ...files }));
    const error = await t.throwsAsync(house.night(), { name: 'UserError', message });
    t.deepEqual(error?.message.split('\n').length, 1);
    t.deepEqual(house.branches(), []);
  });
}
