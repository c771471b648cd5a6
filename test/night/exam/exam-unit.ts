// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import test from 'ava';
import { findExecutor } from '../../../src/boundary/find-executor.ts';
import { loadFlows } from '../../../src/flow/load-flow.ts';
import { examSession } from '../../../src/night/exam/exam-unit.ts';
import { examine } from '../../../src/night/exam/examine.ts';
import { reviewersOf } from '../../../src/night/exam/freeze-terms.ts';
import { openSetup } from '../../../src/night/open/open-setup.ts';
import { readCommit } from '../../../src/night/open/read-commit.ts';
import type { ExamKind } from '../../../src/review/schema.ts';
import { normaliseSpec } from '../../../src/spec/schema.ts';
import { openBaseTree } from '../../../src/workspace/base-tree.ts';
import { makeRepository, temporaryFolder } from '../../workspace/with-repository.ts';

const text = Array.from({ length: 8 }, (_, at) => `export const size${at} = ${at};\n`).join('');

/** In the folders of the queue lie files for which nobody did what an exam's patch does. */
const files = {
  'notes/one.md': '# One\n\nText.\n',
  'notes/deep/two.md': '---\ndraft: true\n---\n\n# Two\n\nText  \nand more.\n',
  'handbook/read me.md': 'Words.\n',
  'src/sizes.ts': text,
  'test/sizes.test.ts': `import test from 'ava';\n${text}`,
  'tools/rota/src/index.ts': text,
  'tools/rota/package.json': '{"name":"rota","type":"module"}\n',
  'package.json': '{"name":"whole","type":"module","workspaces":["tools/*"]}\n',
};

const queue = [
  normaliseSpec({ title: 'A', scope: 'notes/', acceptance: ['Every note has a title'] }, 'a'),
  normaliseSpec({ title: 'B', scope: 'handbook/', acceptance: ['Every note has tags'] }, 'b'),
  normaliseSpec(
    { title: 'C', scope: 'tools/rota/src/', acceptance: ['All *.ts have GPL header'] },
    'c',
  ),
];

const sits = test.macro(async (t, name: string, kind: ExamKind) => {
  const { folder } = makeRepository(t, files);
  const base = await openBaseTree(folder, 'HEAD');
  const commit = await readCommit(base);
  const flows = loadFlows(new Map([[name, await commit.flowSource(name)]]));
  const codeFolder = join(temporaryFolder(t), 'code');
  const setup = await openSetup(commit, { flows, codeFolder });
  t.teardown(async () => {
    await Promise.all([setup.close(), base.close()]);
  });
  const flow = setup.flows.get(name);
  if (!flow) throw new Error(`no flow ${name}`);
  const { executor } = await findExecutor({ allowUnconfined: true });
  const session = examSession({ base, setup, executor });
  for (const reviewer of reviewersOf(flow)) {
    const { signal } = new AbortController();
    const paper = { kind, seed: 2, queue, patches: 30 };
    const { result } = await examine(reviewer, paper, { session, flow, signal });
    const { good, bad, falseRejections, unanswered } = result;
    t.like(
      { good, bad, falseRejections, unanswered },
      {
        ...{ good: 30, bad: 30, falseRejections: 0, unanswered: undefined },
      },
    );
    t.true(result.falseApprovals <= 2, `${result.falseApprovals} approved`);
  }
});

for (const [flow, kind] of [
  ['docops', 'docs'],
  ['docops', 'code'],
  ['spec2code', 'docs'],
  ['spec2code', 'code'],
] as const) {
  test(
    `among the repository's files the ${kind} exam of ${flow} asks for what its patches do`,
    sits,
    flow,
    kind,
  );
}
