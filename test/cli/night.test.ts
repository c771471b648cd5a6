// SPDX-License-Identifier: GPL-3.0-only
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { z } from 'zod';
import { confinedTest } from '../boundary/with-bubblewrap.ts';
import { processesBelow } from '../night/support/processes-below.ts';
import { tinyConfig, tinySpec } from '../night/support/tiny-house.ts';
import { type Files, temporaryFolder, writeFiles } from '../workspace/with-repository.ts';
import { makePlace, type Place, start } from './with-cli.ts';

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
  const { alone, state } = await makePlace(t, mixed);
  const { code, stdout, stderr } = await alone('night', '--json');
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
  t.true(existsSync(join(night, 'report.html')));
  t.true(stdout.includes(`Report: ${night}/report.html`));
  t.is(lines[at('Red bins (1)') + 1], 'red (1 red) agent.declined');
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

confinedTest(
  '--preview says what would be worked and skipped, why and for how long, and leaves nothing',
  async (t) => {
    const { pantheon, state } = await makePlace(t, mixed);
    const first = await pantheon('night', '--preview', '--date', '2026-11-21T02:00:00Z');
    t.is(first.code, 0, first.stderr);
    t.deepEqual(first.stdout.split('\n'), [
      'Worked (2)',
      '  good (tiny): new',
      '  red (tiny): new',
      'Skipped (0)',
      'How long it takes is not measured yet.',
      'Nothing was begun, and no engine was asked.',
      '',
    ]);
    t.deepEqual(readdirSync(state.traces), []);
    await pantheon('night', '--date', '2026-11-21T02:00:00Z');
    const { stdout } = await pantheon('night', '--preview', '--json', '--retry', 'red');
    const { worked, skipped, hours } = JSON.parse(stdout);
    t.deepEqual(
      worked.map(({ spec, why }: { spec: string; why: string }) => [spec, why]),
      [['red', '--retry asks for it']],
    );
    t.like(skipped, { 0: { spec: 'good', code: 'queue.open' }, length: 1 });
    t.true(hours > 0);
    t.deepEqual(readdirSync(state.traces), ['2026-11-21']);
  },
);

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

const bad = { 'specs/bad.yaml': tinySpec('box/', 'scoop: 1\n') };
const good = { 'specs/good.yaml': tinySpec('box/'), 'box/a.txt': 'a\n' };

const rows: Readonly<Record<string, readonly [files: Files, code: number, says: RegExp]>> = {
  'a red bin': [mixed, 1, /^Red bins \(1\)$/m],
  'no red bin': [good, 0, /^Pull requests \(1\)$/m],
  'a bad spec and a red bin': [
    { ...mixed, ...bad },
    2,
    /^Not read \(1\)\n {2}specs\/bad\.yaml:5:1: .*scoop/m,
  ],
  'bad specs alone': [{ 'specs/bad.yaml': '[' }, 2, /^pantheon: specs\/bad\.yaml:1:\d+: /],
};

for (const [title, [files, code, says]] of Object.entries(rows)) {
  confinedTest(`--strict and ${title}: exit code ${code}`, async (t) => {
    const ended = await (await makePlace(t, files)).pantheon('night', '--strict');
    t.is(ended.code, code, ended.stderr);
    t.regex(ended.stdout + ended.stderr, says);
    t.is(ended.stderr.match(/bad\.yaml:\d+/g)?.length ?? 1, 1);
  });
}

const mistakes: Readonly<Record<string, readonly [args: readonly string[], line: RegExp]>> = {
  'a folder that is no repository': [['--repo', '/'], /not in a git repository/],
  'a folder that is not there': [['--repo', 'nowhere'], /nowhere: does not exist/],
  'a date that is none': [['--date', 'tonight'], /--date: "tonight" is not a date/],
  'a date without a day': [['--date', '2026'], /--date: "2026" is not a date/],
  'an example in a repository': [['--example', '--repo', 'x'], /leave out --repo/],
};

for (const [title, [args, line]] of Object.entries(mistakes)) {
  test(`${title}: a line and exit code 2`, async (t) => {
    const { code, stderr } = await start(['night', ...args], temporaryFolder(t), {});
    t.is(code, 2, stderr);
    t.regex(stderr, line);
    t.notRegex(stderr, /^\s+at .*\.ts:\d+/m);
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

const date = '2026-11-21';

/** Sends it Ctrl-C as soon as that stands on its terminal, or its night child is there. */
const interruptedAt = async (
  { folder, state }: Place,
  at: RegExp | 'child',
): Promise<{ readonly code: number | null; readonly stderr: string }> => {
  const program = fileURLToPath(new URL('../../bin/pantheon', import.meta.url));
  const env = { ...process.env, PANTHEON_STATE: dirname(state.root) };
  const child = spawn(program, ['night', '--date', date], {
    ...{ cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] },
  });
  let stderr = '';
  let isSent = false;
  const interruptIf = (isTime: boolean): void => {
    if (isTime && !isSent) isSent = child.kill('SIGINT');
  };
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
    interruptIf(at !== 'child' && at.test(stderr));
  });
  const looking = setInterval(() => {
    const below = at === 'child' && !isSent ? processesBelow(child.pid ?? 0) : [];
    interruptIf(below.some(([, command]) => command.includes('night/child/main')));
  }, 20);
  const [code] = (await once(child, 'close')) as [number | null];
  clearInterval(looking);
  return { code, stderr };
};

const interrupted: Readonly<Record<string, readonly [at: RegExp | 'child', said: RegExp]>> = {
  'while it is decided': ['child', /^Interrupted before anything was decided; run it again\.$/],
  'once it was decided': [/plan ok/, /^Interrupted; every finished step is kept\..* --resume$/],
};

for (const [title, [at, said]] of Object.entries(interrupted)) {
  confinedTest(`a night that is interrupted ${title} says what can be done`, async (t) => {
    const place = await makePlace(t, { ...good, 'box/a.txt': 'a slow 20000\n' });
    const { code, stderr } = await interruptedAt(place, at);
    t.is(code, 130, stderr);
    t.regex(stderr.trimEnd().split('\n').at(-1) ?? '', said);
    t.is(existsSync(join(place.state.traces, date, 'night.json')), title.startsWith('once'));
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

confinedTest('--only works one spec, and its commit is by whom the settings name', async (t) => {
  const commit = 'commit: { author: "Ada <ada@example.org>", signOff: true }\n';
  const { alone, run } = await makePlace(t, { ...mixed, 'pantheon.yaml': tinyConfig(commit) });
  const { code, stdout, stderr } = await alone('night', '--only', 'good,', '--json');
  t.is(code, 0, stderr);
  const { specs } = JSON.parse(stdout);
  t.deepEqual(
    specs.map(({ id }: { readonly id: string }) => id),
    ['good'],
  );
  const told = run(['log', '-1', '--format=%an <%ae>%n%(trailers:only)', specs[0].branch]);
  t.regex(
    told,
    /^Ada <ada@example\.org>\n(?:Pantheon-.*\n)+Signed-off-by: Ada <ada@example\.org>\n/,
  );
});

test('help tells the exit codes', async (t) => {
  const { code, stdout } = await start(['night', '--help'], '/', {});
  t.is(code, 0);
  t.regex(stdout, /Exit codes: 0 .*1 .*2 .*\n?.*130 interrupted/);
});
