// SPDX-License-Identifier: GPL-3.0-only
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { parseRegistry } from '../../../src/engine/models/registry.ts';
import { evalPlace, resultFile, writeEval } from '../../../src/learn/eval/kept-eval.ts';
import { makeGithub } from '../../forge/github/with-github.ts';
import { plainGit, temporaryFolder } from '../../workspace/with-repository.ts';
import { start } from '../with-cli.ts';
import { evaluated, labSpecs, makeLab, trainingOf, type VersionLab } from './versions.ts';

const name = 'tiny.worker@2';
const bar = ['--least-pairs', '8'];

const branches = (lab: VersionLab): readonly string[] =>
  lab
    .run(['for-each-ref', '--format=%(refname:short)', 'refs/heads/pantheon/'])
    .split('\n')
    .filter(Boolean);

test('a version of noise is worked, and is not promoted', async (t) => {
  t.timeout(300_000);
  const lab = await makeLab(t, { easy: 'a\n', learned: 'b\n', other: 'c\n' });
  const args = ['eval', name, '--specs', lab.queue, '--against', 'rules'];
  const dry = await lab.pantheonIn(...args, '--dry-run');
  t.is(dry.code, 0, dry.stderr);
  t.regex(dry.stdout, /easy \(held-out\) on \w{12}: 0 of 2 worked/);
  t.notRegex(dry.stdout, /learned/);
  t.regex(dry.stderr, /1 spec left out: the adapter has learned from them/);
  const { code, stdout, stderr } = await lab.pantheonIn(...args, '--json');
  t.is(code, 0, stderr);
  const { cases, incumbent } = JSON.parse(stdout);
  t.is(incumbent.name, 'rules');
  t.deepEqual(
    cases.map((one: { id: string; candidate: unknown; incumbent: unknown }) => one.id),
    ['easy', 'other'],
  );
  for (const one of cases) {
    t.false(one.candidate.accepted);
    t.true(one.candidate.tokens.completion > 0, JSON.stringify(one));
    t.true(one.incumbent.accepted, one.incumbent.reason);
  }
  t.deepEqual(branches(lab), []);
  // An agent alone stands for its newest version.
  const promoted = await lab.pantheonIn('promote', 'tiny.worker', '--least-pairs', '2', '--json');
  t.is(promoted.code, 1, promoted.stderr);
  t.like(JSON.parse(promoted.stdout), { verdict: 'EXTEND', code: 'promote.few-differences' });
  t.deepEqual(branches(lab), []);
});

type Change = (lab: VersionLab) => void;

const rewrite =
  (file: string, change: object): Change =>
  ({ models }) =>
    writeFileSync(join(models, name, file), JSON.stringify(trainingOf(2, change)));

const refusals: Readonly<Record<string, readonly [Change, RegExp]>> = {
  'a dataset that changed': [
    rewrite('training.json', { dataset: 'e'.repeat(64) }),
    /tiny\.worker@2 was trained on the dataset e{64}, and evaluated as one of d{64}: it is another adapter\. Run "pantheon eval tiny\.worker@2" again/,
  ],
  'files that changed': [
    ({ models }) => writeFileSync(join(models, name, 'README.md'), 'another\n'),
    /the files of tiny\.worker@2 have changed since it was evaluated: sha256 \w{64} then, \w{64} now/,
  ],
  'an adapter of another base': [
    rewrite('training.json', { base: { name: 'tiny', digest: 'f'.repeat(64) } }),
    /tiny\.worker@2 was trained on tiny with sha256 f{64}, and the one at .*tiny\.gguf has \w{64}\. Fetch that base again/,
  ],
  'an adapter of another rank': [
    ({ models }) => {
      const shape = { base_model_name_or_path: '/srv/models/tiny', r: 16 };
      writeFileSync(join(models, name, 'adapter_config.json'), JSON.stringify(shape));
    },
    /training\.json: says rank 8, and the adapter has rank 16\. Train again; the files were mixed/,
  ],
  'an adapter for another base by its own word': [
    ({ models }) => {
      const shape = { base_model_name_or_path: '/srv/models/other', r: 8 };
      writeFileSync(join(models, name, 'adapter_config.json'), JSON.stringify(shape));
    },
    /training\.json: says the base tiny, and the adapter was made for \/srv\/models\/other/,
  ],
  'nothing beside the adapter': [
    ({ models }) => writeFileSync(join(models, name, 'training.json'), '{}'),
    /training\.json: is not what "pantheon train" writes\. Train again/,
  ],
  'a version that was not evaluated': [
    ({ state }) => writeFileSync(resultFile(evalPlace(state, name)), 'cut'),
    /result\.json: is not what "pantheon eval" writes\. Delete it and evaluate again/,
  ],
  'another evaluator': [
    ({ folder, run }) => {
      writeFileSync(join(folder, 'agents/reviewer/prompt.md'), 'Say another thing.\n');
      run(['commit', '-qam', 'Change']);
    },
    /tiny\.worker@2 was evaluated by other agents, reviewers, rules or settings than those of today, or on other specs\. Run "pantheon eval tiny\.worker@2" again/,
  ],
};

