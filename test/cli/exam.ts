// SPDX-License-Identifier: GPL-3.0-only
import { isShownWay } from '../../src/review/exam/compose-exam.ts';
import { confinedTest } from '../boundary/with-bubblewrap.ts';
import { tinySpec } from '../night/support/tiny-house.ts';
import { makePlace } from './with-cli.ts';

type Paper = {
  readonly reviewers: readonly {
    readonly passed: boolean;
    readonly byWay: readonly { readonly way: string; readonly truth: string }[];
  }[];
};

confinedTest('an exam that a person has sat shows half of the ways to be bad', async (t) => {
  const { pantheon } = await makePlace(t, {
    'specs/one.yaml': tinySpec('box/'),
    'box/a.txt': 'a\n',
  });
  const seen = new Set<string>();
  for (const seed of ['1', '2']) {
    const args = ['review', 'exam', '--kind', 'docs', '--seed', seed, '--patches', '80', '--json'];
    const { code, stdout, stderr } = await pantheon(...args);
    t.is(code, 1, stderr);
    const [paper] = JSON.parse(stdout) as readonly Paper[];
    for (const { passed, byWay } of paper?.reviewers ?? []) {
      t.false(passed);
      for (const { way, truth } of byWay) if (truth === 'bad') seen.add(way);
    }
  }
  t.true(seen.size > 20, `${seen.size}`);
  t.deepEqual(
    [...seen].filter((way) => !isShownWay(way)),
    [],
  );
});
