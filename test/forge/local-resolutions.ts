// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import type { PullRequest } from '../../src/forge/forge.ts';
import type { Resolution } from '../../src/forge/resolution.ts';
import { each } from '../each.ts';
import { writeFiles } from '../workspace/with-repository.ts';
import { type MadeForge, makeForge } from './with-local-forge.ts';

type Act = (forge: MadeForge, pull: PullRequest) => unknown;

const morning = new Date('2026-11-05T06:00:00Z');

const resolves = test.macro(async (t, act: Act, expected: Resolution, now?: Date) => {
  const made = makeForge(t);
  const pull = made.request();
  await made.forge.open(pull);
  await act(made, pull);
  const resolved = await made.forge.resolutions(now ?? morning);
  t.deepEqual(
    resolved.map(({ resolution }) => resolution),
    [expected],
  );
});

const onTop = ({ run, repository }: MadeForge, { branch }: PullRequest): void => {
  run(['switch', '-q', branch]);
  writeFiles(repository, { 'b.txt': 'by hand\n' });
  run(['add', '-A']);
  run(['commit', '-qm', 'More']);
  run(['switch', '-q', 'main']);
};
const mergeAlone = ({ run }: MadeForge, { branch }: PullRequest): unknown =>
  run(['merge', '-q', '--no-ff', '-m', 'Merge', branch]);

each(resolves, {
  'resolution, open for four days': [() => {}, 'pending'],
  'resolution, open for a month': [() => {}, 'ignored', new Date('2026-12-02T06:00:00Z')],
  'resolution, merged as it is': [mergeAlone, 'zero-touch'],
  'resolution, merged as it is, the branch deleted, and the base went on': [
    (made, pull) => {
      mergeAlone(made, pull);
      made.run(['branch', '-D', pull.branch]);
      writeFiles(made.repository, { 'a.txt': 'later\n' });
      made.run(['commit', '-qam', 'Later']);
    },
    'zero-touch',
  ],
  'resolution, fast-forwarded': [
    ({ run }, { branch }) => run(['merge', '-q', branch]),
    'zero-touch',
  ],
  'resolution, fast-forwarded, and the branch deleted': [
    ({ run }, { branch }) => {
      run(['merge', '-q', branch]);
      run(['branch', '-D', branch]);
    },
    'accepted',
  ],
  'resolution, merged with a commit on top': [
    (made, pull) => {
      onTop(made, pull);
      mergeAlone(made, pull);
    },
    'accepted',
  ],
  'resolution, fast-forwarded with a commit on top': [
    (made, pull) => {
      onTop(made, pull);
      made.run(['merge', '-q', pull.branch]);
    },
    'accepted',
  ],
  'resolution, changed while it was merged': [
    ({ run, repository }, { branch }) => {
      run(['merge', '-q', '--no-ff', '--no-commit', branch]);
      writeFiles(repository, { 'a.txt': 'otherwise\n' });
      run(['commit', '-qam', 'Merge']);
    },
    'accepted',
  ],
  'resolution, rejected first, merged later': [
    async (made, pull) => {
      await made.decide(pull, 'reject');
      await made.decide(pull, 'accept');
      mergeAlone(made, pull);
    },
    'accepted',
  ],
  'resolution, accepted, not merged': [({ decide }, pull) => decide(pull, 'accept'), 'accepted'],
  'resolution, rejected': [({ decide }, pull) => decide(pull, 'reject'), 'rejected'],
  'resolution, its branch deleted without a word': [
    ({ run }, { branch }) => run(['branch', '-D', branch]),
    'unknown',
  ],
});