/** What is not what was evaluated: nothing is changed by it. */
const refuseAll = async (
  t: ExecutionContext,
  lab: VersionLab,
  kept: Parameters<typeof writeEval>[1],
): Promise<void> => {
  const folder = join(lab.models, name);
  const files = ['training.json', 'adapter.gguf'];
  const before = files.map((file) => [file, readFileSync(join(folder, file))] as const);
  for (const [what, [change, says]] of Object.entries(refusals)) {
    change(lab);
    const { code, stderr } = await lab.pantheonIn('promote', name, ...bar);
    t.is(code, 2, what);
    t.regex(stderr, says, what);
    t.deepEqual(branches(lab), [], what);
    t.false(existsSync(join(lab.folder, 'registry.yaml')), what);
    for (const file of readdirSync(folder)) rmSync(join(folder, file));
    for (const [file, bytes] of before) writeFileSync(join(folder, file), bytes);
    writeEval(evalPlace(lab.state, name), kept);
  }
};

/** Fills the disk of git's objects, in a namespace of its own, and runs what is named. */
const onFullDisk = `set -e
cp -a .git/objects "$1"
mount -t tmpfs -o size=8m none .git/objects
cp -a "$1"/objects/. .git/objects
dd if=/dev/zero of=.git/objects/filler bs=4k 2>/dev/null || true
shift
exec "$@"`;

const inside = ['--map-root-user', '--mount', 'sh', '-c'];
const isNamespace = spawnSync('unshare', [...inside, 'mount -t tmpfs none /mnt']).status === 0;
if (!isNamespace) test.skip('a full disk promotes nothing (no namespace to fill one in)', () => {});

const promoteOnFullDisk = async (t: ExecutionContext, lab: VersionLab): Promise<void> => {
  const program = fileURLToPath(new URL('../../../bin/pantheon', import.meta.url));
  const command = [program, 'promote', name, ...bar];
  const { status, stderr } = spawnSync(
    'unshare',
    [...inside, onFullDisk, 'sh', temporaryFolder(t), ...command],
    { cwd: lab.folder, env: { ...process.env, ...lab.environment }, encoding: 'utf8' },
  );
  t.is(status, 2, stderr);
  t.regex(stderr, /the disk is full: nothing was proposed, and the registry is as it was/);
  t.deepEqual(branches(lab), []);
  t.false(existsSync(join(lab.folder, 'registry.yaml')));
  t.false(existsSync(lab.state.pullRequests));
};

const promoteOnGithub = async (t: ExecutionContext, lab: VersionLab): Promise<void> => {
  const { environment, pulls, remote, clean } = await makeGithub(t);
  const config = join(lab.folder, 'pantheon.yaml');
  writeFileSync(config, `${readFileSync(config, 'utf8')}forge: github\n`);
  lab.run(['commit', '-qam', 'On GitHub']);
  lab.run(['push', '-qf', remote, 'HEAD:main']);
  const promote = () =>
    start(['promote', name, ...bar], lab.folder, { ...environment, ...lab.environment });
  const { code, stdout, stderr } = await promote();
  t.is(code, 0, stderr);
  t.regex(stdout, /^pantheon\/_registry-\w{8}: https:\/\/github\.test\/octo\/vault\/pull\/1$/m);
  const [pull] = pulls();
  t.is(pull?.title, `Promote ${name}`);
  t.regex(pull?.body ?? '', /tiny\.worker@2: PROMOTE \[promote\.better\]/);
  const run = plainGit(remote);
  const sent = String(pull?.pull?.headSha);
  t.is(run(['diff', '--name-status', `${sent}~1`, sent]), 'A\tregistry.yaml\n');
  t.regex(run(['show', `${sent}:registry.yaml`]), /champion: 2/);
  t.regex((await promote()).stderr, /proposes this already, and it is open/);
  t.is(pulls().length, 1);
  clean();
  lab.run(['reset', '-q', '--hard', 'HEAD~1']);
  for (const branch of branches(lab)) lab.run(['branch', '-qD', branch]);
};

