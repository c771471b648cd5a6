// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { openChores } from '../../src/chore/chores.ts';
import { readCommit } from '../../src/night/open/read-commit.ts';
import { planAhead } from '../../src/night/plan-ahead.ts';
import { loadSpecFile } from '../../src/spec/load-specs.ts';
import { openBaseTree } from '../../src/workspace/base-tree.ts';
import { makeRepository } from '../workspace/with-repository.ts';

const rows: Readonly<Record<string, readonly [spec: object, message?: RegExp]>> = {
  'a spec that a night would work': [{ scope: 'docs/', acceptance: ['Every note has a title'] }],
  'a chore asked for exactly': [{ scope: 'src/', do: [{ rename: { from: 'a', to: 'b' } }] }],
  'words of no chore': [{ scope: 'docs/', acceptance: ['It is nice'] }, /no chore covers/],
  'a scope without files': [
    { scope: 'dosc/', acceptance: ['Every note has a title'] },
    /"dosc\/\*\*" matches no file/,
  ],
};

for (const [what, [spec, message]] of Object.entries(rows)) {
  test(`planned by day: ${what}`, async (t) => {
    const { folder, run } = makeRepository(t, {
      'docs/a.md': '# A\n',
      'src/a.ts': 'export const a = 1;\n',
      'pantheon.yaml':
        'profile: p\nprofiles: { p: { default: { engine: rules }, review.peer: [{ engine: rules, rules: by-acceptance }, { engine: rules, rules: by-redoing }] } }\n',
    });
    const base = await openBaseTree(folder, run(['rev-parse', 'HEAD']).trim());
    const text = JSON.stringify({ title: 'T', ...spec });
    const failure = await planAhead(
      loadSpecFile({ name: 'spec.json', text }),
      await readCommit(base),
      openChores(),
      new AbortController().signal,
    );
    await base.close();
    if (message) t.regex(failure?.message ?? '', message);
    else t.is(failure, undefined, failure?.message);
  });
}

test('a model can be asked anything, and its engine need not be there', async (t) => {
  const { folder, run } = makeRepository(t, {
    'src/a.ts': 'export const a = 1;\n',
    'pantheon.yaml':
      'profile: p\nprofiles: { p: { default: { engine: vllm, socket: /nowhere/e.sock, model: m } } }\n',
  });
  const base = await openBaseTree(folder, run(['rev-parse', 'HEAD']).trim());
  const text = JSON.stringify({ title: 'T', scope: 'src/', acceptance: ['It is nice'] });
  const spec = loadSpecFile({ name: 'spec.json', text });
  const { signal } = new AbortController();
  t.is(await planAhead(spec, await readCommit(base), openChores(), signal), undefined);
  await base.close();
});
