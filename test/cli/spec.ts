// SPDX-License-Identifier: GPL-3.0-only
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { loadSpecFile } from '../../src/spec/load-specs.ts';
import { openPlanner } from '../day/simulated-planner.ts';
import { makeRepository, temporaryFolder } from '../workspace/with-repository.ts';
import { start } from './with-cli.ts';

const spec = {
  title: 'Add the header',
  scope: 'docs/',
  acceptance: ['All *.md under docs/ have a GPL header', 'The docs feel warmer'],
};

const makePlace = async (t: ExecutionContext, answer: unknown = spec) => {
  const planner = await openPlanner(t, JSON.stringify(answer));
  const { folder } = makeRepository(t, {
    'docs/a.md': 'what stands in the file',
    'specs/old.yaml': 'title: Old\nscope: docs/\nacceptance: [x]\n',
    // A repository's word on the planner is nobody's.
    'pantheon/day.yaml': 'url: https://evil.example\nmodel: evil\n',
  });
  const environment = {
    CI: '',
    PANTHEON_NIGHT: '',
    PANTHEON_STATE: temporaryFolder(t),
    XDG_CONFIG_HOME: temporaryFolder(t),
    PANTHEON_DAY_URL: planner.url,
    PANTHEON_DAY_MODEL: 'm',
    PANTHEON_DAY_KEY: 'secret',
  };
  const pantheon = (args: readonly string[], more = {}) =>
    start(['spec', ...args], folder, { ...environment, ...more });
  return { planner, folder, pantheon };
};

test('a draft is YAML on standard output that a night would take', async (t) => {
  const { planner, pantheon } = await makePlace(t);
  const { code, stdout, stderr } = await pantheon(['draft', 'headers', '--yes', '--repo', '.']);
  t.is(code, 0, stderr);
  t.is(loadSpecFile({ name: 'specs/x.yaml', text: stdout }).title, spec.title);
  t.regex(stderr, new RegExp(`^Sending \\d+ characters, to ${new URL(planner.url).host}\\.$`, 'm'));
  t.regex(stderr, /^Not understood by the rules, so for models alone: The docs feel warmer$/m);
  const sent = JSON.stringify(planner.asked);
  t.true(sent.includes('docs/a.md'));
  t.false(sent.includes('what stands in the file'));
});

test('without --repo nothing of the repository is sent', async (t) => {
  const { planner, pantheon } = await makePlace(t);
  await pantheon(['draft', 'headers', '--yes']);
  t.is(planner.asked.length, 1);
  t.false(JSON.stringify(planner.asked).includes('docs/a.md'));
});

test('--out never replaces a file unless told to', async (t) => {
  const { planner, folder, pantheon } = await makePlace(t);
  const out = join(folder, 'specs/new.yaml');
  t.is((await pantheon(['draft', 'headers', '--yes', '--out', out])).code, 0);
  const text = readFileSync(out, 'utf8');
  const again = await pantheon(['draft', 'headers', '--yes', '--out', out]);
  t.is(again.code, 2);
  t.regex(again.stderr, /new\.yaml: is there already; give another name, or --force/);
  // Said before anything was sent.
  t.is(planner.asked.length, 1);
  t.is((await pantheon(['draft', 'headers', '--yes', '--out', out, '--force'])).code, 0);
  t.is(readFileSync(out, 'utf8'), text);
});

test('a critique comes with its findings; a spec with mistakes is told at home', async (t) => {
  const findings = [{ about: 'acceptance', problem: 'Which header?' }];
  const { planner, folder, pantheon } = await makePlace(t, { findings, spec });
  const { code, stdout } = await pantheon(['critique', 'specs/old.yaml', '--yes']);
  t.is(code, 0);
  t.true(stdout.startsWith('# acceptance: Which header?\n'));
  const bad = await pantheon(['critique', join(folder, 'pantheon/day.yaml'), '--yes']);
  t.is(bad.code, 2);
  t.regex(bad.stderr, /day\.yaml:1:1: url: unknown key/);
  t.is(planner.asked.length, 1);
});

const refusals: Readonly<
  Record<string, readonly [args: readonly string[], more: object, line: RegExp]>
> = {
  'where nobody can be asked': [
    [],
    {},
    /asks before it sends anything to 127\.0\.0\.1:\d+; answer at a terminal, or give --yes/,
  ],
  'in CI, whoever says yes': [['--yes'], { CI: '1' }, /it never runs in CI/],
  'at night': [['--yes'], { PANTHEON_NIGHT: '1' }, /works by day only/],
  'with no planner set up': [
    ['--yes'],
    { PANTHEON_DAY_URL: '', PANTHEON_DAY_MODEL: '', PANTHEON_DAY_KEY: '' },
    /no planner is set up, and nothing needs one/,
  ],
};

for (const [title, [args, more, line]] of Object.entries(refusals)) {
  test(`nothing is sent ${title}`, async (t) => {
    const { planner, folder, pantheon } = await makePlace(t);
    const out = join(folder, 'new.yaml');
    const { code, stderr } = await pantheon(['draft', 'headers', '--out', out, ...args], more);
    t.is(code, 2);
    t.regex(stderr, line);
    t.deepEqual(planner.asked, []);
    t.false(existsSync(out));
  });
}
