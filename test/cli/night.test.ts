// SPDX-License-Identifier: GPL-3.0-only
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { z } from 'zod';
import { confinedTest } from '../boundary/with-bubblewrap.ts';
import { tinyConfig, tinySpec } from '../night/support/tiny-house.ts';
import { temporaryFolder, writeFiles } from '../workspace/with-repository.ts';
import { makePlace, start } from './with-cli.ts';

const mixed = {
  'specs/good.yaml': tinySpec('box/', 'priority: 1\n'),
  'specs/red.yaml': tinySpec('cup/'),
  'box/a.txt': 'a\n',
  'box/b.txt': 'b fail no idea\n',
  'cup/a.txt': 'a fail not this one either\n',
};

const schema = z.fromJSONSchema(
  JSON.parse(readFileSync(new URL('../../schemas/summary.schema.json', import.meta.url), 'utf8')),
);

confinedTest('--json prints the summary and nothing else', async (t) => {
  const { pantheon, state } = await makePlace(t, mixed);
  const { code, stdout, stderr } = await pantheon('night', '--json');
  t.is(code, 0, stderr);
  t.is(stderr, '');
  const summary = JSON.parse(stdout);
  t.deepEqual(schema.safeParse(summary).error, undefined);
  t.true(schema.safeParse({ ...summary, more: 1 }).error !== undefined);
  t.is(stdout, readFileSync(join(state.traces, summary.night, 'summary.json'), 'utf8'));
  t.deepEqual(summary.counts, { pullRequests: 1, redBins: 1, skipped: 0 });
  t.like(summary.specs[0], {
    id: 'good',
    flow: 'tiny',
    outcome: 'pull-request',
    units: { approved: 1, red: 1, skipped: 0 },
  });
  t.like(summary.specs[1], { id: 'red', outcome: 'red-bin', branch: null });
});

confinedTest('tells each node while it runs and the specs by outcome at the end', async (t) => {
  const { pantheon, state } = await makePlace(t, mixed);
  const { code, stdout, stderr } = await pantheon('night', '--date', '2026-11-21T02:00:00Z');
  t.is(code, 0, stderr);
  t.regex(stderr, /^ {2}good\/_spec\/plan ok$/m);
  t.regex(stderr, /^ {2}good\/box-b-txt-\w+\/work failed: no idea$/m);
  t.regex(stderr, /^ {2}good\/box-b-txt-\w+\/test skipped: work failed: no idea$/m);
  t.regex(stderr, /^red: red-bin: work: not this one either$/m);
  const lines = stdout.split('\n').map((line) => line.trim());
  const night = join(state.traces, '2026-11-21');
  const at = (text: string | RegExp) =>
    lines.findIndex((line) => (typeof text === 'string' ? line === text : text.test(line)));
  t.true(at('Pull requests (1)') < at('Red bins (1)'));
  t.regex(lines[at('Pull requests (1)') + 1] ?? '', /^pantheon\/good-\w{8} \(1 approved, 1 red\)$/);
  t.regex(lines[at('Pull requests (1)') + 2] ?? '', /^1 of 2 units approved; work: no idea/);
  const text = lines[at('Pull requests (1)') + 3] ?? '';
  t.is(text, join(night, 'good/pull-request/pr.md'));
  t.true(existsSync(text));
  t.true(existsSync(join(night, 'report.md')));
  t.true(stdout.includes(`Report: ${night}/report.md`));
  t.is(lines[at('Red bins (1)') + 1], 'red (1 red)');
  t.is(lines[at('Red bins (1)') + 2], 'work: not this one either');
  // What is to be looked at next can be looked at.
  const [, ...look] = (lines[at('Red bins (1)') + 3] ?? '').split(' ');
  t.deepEqual(look.slice(0, 2), ['trace', 'show']);
  const shown = await pantheon(...look);
  t.is(shown.code, 0, shown.stderr);
  t.true(shown.stdout.includes('not this one either'));
  const next = lines[at(/^Next: /)]?.replace(/^Next: \S+ /, '').split(' ') ?? [];
  t.regex((await pantheon(...next)).stdout, /^pantheon\/good-\w{8} {2}open {2}/);
});

