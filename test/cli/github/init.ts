// SPDX-License-Identifier: GPL-3.0-only
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { houseIn, passExams } from '../../night/support/with-night.ts';
import { makeRepository, plainGit, temporaryFolder } from '../../workspace/with-repository.ts';
import { start } from '../with-cli.ts';

const [old, young] = ['a', 'b'].map((digit) => `octo/pantheon@${digit.repeat(40)}`) as [
  string,
  string,
];

const makeEmpty = (t: Parameters<typeof makeRepository>[0]) => {
  const { folder, run } = makeRepository(t, { 'README.md': '# Mine\n' });
  const pantheon = (...args: readonly string[]) => start(args, folder, {});
  const read = (path: string) => readFileSync(join(folder, path), 'utf8');
  return { folder, run, pantheon, read };
};

test('init writes what nights on GitHub need, pinned, and as flow check wants it', async (t) => {
  const { pantheon, read, run } = makeEmpty(t);
  const { code, stdout } = await pantheon('init', '--actions', old);
  t.is(code, 0);
  t.regex(stdout, /Next:\n {2}1\. /);
  t.deepEqual(run(['status', '--short', '-uall']).split('\n').filter(Boolean), [
    '?? .github/ISSUE_TEMPLATE/pantheon-spec.yml',
    '?? .github/workflows/night-docops.yml',
    '?? .github/workflows/night-spec2code.yml',
    '?? .github/workflows/spec-intake.yml',
    '?? flows/docops.yaml',
    '?? flows/spec2code.yaml',
    '?? pantheon.yaml',
    '?? specs/example.yaml',
  ]);
  t.regex(read('.github/workflows/night-docops.yml'), /octo\/pantheon\/actions\/publish@a{40}/);
  t.is((await pantheon('flow', 'check')).code, 0);
});

test('init --local needs no release and writes what one machine needs', async (t) => {
  const { pantheon, run, folder } = makeEmpty(t);
  const { code, stdout, stderr } = await pantheon('init', '--local');
  t.is(code, 0, stderr);
  t.is(run(['status', '--short', '-uall']), '?? pantheon.yaml\n?? specs/example.yaml\n');
  t.true(stdout.includes(`night --repo '${folder}'`));
  const check = await pantheon('spec', 'check', 'specs/example.yaml');
  t.is(check.code, 0, check.stderr);
  t.true(check.stdout.includes('+title: Mine'));
});

test('a repository without a commit takes it too', async (t) => {
  const folder = temporaryFolder(t);
  plainGit(folder)(['init', '-q']);
  const { code, stderr } = await start(['init', '--actions', old], folder, {});
  t.is(code, 0, stderr);
  t.true(existsSync(join(folder, 'specs/example.yaml')));
});

const documents = {
  'in docs/': { 'docs/a.md': '# A\n\nText.\n', 'README.md': '# Mine\n' },
  'at the top': { 'README.md': '# Mine\n\nText.\n' },
};

for (const [where, files] of Object.entries(documents)) {
  test(`the example spec ends in a pull request, with documents ${where}`, async (t) => {
    const repository = makeRepository(t, files);
    const { folder, run } = repository;
    await start(['init', '--actions', old], folder, {});
    run(['add', '-A']);
    run(['commit', '-q', '-m', 'Nights']);
    const house = houseIn(t, repository);
    await passExams(folder, house.state, ['docops', 'spec2code']);
    const { summary } = await house.night();
    t.like(summary.counts, { pullRequests: 1, redBins: 0, skipped: 0 }, summary.specs[0]?.reason);
  });
}

test('no file names what lies in this repository alone', async (t) => {
  const { pantheon, read, run } = makeEmpty(t);
  await pantheon('init', '--actions', old);
  const paths = run(['ls-files', '--others']).split('\n').filter(Boolean);
  for (const path of paths) t.false(read(path).includes('schema.json'), path);
});

test('a dry run writes nothing', async (t) => {
  const { pantheon, run } = makeEmpty(t);
  t.regex((await pantheon('init', '--actions', old, '--dry-run')).stdout, /would be written/);
  t.is(run(['status', '--short', '-uall']), '');
});

test('existing files stay and are named; --force replaces it', async (t) => {
  const { pantheon, read, folder } = makeEmpty(t);
  await pantheon('init', '--actions', old);
  const path = '.github/workflows/spec-intake.yml';
  writeFileSync(join(folder, path), 'mine\n');
  t.regex(
    (await pantheon('init')).stdout,
    /spec-intake\.yml: differs and was not changed; --force/,
  );
  t.is(read(path), 'mine\n');
  await pantheon('init', '--force');
  t.not(read(path), 'mine\n');
});

test('a release that is not pinned is refused', async (t) => {
  const { pantheon, folder } = makeEmpty(t);
  const { code, stderr } = await pantheon('init', '--actions', 'octo/pantheon@main');
  t.is(code, 2);
  t.regex(stderr, /--actions OWNER\/pantheon@COMMIT, with all 40 digits/);
  t.false(existsSync(join(folder, 'pantheon.yaml')));
});

test('upgrade moves the pin everywhere, shows the diff and leaves what was edited by hand', async (t) => {
  const { pantheon, read, folder } = makeEmpty(t);
  await pantheon('init', '--actions', old);
  const path = '.github/workflows/night-docops.yml';
  const edited = read(path).replace('name: night', 'name: my night');
  writeFileSync(join(folder, path), edited);
  const { stdout } = await pantheon('upgrade', '--actions', young);
  t.regex(stdout, /^\+ {2}actions: 'octo\/pantheon@b{40}'$/m);
  t.regex(stdout, /night-docops\.yml: was edited by hand and not changed/);
  t.is(read(path), edited);
  t.regex(stdout, /\nNext: .* install octo\/pantheon@b{40} on the runners\.\n$/);
  t.regex(read('.github/workflows/night-spec2code.yml'), /publish@b{40}/);
  await pantheon('upgrade', '--actions', young, '--force');
  t.is((await pantheon('flow', 'check')).code, 0);
});
