// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { examSources } from '../../../src/night/exam/exam-sources.ts';
import { openBaseTree } from '../../../src/workspace/base-tree.ts';
import { textWith } from '../../secrets/planted.ts';
import { makeRepository } from '../../workspace/with-repository.ts';

test('an exam takes no file that holds a secret or has an odd name', async (t) => {
  const { folder, head } = makeRepository(t, {
    'a.md': '# A\n',
    'b.md': textWith('password'),
    'c\\d.md': '# C\n',
    'e.ts': textWith('GitHub token'),
    'f.ts': 'export {};\n',
  });
  const base = await openBaseTree(folder, head);
  t.teardown(base.close);
  t.deepEqual((await examSources(base)).map(({ path }) => path).sort(), ['a.md', 'f.ts']);
});
