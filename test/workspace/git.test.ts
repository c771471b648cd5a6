// SPDX-License-Identifier: GPL-3.0-only
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { GitFault, git } from '../../src/workspace/git.ts';
import { makeRepository, temporaryFolder } from './with-repository.ts';

test('runs no hook and asks no configured program', async (t) => {
  const { folder, run } = makeRepository(t, { 'a.md': 'a\n' });
  const marker = join(folder, 'ran');
  mkdirSync(join(folder, '.git/hooks'));
  writeFileSync(join(folder, '.git/hooks/post-commit'), `#!/bin/sh\ntouch ${marker}\n`, {
    mode: 0o755,
  });
  writeFileSync(join(folder, 'monitor'), `#!/bin/sh\ntouch ${marker}\n`, { mode: 0o755 });
  run(['config', 'core.fsmonitor', join(folder, 'monitor')]);
  run(['config', 'user.name', 'Tester']);
  run(['config', 'user.email', 'tester@localhost']);
  await git(folder, ['status']);
  await git(folder, ['commit', '-q', '--allow-empty', '-m', 'More']);
  t.false(existsSync(marker));
});

test.serial('is not redirected by GIT_DIR in the environment', async (t) => {
  const [one, two] = [makeRepository(t, { a: '1' }), makeRepository(t, { a: '2' })];
  process.env.GIT_DIR = join(two.folder, '.git');
  t.teardown(() => delete process.env.GIT_DIR);
  const { stdout } = await git(one.folder, ['rev-parse', 'HEAD']);
  t.is(stdout.toString().trim(), one.head);
});

test('reads past replaced objects', async (t) => {
  const { folder, run } = makeRepository(t, { a: 'true\n' });
  const [real, lie] = ['true\n', 'false\n'].map((text) =>
    run(['hash-object', '-w', '--stdin'], text).trim(),
  );
  run(['replace', real ?? '', lie ?? '']);
  const { stdout } = await git(folder, ['cat-file', 'blob', real ?? '']);
  t.is(stdout.toString(), 'true\n');
});

test('takes pathspecs literally', async (t) => {
  const { folder } = makeRepository(t, { 'a.md': 'a\n', '*.md': 'star\n' });
  const { stdout } = await git(folder, ['ls-files', '--', '*.md']);
  t.is(stdout.toString(), '*.md\n');
});

test('passes bytes in and out', async (t) => {
  const { folder } = makeRepository(t, {});
  const bytes = Uint8Array.from({ length: 300_000 }, (_, at) => (at * 7) % 256);
  const { stdout } = await git(folder, ['hash-object', '-w', '--stdin'], { stdin: bytes });
  const { stdout: back } = await git(folder, ['cat-file', 'blob', stdout.toString().trim()]);
  t.deepEqual(new Uint8Array(back), bytes);
});

test('a failing git is a fault with its words', async (t) => {
  const fault = await t.throwsAsync(git(temporaryFolder(t), ['rev-parse', 'HEAD']), {
    instanceOf: GitFault,
  });
  t.is(fault?.code, 128);
  t.regex(fault?.stderr ?? '', /not a git repository/);
});

test('a folder that is not there is a fault with its cause', async (t) => {
  const missing = join(temporaryFolder(t), 'none');
  const fault = await t.throwsAsync(git(missing, ['--version']), { instanceOf: GitFault });
  t.like(fault?.cause, { code: 'ENOENT' });
});

test('an abort ends it with the reason given', async (t) => {
  const { folder } = makeRepository(t, {});
  const reason = new Error('enough');
  const abort = new AbortController();
  const waiting = git(folder, ['-c', 'alias.wait=!sleep 20', 'wait'], { signal: abort.signal });
  setTimeout(() => abort.abort(reason), 20);
  t.is(await t.throwsAsync(waiting), reason);
  t.is(await t.throwsAsync(git(folder, ['--version'], { signal: abort.signal })), reason);
});