confinedTest('commands to go on with name the repository where it is another one', async (t) => {
  const { folder, state } = await makePlace(t, mixed);
  const elsewhere = temporaryFolder(t);
  const environment = { PANTHEON_STATE: join(state.root, '..') };
  const { stdout, stderr, code } = await start(['night', '--repo', folder], elsewhere, environment);
  t.is(code, 0, stderr);
  for (const command of ['trace show', 'prs', 'accept']) {
    const line = stdout.split('\n').find((text) => text.includes(` ${command}`)) ?? '';
    t.regex(line, new RegExp(` --repo ${folder}( |$)`), command);
  }
  t.deepEqual(readdirSync(elsewhere), []);
});

type Row = readonly [
  files: Readonly<Record<string, string>>,
  args: readonly string[],
  code: number,
  stderr?: RegExp,
];

const bad = tinySpec('box/', 'scoop: 1\n');
const good = { 'specs/good.yaml': tinySpec('box/'), 'box/a.txt': 'a\n' };

const rows: Readonly<Record<string, Row>> = {
  'every spec reached an end': [mixed, [], 0],
  '--strict and a red bin': [mixed, ['--strict'], 1],
  '--strict and none': [good, ['--strict'], 0],
  'no specs at all': [{}, [], 0],
  'a bad spec beside good ones': [
    { ...good, 'specs/bad.yaml': bad },
    [],
    2,
    /^specs\/bad\.yaml:5:1: .*scoop/m,
  ],
  'a bad spec and --strict and a red bin': [
    { ...mixed, 'specs/bad.yaml': bad },
    ['--strict'],
    2,
    /^specs\/bad\.yaml:5:1: .*scoop/m,
  ],
  'bad specs alone': [{ 'specs/bad.yaml': '[' }, [], 2, /^pantheon: specs\/bad\.yaml:1:\d+: /],
  'a bad config': [
    { ...good, 'pantheon.yaml': 'flow: [\n' },
    [],
    2,
    /^pantheon: pantheon\.yaml:\d/,
  ],
  'a spec to retry that is not there': [
    good,
    ['--retry', 'nobody'],
    2,
    /--retry: there is no spec "nobody"; there are good/,
  ],
  'a profile that is not there': [
    good,
    ['--profile', 'tinny'],
    2,
    /unknown profile "tinny" \(did you mean "tiny"\?\)/,
  ],
  'a folder of specs that is not there': [
    good,
    ['--specs', 'nowhere'],
    2,
    /nowhere: does not exist\. Give the folder with the specs/,
  ],
  'a folder that is no repository': [good, ['--repo', '/'], 2, /not in a git repository/],
  'a folder that is not there': [good, ['--repo', 'nowhere'], 2, /nowhere: does not exist/],
  'a date that is none': [good, ['--date', 'tonight'], 2, /--date: "tonight" is not a date/],
  'a date without a day': [good, ['--date', '2026'], 2, /--date: "2026" is not a date/],
  'nothing to resume': [good, ['--resume'], 2, /there is no interrupted night to resume/],
  'an option that is none': [good, ['--fast'], 2, /unknown option '--fast'/],
  'an example in a repository': [good, ['--example', '--repo', 'x'], 2, /leave out --repo/],
};

for (const [title, [files, args, expected, stderr]] of Object.entries(rows)) {
  confinedTest(`${title}: exit code ${expected}`, async (t) => {
    // Committed with a broken pantheon.yaml, the house's exams cannot be looked up.
    const { 'pantheon.yaml': config = tinyConfig(), ...rest } = files;
    const place = await makePlace(t, rest);
    if (config !== tinyConfig()) {
      writeFiles(place.folder, { 'pantheon.yaml': config });
      place.run(['commit', '-qam', 'Break it']);
    }
    const ended = await place.pantheon('night', ...args);
    t.is(ended.code, expected, ended.stderr);
    if (stderr) t.regex(ended.stderr, stderr);
    // A mistake is told in a line or two, never with a stack.
    t.notRegex(ended.stderr, /^\s+at .*\.ts:\d+/m);
    if (expected === 2) t.is(ended.stderr.match(/bad\.yaml:\d+/g)?.length ?? 1, 1);
    if (title.includes('beside good')) {
      t.regex(ended.stdout, /^Not read \(1\)\n {2}specs\/bad\.yaml:5:1: .*scoop/m);
    }
  });
}

