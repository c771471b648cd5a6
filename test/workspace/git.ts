// SPDX-License-Identifier: GPL-3.0-only
import { existsSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { UserError } from '../../src/data/user-error.ts';
import { GitFault, git } from '../../src/workspace/git.ts';
import { formatLiteral, parseLiteral } from '../../src/workspace/git-binary.ts';
import { resolveRepository } from '../../src/workspace/repository.ts';
import { makeRepository, plainGit, temporaryFolder } from './with-repository.ts';

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
  const waiting = git(folder, ['-c', 'alias.wait=!exec sleep 20', 'wait'], {
    signal: abort.signal,
  });
  setTimeout(() => abort.abort(reason), 20);
  t.is(await t.throwsAsync(waiting), reason);
  t.is(await t.throwsAsync(git(folder, ['--version'], { signal: abort.signal })), reason);
});

const bodyOf = (literal: string): readonly string[] => literal.split('\n').slice(1, -2);

test('an empty file is what git writes for one', (t) => {
  t.is(formatLiteral(new Uint8Array(0)), 'literal 0\nHcmV?d00001\n\n');
});

test('what is written is read back', (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
      t.deepEqual(parseLiteral(bytes.length, bodyOf(formatLiteral(bytes))), bytes);
    }),
  );
});

test('nothing else is read', (t) => {
  const lines = bodyOf(formatLiteral(Uint8Array.of(1, 2, 3)));
  const [line = ''] = lines;
  for (const [size, spoilt] of [
    [4, lines],
    [2, lines],
    [3, []],
    [3, [line, line]],
    [3, [line.slice(0, -1)]],
    [3, [`${line}0`]],
    [3, [`0${line.slice(1)}`]],
    [3, [`${line.slice(0, -1)}"`]],
    [3, [`D~~~~~`]],
    [3, ['']],
  ] as const) {
    t.is(parseLiteral(size, spoilt), undefined, `${size} ${spoilt}`);
  }
});

test('a checkout, from its top and from a folder in it', async (t) => {
  const { folder, head } = makeRepository(t, { 'docs/a.md': 'a\n' });
  const root = realpathSync(folder);
  const expected = { root, gitDir: join(root, '.git'), head, branch: 'main' };
  t.deepEqual(await resolveRepository(folder), expected);
  t.deepEqual(await resolveRepository(join(folder, 'docs')), expected);
  const link = join(temporaryFolder(t), 'link');
  symlinkSync(join(folder, 'docs'), link);
  t.deepEqual(await resolveRepository(link), expected);
});

test('a linked worktree shares the repository', async (t) => {
  const { folder, run, head } = makeRepository(t, { 'a.md': 'a\n' });
  const linked = join(temporaryFolder(t), 'linked');
  run(['worktree', 'add', '-q', '-b', 'side/one', linked]);
  t.deepEqual(await resolveRepository(linked), {
    root: realpathSync(linked),
    gitDir: join(realpathSync(folder), '.git'),
    head,
    branch: 'side/one',
  });
});

test('a detached HEAD has no branch', async (t) => {
  const { folder, run, head } = makeRepository(t, { 'a.md': 'a\n' });
  run(['checkout', '-q', '--detach']);
  t.like(await resolveRepository(folder), { head, branch: undefined });
});

test('a bare repository is its own root', async (t) => {
  const { folder, head } = makeRepository(t, { 'a.md': 'a\n' });
  const bare = temporaryFolder(t);
  plainGit(bare)(['clone', '-q', '--bare', folder, '.']);
  const root = realpathSync(bare);
  t.deepEqual(await resolveRepository(bare), { root, gitDir: root, head, branch: 'main' });
});

test('an unusable repository is the user’s mistake', async (t) => {
  const folder = temporaryFolder(t);
  const git = plainGit(folder);
  mkdirSync(join(folder, 'plain'));
  writeFileSync(join(folder, 'file'), '');
  git(['init', '-q', 'fresh']);
  mkdirSync(join(folder, 'broken/.git'), { recursive: true });
  const { folder: good } = makeRepository(t, {});
  for (const [dir, message] of [
    [join(folder, 'none'), /none: does not exist\. Give/],
    [join(folder, 'file'), /file: is not a folder\. Give/],
    [join(folder, 'plain'), /plain: is not in a git repository\. Run git init/],
    [join(folder, 'broken'), /broken: is not in a git repository/],
    [join(folder, 'fresh'), /fresh: has no commit to work on/],
    [join(good, '.git'), /inside git's own folder/],
  ] as const) {
    await t.throwsAsync(resolveRepository(dir), { instanceOf: UserError, message });
  }
});
