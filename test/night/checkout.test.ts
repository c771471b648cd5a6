// SPDX-License-Identifier: GPL-3.0-only
import {
  chmodSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import test from 'ava';
import { sha256 } from '../../src/data/digest.ts';
import { confinedTest } from '../boundary/with-bubblewrap.ts';
import {
  makeRepository,
  plainGit,
  type TestRepository,
  temporaryFolder,
  writeFiles,
} from '../workspace/with-repository.ts';
import { tinyHouse, tinySpec } from './support/tiny-house.ts';
import { houseIn, passExams } from './support/with-night.ts';

/** What a night may add to: objects, and branches of its own with their logs. */
const ours = /(?:^|\/)(?:objects|(?:logs\/)?refs\/heads\/pantheon)(?:\/|$)/;

/** Type, mode and content of everything below a folder, git's own folder included. */
const snapshot = (folder: string): Readonly<Record<string, string>> => {
  const entries: Record<string, string> = {};
  const visit = (path: string): void => {
    const name = relative(folder, path);
    if (ours.test(name)) return;
    const stats = lstatSync(path);
    if (stats.isDirectory()) {
      // A folder's own entry would change with a branch of ours below it.
      if (!/(?:^|\/)refs\/heads$/.test(name)) entries[`${name}/`] = String(stats.mode);
      for (const child of readdirSync(path)) visit(join(path, child));
    } else if (stats.isSymbolicLink()) entries[name] = `-> ${readlinkSync(path)}`;
    else entries[name] = `${stats.mode} ${stats.mtimeMs} ${sha256(readFileSync(path))}`;
  };
  visit(folder);
  return entries;
};

const one = { 'specs/one.yaml': tinySpec('box/'), 'box/a.txt': 'a\n', 'box/b.txt': 'b fail no\n' };

type Prepare = (
  t: { readonly teardown: (clean: () => void) => void },
  repository: TestRepository,
) => { readonly at: string; readonly watched: readonly string[] };

const dirty: Prepare = (_, { folder, run }) => {
  writeFiles(folder, { 'kept.txt': 'stashed\n' });
  run(['stash', '-q', '--include-untracked']);
  writeFiles(folder, {
    'box/a.txt': 'changed\n',
    'box/staged.txt': 'staged\n',
    'specs/two.yaml': 'not: [a spec\n',
    'new/untracked.txt': 'untracked\n',
    'ignored.log': 'ignored\n',
    '.git/info/exclude': '*.log\n',
  });
  run(['add', 'box/staged.txt']);
  writeFiles(folder, { 'box/staged.txt': 'staged, then changed\n' });
  rmSync(join(folder, 'box/b.txt'));
  symlinkSync('nowhere', join(folder, 'dangling'));
  // An index that git would like to refresh.
  utimesSync(join(folder, 'pantheon.yaml'), 1, 1);
  return { at: folder, watched: [folder] };
};

const conflicted: Prepare = (_, { folder, run }) => {
  run(['switch', '-q', '-c', 'theirs']);
  writeFiles(folder, { 'box/a.txt': 'theirs\n' });
  run(['commit', '-q', '-am', 'Theirs']);
  run(['switch', '-q', 'main']);
  writeFiles(folder, { 'box/a.txt': 'ours\n' });
  run(['commit', '-q', '-am', 'Ours']);
  try {
    run(['merge', 'theirs']);
  } catch {
    // The merge waits for a person, and goes on waiting.
  }
  return { at: folder, watched: [folder] };
};

const hooked: Prepare = (_, { folder, run }) => {
  run(['switch', '-q', '--detach']);
  for (const hook of ['post-commit', 'reference-transaction', 'post-checkout', 'pre-push']) {
    writeFiles(folder, {
      [`.git/hooks/${hook}`]: '#!/bin/sh\necho ran >> "$GIT_DIR/ran"\nexit 1\n',
    });
    chmodSync(join(folder, '.git/hooks', hook), 0o755);
  }
  run(['config', 'core.hooksPath', '.git/hooks']);
  run(['config', 'filter.evil.clean', 'touch ran-filter; cat']);
  run(['config', 'filter.evil.smudge', 'touch ran-filter; cat']);
  writeFiles(folder, { '.git/info/attributes': '*.txt filter=evil\n' });
  return { at: join(folder, 'box'), watched: [folder] };
};

/* A night is what costs here: one place has all that can stand side by side. */
const places: Readonly<Record<string, readonly [format: 'sha1' | 'sha256', prepare: Prepare]>> = {
  'a dirty checkout with a stash': ['sha1', dirty],
  'a checkout in the middle of a merge': ['sha1', conflicted],
  'from a folder within it, a checkout with hooks and filters and a detached HEAD': [
    'sha1',
    hooked,
  ],
  'a linked worktree of a clean checkout': [
    'sha1',
    (t, { folder, run }) => {
      const linked = join(temporaryFolder(t), 'linked');
      run(['worktree', 'add', '-q', '-b', 'side', linked]);
      writeFiles(linked, { 'untracked.txt': 'mine\n' });
      return { at: linked, watched: [folder, linked] };
    },
  ],
  'a bare repository of sha256': [
    'sha256',
    (t, { folder, run }) => {
      const bare = join(temporaryFolder(t), 'bare.git');
      run(['clone', '-q', '--bare', folder, bare]);
      return { at: bare, watched: [bare] };
    },
  ],
};

for (const [title, [format, prepare]] of Object.entries(places)) {
  test(`${title} is left byte for byte as it was`, async (t) => {
    const { folder, run, head } = makeRepository(t, { ...tinyHouse, ...one }, { format });
    const { at, watched } = prepare(t, { folder, run, head });
    const house = houseIn(t, { folder: at, run: plainGit(at), head });
    await passExams(at, house.state, ['tiny']);
    const before = watched.map(snapshot);
    const base = house.run(['rev-parse', 'HEAD']).trim();
    const { spec } = await house.night();
    t.deepEqual(watched.map(snapshot), before);
    t.is(spec('one').outcome, 'pull-request', spec('one').reason);
    t.deepEqual(house.branches(), [spec('one').branch ?? '']);
    t.is(house.run(['rev-parse', `${spec('one').branch}^`]).trim(), base);
    t.regex(spec('one').commit ?? '', format === 'sha1' ? /^[0-9a-f]{40}$/ : /^[0-9a-f]{64}$/);
  });
}

confinedTest('checks run on a tree of their own', async (t) => {
  const acceptance = ['The frontmatter of every note is normalised'];
  const spec = {
    title: 'Tidy',
    scope: 'notes/',
    acceptance,
    flow: 'docops',
    checks: ['grep -q "^title: A note" notes/a.md && rm -rf notes .git && touch made-by-a-check'],
  };
  const repository = makeRepository(t, {
    'specs/tidy.json': JSON.stringify(spec),
    'notes/a.md': '# A note\n',
  });
  const house = houseIn(t, repository);
  await passExams(repository.folder, house.state, ['docops']);
  const before = snapshot(repository.folder);
  const night = await house.night({ example: false });
  t.is(night.spec('tidy').outcome, 'pull-request', night.spec('tidy').reason);
  t.deepEqual(snapshot(repository.folder), before);
});