confinedTest('a terminal is told what hostile files say, and does not do it', async (t) => {
  const evil = '\\u001b]52;c;ZXZpbA==\\u0007\\u001b[2Jgone\\u009b1m\\u202e <b>x</b> @admin';
  const place = await makePlace(t, {
    'specs/evil.json': `{"title":"${evil}","scope":"box/","acceptance":["\`x\` ${evil}"]}`,
    'specs/bad.json': `{"${evil}": 1}`,
    'specs/sly.yaml': tinySpec('cup/'),
    'box/a.txt': `a lines 1\n`,
    'box/\u001b[2Jb.txt': 'b lines 1\n',
    'cup/a.txt': `a fail ${JSON.parse(`"${evil}"`)}\n`,
  });
  writeFiles(place.folder, { 'agents/\u001b[31m': 'x' });
  const outputs = [await place.pantheon('night', '--date', '2026-11-21')];
  const [night] = readdirSync(place.state.traces);
  for (const args of [
    ['prs'],
    ['trace', 'show', `${night}/evil/_spec/plan`],
    ['trace', 'show', `${night}/sly`],
    ['accept', 'evil', '--merge'],
  ]) {
    outputs.push(await place.pantheon(...args));
  }
  for (const { stdout, stderr } of outputs) {
    t.notRegex((stdout + stderr).replaceAll('\n', ''), /[\p{Cc}\u202e]/u);
  }
  t.is(outputs[0]?.code, 2);
  t.true(outputs[0]?.stdout.includes('gone'));
  t.is(outputs[4]?.code, 0, outputs[4]?.stderr);
  const log = place.run(['log', '-3', '--format=%B']);
  t.notRegex(log.replaceAll('\n', ''), /[\p{Cc}\u202e]/u);
  const report = readFileSync(join(place.state.traces, night ?? '', 'report.md'), 'utf8');
  t.notRegex(report.replaceAll('\n', ''), /[\p{Cc}\u202e]/u);
  t.notRegex(report, /(?<!\\)<b>|@admin/);
});

/** Stops the night that loads these rules, as Ctrl-C would; the test's own process loads them too. */
const stopping = `
if (process.env.PANTHEON_NIGHT) {
  process.kill(process.pid, 'SIGINT');
  await new Promise((resolve) => setTimeout(resolve, 200));
}
`;
const answering = `export const answer = async () => { ${stopping} throw new Error('stopped'); };\n`;

const interrupted: Readonly<Record<string, readonly [rules: string, said: RegExp]>> = {
  'while it is collected': [`${stopping}${answering}`, /^Interrupted before anything was decided/],
  'by what breaks as it is collected': [
    `${stopping}throw new Error('broken');\n`,
    /^Interrupted before anything was decided; run it again\.$/,
  ],
  'once it was decided': [answering, /^Interrupted; every finished step is kept\..* --resume$/],
};

for (const [title, [rules, said]] of Object.entries(interrupted)) {
  confinedTest(`a night that is interrupted ${title} says what can be done`, async (t) => {
    const place = await makePlace(t, good);
    writeFiles(place.folder, { 'agents/worker/rules/default.ts': rules });
    place.run(['commit', '-qam', 'Stop']);
    const { code, stderr } = await place.pantheon('night');
    t.is(code, 130, stderr);
    t.regex(stderr.trimEnd().split('\n').at(-1) ?? '', said);
    const again = await place.pantheon('night', '--resume');
    t.is(/there is no interrupted night/.test(again.stderr), !said.source.includes('--resume'));
  });
}

confinedTest('what was skipped and what is no spec is told once', async (t) => {
  const place = await makePlace(t, {
    ...good,
    'specs/later.txt': tinySpec('box/'),
    'specs/.draft.yaml': tinySpec('box/'),
    'specs/.gitkeep': '',
  });
  const ignored = /^Not read as specs: specs\/\.draft\.yaml, specs\/later\.txt\. A spec's name/gm;
  const first = await place.pantheon('night');
  t.is(first.stderr.match(ignored)?.length, 1, first.stderr);
  t.notRegex(first.stdout, /later\.txt/);
  const second = await place.pantheon('night');
  const told = (second.stderr + second.stdout).match(
    /its pull request pantheon\/good-\w+ is open/g,
  );
  t.is(told?.length, 1, second.stderr + second.stdout);
});

test('help tells the exit codes', async (t) => {
  const { code, stdout } = await start(['night', '--help'], '/', {});
  t.is(code, 0);
  t.regex(stdout, /Exit codes: 0 .*1 .*2 .*\n?.*130 interrupted/);
});