for (const args of [
  ['eval', name],
  ['promote', name],
  ['rollback', 'tiny.worker'],
]) {
  test(`pantheon ${args[0]} works by day only`, async (t) => {
    const lab = await makeLab(t, {});
    const { code, stderr } = await start(args, lab.folder, {
      ...{ PANTHEON_STATE: dirname(lab.state.root), PANTHEON_MODELS: lab.models },
      PANTHEON_NIGHT: '1',
    });
    t.is(code, 2);
    t.regex(stderr, new RegExp(`pantheon ${args[0]} works by day only, and PANTHEON_NIGHT is set`));
    t.deepEqual(branches(lab), []);
  });
}

test('a better version is promoted with evidence that is signed, and one command goes back', async (t) => {
  t.timeout(300_000);
  const lab = await makeLab(t, labSpecs(7, 1));
  const none = await lab.pantheonIn('promote', name, ...bar);
  t.is(none.code, 2);
  t.regex(
    none.stderr,
    /tiny\.worker@2 was not evaluated\. Run "pantheon eval tiny\.worker@2" first/,
  );
  await refuseAll(t, lab, await evaluated(t, lab, 'default', { name: 'no adapter' }));
  lab.run(['reset', '-q', '--hard', 'HEAD~1']);
  if (isNamespace) await promoteOnFullDisk(t, lab);
  await promoteOnGithub(t, lab);
  const { code, stdout, stderr } = await lab.pantheonIn('promote', name, ...bar, '--json');
  t.is(code, 0, stdout + stderr);
  const said = JSON.parse(stdout);
  // However often the same is judged, it is one look.
  const look = { number: 1, of: 3, alpha: 0.05 / 3 };
  t.like(said, { verdict: 'PROMOTE', code: 'promote.better', look });
  t.deepEqual(branches(lab), [said.branch]);
  t.false(existsSync(join(lab.folder, 'registry.yaml')), 'nothing before it is merged');
  t.is((await lab.pantheonIn('accept', said.branch, '--merge')).code, 0);
  const read = () =>
    parseRegistry({
      name: 'registry.yaml',
      text: readFileSync(join(lab.folder, 'registry.yaml'), 'utf8'),
    }).agents['tiny.worker'];
  const [version] = read()?.versions ?? [];
  t.like(read(), { champion: 2, versions: [{ version: 2, rank: 8 }] });
  t.like(version?.evidence?.look, { number: 1, of: 3 });
  const verify = async () => {
    const { code, stdout } = await lab.pantheonIn('models', 'verify');
    return [code, /registry\.yaml: .*/.exec(stdout)?.[0]];
  };
  const [, signed] = await verify();
  t.is(
    signed,
    `registry.yaml: tiny.worker@2: ok: its promotion is as ${version?.evidence?.keyid} signed it`,
  );
  const signedText = readFileSync(join(lab.folder, 'registry.yaml'), 'utf8');
  writeFileSync(join(lab.folder, 'registry.yaml'), signedText.replace('rank: 8', 'rank: 16'));
  const [changed, why] = await verify();
  t.is(changed, 1);
  t.regex(String(why), /tiny\.worker@2: differs: no key that counts signed its promotion/);
  writeFileSync(join(lab.folder, 'registry.yaml'), signedText);
  const again = await lab.pantheonIn('promote', name, ...bar);
  t.is(again.code, 2);
  t.regex(again.stderr, /tiny\.worker@2 is the champion already/);
  const first = await lab.pantheonIn('rollback', 'tiny.worker', '--merge');
  t.is(first.code, 2);
  t.regex(first.stderr, /is the first champion of tiny\.worker\. .*take "adapter" out/);
  const other = await lab.pantheonIn(
    'promote',
    'tiny.worker@1',
    '--as',
    'candidate',
    '--share',
    '0.5',
  );
  t.is(other.code, 0, other.stderr);
  const [branch = ''] = branches(lab).filter((one) => one !== said.branch);
  t.is((await lab.pantheonIn('accept', branch, '--merge')).code, 0);
  t.like(read(), { champion: 2, candidate: { version: 1, share: 0.5 } });
  // As if the first had been the champion before.
  const text = readFileSync(join(lab.folder, 'registry.yaml'), 'utf8');
  writeFileSync(
    join(lab.folder, 'registry.yaml'),
    text.replace('    champion: 2\n', '    champion: 2\n    before:\n      - 1\n'),
  );
  lab.run(['commit', '-qam', 'Change']);
  const back = await lab.pantheonIn('rollback', 'tiny.worker', '--merge');
  t.is(back.code, 0, back.stderr);
  t.regex(back.stdout, /^tiny\.worker@1 in the place of tiny\.worker@2$/m);
  t.is(read()?.champion, 1);
});
