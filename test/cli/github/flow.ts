// SPDX-License-Identifier: GPL-3.0-only
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { tinyConfig, tinyFlow, tinyHouse } from '../../night/support/tiny-house.ts';
import { temporaryFolder, writeFiles } from '../../workspace/with-repository.ts';
import { start } from '../with-cli.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const workflow = '.github/workflows/night-tiny.yml';

test("this repository's workflows are as compiled", async (t) => {
  const { code, stderr } = await start(['flow', 'check'], root, {});
  t.is(code, 0, stderr);
});

test('compile writes, check fails on drift and on an edit by hand', async (t) => {
  t.timeout(120_000);
  const folder = temporaryFolder(t);
  const settings = (shards: number) =>
    `github: { actions: acme/pantheon@${'ab12'.repeat(10)}, shards: ${shards} }\n`;
  writeFiles(folder, { ...tinyHouse, 'pantheon.yaml': tinyConfig(settings(1)) });
  const pantheon = (...args: readonly string[]) => start(['flow', ...args], folder, {});

  const missing = await pantheon('check');
  t.is(missing.code, 1);
  t.regex(missing.stderr, /night-tiny\.yml is missing\. Run "pantheon flow compile"/);
  const compiled = await pantheon('compile');
  t.is(compiled.code, 0, compiled.stderr);
  t.is((await pantheon('check')).code, 0);
  // Agents of the repository's own are run by the action for them.
  t.regex(readFileSync(join(folder, workflow), 'utf8'), /uses: acme\/pantheon\/actions\/run-node@/);

  writeFileSync(join(folder, 'pantheon.yaml'), tinyConfig(settings(2)));
  const outdated = await pantheon('check');
  t.is(outdated.code, 1);
  t.regex(outdated.stderr, /is out of date/);
  t.is((await pantheon('compile')).code, 0);

  const other = join(folder, '.github/workflows/ci.yaml');
  writeFileSync(other, 'jobs:\n  ci:\n    steps:\n      - uses: actions/checkout@v4\n');
  const warned = await pantheon('check');
  t.is(warned.code, 0, 'a warning fails nothing');
  t.is(
    warned.stderr,
    'warning: .github/workflows/ci.yaml:4: actions/checkout v4 asks for a Node that runners no longer have. Use v5 or later.\n',
  );
  rmSync(other);
  const intake = readFileSync(join(folder, '.github/workflows/spec-intake.yml'), 'utf8');
  t.regex(intake, /runs-on: \[ubuntu-latest\]/);

  appendFileSync(join(folder, workflow), '# mine\n');
  t.regex((await pantheon('check')).stderr, /was edited by hand/);
  const kept = await pantheon('compile');
  t.is(kept.code, 2);
  t.regex(kept.stderr, /edited by hand\. Move the change/);
  t.is((await pantheon('compile', '--force')).code, 0);

  const flow = tinyFlow().replace('name: tiny', 'name: other');
  writeFileSync(join(folder, 'flows/other.yaml'), flow);
  rmSync(join(folder, 'flows/tiny.yaml'));
  t.regex((await pantheon('check')).stderr, /belongs to a flow that no longer exists/);
  t.true(existsSync(join(folder, workflow)));
});

test('without a release to pin, it says what is missing', async (t) => {
  const folder = temporaryFolder(t);
  writeFiles(folder, tinyHouse);
  const { code, stderr } = await start(['flow', 'compile'], folder, {});
  t.is(code, 2);
  t.regex(stderr, /github\.actions is missing/);
});

test('three flows at one time are refused where GitHub would cancel one of them', async (t) => {
  t.timeout(120_000);
  const folder = temporaryFolder(t);
  const names = ['tiny', 'second', 'third'];
  const settings = (schedule: string) =>
    `github: { actions: acme/pantheon@${'ab12'.repeat(10)}, server: enterprise, schedule: ${schedule} }\n`;
  const compile = async (schedule: string) => {
    const flows = names.map((name) => [
      `flows/${name}.yaml`,
      tinyFlow().replace('name: tiny', `name: ${name}`),
    ]);
    const config = tinyConfig(settings(schedule));
    writeFiles(folder, { ...tinyHouse, ...Object.fromEntries(flows), 'pantheon.yaml': config });
    return start(['flow', 'compile'], folder, {});
  };
  const refused = await compile('"1 2 * * *"');
  t.is(refused.code, 2);
  t.regex(refused.stderr, /github\.schedule: 3 flows start at "1 2 \* \* \*"/);
  const apart = '{ tiny: "1 2 * * *", second: "1 2 * * *", third: "1 4 * * *" }';
  t.is((await compile(apart)).code, 0);
});

test('an action outside of a workflow, and one that is none', async (t) => {
  const none = await start(['action', '../codegen'], root, {});
  t.is(none.code, 2);
  t.regex(none.stderr, /there is no action "\.\.\/codegen"/);
  const outside = await start(['action', 'codegen'], root, {
    RUNNER_TEMP: '',
    GITHUB_WORKSPACE: '',
  });
  t.is(outside.code, 2);
  t.regex(outside.stderr, /an action runs in a workflow/);
});

test('the runner takes nothing for a command that an action prints', async (t) => {
  const place = temporaryFolder(t);
  const arrived = join(place, 'pantheon/arrived');
  mkdirSync(arrived, { recursive: true });
  const { code, stdout } = await start(['action', 'morning-report'], root, {
    GITHUB_ACTIONS: 'true',
    RUNNER_TEMP: place,
    GITHUB_WORKSPACE: place,
    GITHUB_STEP_SUMMARY: '',
    INPUT_JOBS: JSON.stringify({ x: { result: '##[add-mask]night' } }),
  });
  t.is(code, 0);
  const [first = '', ...lines] = stdout.trimEnd().split('\n');
  const [, token = ''] = /^::stop-commands::([0-9a-f-]{36})$/.exec(first) ?? [];
  const end = lines.indexOf(`::${token}::`);
  t.regex(lines.slice(0, end).join('\n'), /^## Jobs that broke/);
  t.deepEqual(lines.slice(end + 1), ['::error::The job x ended with ##[add-mask]night.']);
  const failed = await start(['action', 'morning-report'], root, {
    GITHUB_ACTIONS: 'true',
    RUNNER_TEMP: place,
    GITHUB_WORKSPACE: place,
    INPUT_JOBS: '[',
  });
  t.is(failed.code, 2);
  t.regex(
    failed.stdout,
    /^::stop-commands::(\S+)\n::\1::\n::error::--jobs: .*\n::stop-commands::\S+\n$/,
  );
});
