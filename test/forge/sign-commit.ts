// SPDX-License-Identifier: GPL-3.0-only
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { signCommit, trySigning } from '../../src/forge/sign-commit.ts';
import { CommitFault } from '../../src/workspace/commit.ts';
import { makeSshKey } from '../workspace/with-key.ts';
import { makeRepository, type Run, temporaryFolder } from '../workspace/with-repository.ts';

const hasGpg = (() => {
  try {
    execFileSync('gpg', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

const message = 'One\n\n line\ngpgsig -----BEGIN\n\n\nTwo\n';

/** A commit as a night makes them. */
const commitIn = (run: Run, who = 'Ada Örn <ada@example.org>'): string => {
  const text = `tree ${run(['rev-parse', 'HEAD^{tree}'])}parent ${run(['rev-parse', 'HEAD'])}author ${who} 1795212000 +0000\ncommitter Pantheon <pantheon@localhost> 1795212000 +0000\n\n${message}`;
  return run(['hash-object', '-t', 'commit', '-w', '--stdin'], text).trim();
};

for (const format of ['sha1', 'sha256'] as const) {
  test(`an ssh key signs just the commit there is (${format})`, async (t) => {
    const { folder, run } = makeRepository(t, { 'a.md': 'a\n' }, { format });
    makeSshKey(t, run);
    const commit = commitIn(run);
    const signed = await signCommit(folder, commit);
    t.notThrows(() => run(['verify-commit', signed]));
    t.throws(() => run(['verify-commit', commit]));
    const format_ = '--format=%T %P %an %ae %aI %cn %ce %cI %B';
    t.is(run(['log', '-1', format_, signed]), run(['log', '-1', format_, commit]));
    run(['fsck', '--strict', '--no-dangling']);
  });
}

(hasGpg ? test : test.skip)('a key of gpg does too', async (t) => {
  const { folder, run } = makeRepository(t, { 'a.md': 'a\n' });
  const home = temporaryFolder(t);
  const program = join(home, 'gpg.sh');
  writeFileSync(program, `#!/bin/sh\nexec gpg --homedir '${home}' --batch "$@"\n`, { mode: 0o755 });
  t.teardown(() => execFileSync('gpgconf', ['--homedir', home, '--kill', 'all']));
  const key = ['--passphrase', '', '--quick-gen-key', 'Pantheon <pantheon@localhost>', 'ed25519'];
  execFileSync(program, [...key, 'sign', 'never'], { stdio: 'ignore' });
  run(['config', 'gpg.program', program]);
  const signed = await signCommit(folder, commitIn(run));
  t.notThrows(() => run(['verify-commit', signed]));
  await trySigning(folder, 'HEAD');
  const nobody = /^git cannot sign commits \(gpg failed to sign the data.*\)\. Set /;
  await t.throwsAsync(trySigning(folder, 'HEAD', 'Bob <bob@localhost>'), { message: nobody });
});

test('a trial leaves nothing in the repository', async (t) => {
  const { folder, run } = makeRepository(t, { 'a.md': 'a\n' });
  makeSshKey(t, run);
  const before = run(['count-objects', '-v']);
  await trySigning(folder, run(['rev-parse', 'HEAD']).trim());
  t.is(run(['count-objects', '-v']), before);
});

type Row = readonly [spoil: (run: Run, key: string) => void, reason: RegExp];

const rows: Readonly<Record<string, Row>> = {
  'no key': [(run) => run(['config', '--unset', 'user.signingkey']), /\(either user\.signingkey/],
  'a key that is gone': [(run) => run(['config', 'user.signingkey', '/nowhere/key']), /nowhere/],
  'a key with a passphrase': [
    (_, key) => void execFileSync('ssh-keygen', ['-q', '-p', '-N', 'secret', '-f', key]),
    /passphrase/,
  ],
  'a program that is not there': [
    (run) => run(['config', 'gpg.ssh.program', '/nowhere/ssh-keygen']),
    /nowhere\/ssh-keygen/,
  ],
};

for (const [what, [spoil, reason]] of Object.entries(rows)) {
  test(`git cannot sign with ${what}`, async (t) => {
    const { folder, run } = makeRepository(t, { 'a.md': 'a\n' });
    const { key } = makeSshKey(t, run);
    spoil(run, key);
    const { message: said } = (await t.throwsAsync(trySigning(folder, 'HEAD'))) ?? { message: '' };
    t.regex(said, /^git cannot sign commits \(.+\)\. Set gpg\.format and user\.signingKey/);
    t.regex(said, reason);
    t.false(said.includes('\n'));
  });
}

test('what git writes another way is not signed', async (t) => {
  const { folder, run } = makeRepository(t, { 'a.md': 'a\n' });
  const { key } = makeSshKey(t, run);
  t.regex(readFileSync(key, 'utf8'), /PRIVATE KEY/);
  await t.throwsAsync(signCommit(folder, commitIn(run, 'Ada Jr. <ada@example.org>')), {
    instanceOf: CommitFault,
  });
});
