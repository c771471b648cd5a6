// SPDX-License-Identifier: GPL-3.0-only
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { UserError } from '../../src/data/user-error.ts';
import { resolveRepository } from '../../src/workspace/repository.ts';
import { makeRepository, plainGit, temporaryFolder } from './with-repository.ts';

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
