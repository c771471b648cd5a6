// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { loadAgent } from '../../src/night/load-agent.ts';
import { confinedTest } from '../boundary/with-bubblewrap.ts';
import { makeRepository, temporaryFolder } from '../workspace/with-repository.ts';

const files = {
  'docs/guide.md': '# Guide\n\nWords.\n',
  'docs/deep/page.md': '# Page\n',
  'src/a.ts': 'export const a = 1;\n',
};

const header = { title: 'Add header', scope: 'docs/', acceptance: ['All *.md have GPL header'] };

confinedTest('an agent is a function from a spec to a patch', async (t) => {
  const { folder, run } = makeRepository(t, files);
  const before = run(['status', '--porcelain']) + run(['for-each-ref']);
  const codegen = await loadAgent('codegen.qwen8b', { repository: folder });

  const out = await codegen.run({
    title: 'Add header',
    scope: 'docs/',
    acceptance: ['All *.md have GPL header'],
  });

  t.true(out.diff.includes('diff --git'));
  t.true(out.stats.files > 0);
  t.deepEqual(
    out.changes.map(({ path }) => path),
    ['docs/deep/page.md', 'docs/guide.md'],
  );
  t.is(out.status, 'ok');
  // Nothing was written, and git agrees that this is a patch.
  t.is(run(['status', '--porcelain']) + run(['for-each-ref']), before);
  t.is(readFileSync(join(folder, 'docs/guide.md'), 'utf8'), files['docs/guide.md']);
  run(['apply', '--index', '-'], out.diff);
  t.is(out.stats.files, run(['diff', '--cached', '--name-only']).trim().split('\n').length);
});

confinedTest('the same spec gives the same patch', async (t) => {
  const { folder } = makeRepository(t, files);
  const codegen = await loadAgent('codegen.qwen8b', { repository: folder });
  const [first, second] = [await codegen.run(header), await codegen.run(header)];
  t.deepEqual(second, first);
});

confinedTest('file by file, the patches are joined', async (t) => {
  const { folder } = makeRepository(t, files);
  const doc = await loadAgent('doc.frontmatter', { repository: folder });
  const out = await doc.run({
    title: 'Tidy',
    scope: 'docs/',
    acceptance: ['The frontmatter of every note is normalised'],
  });
  t.is(out.stats.files, 2);
  t.is(out.diff.match(/^diff --git /gm)?.length, 2);
});

confinedTest('what cannot be planned or done says so', async (t) => {
  const { folder } = makeRepository(t, files);
  const codegen = await loadAgent('codegen.qwen8b', { repository: folder });
  await t.throwsAsync(codegen.run({ ...header, scope: '../elsewhere/' }), {
    name: 'AgentFailure',
    message: /^plan: the scope .*\.\./,
  });
  await t.throwsAsync(codegen.run({ ...header, acceptance: ['`a` is a better number'] }), {
    name: 'AgentFailure',
    message: /^plan: no chore covers/,
  });
  await t.throwsAsync(codegen.run({ ...header, title: '' }), {
    name: 'UserError',
    message: /title/,
  });
});

test('only a working agent can be run alone', async (t) => {
  await t.throwsAsync(loadAgent('codegen'), {
    name: 'UserError',
    message: /there is no agent "codegen"; there are .*codegen\.qwen8b/,
  });
  await t.throwsAsync(loadAgent('review.peer'), {
    name: 'UserError',
    message: '"review.peer" has role review; only a working agent can be run alone',
  });
  const codegen = await loadAgent('codegen.qwen8b', { repository: temporaryFolder(t) });
  await t.throwsAsync(codegen.run(header), { name: 'UserError', message: /git repository/ });
});
