// SPDX-License-Identifier: GPL-3.0-only
import test, { type ExecutionContext } from 'ava';
import { type Files, makeRepository } from '../../workspace/with-repository.ts';
import { houseIn, passExams } from '../support/with-night.ts';

/* What specs ask of the shipped agents, and what these leave alone. */

const sentence = 'The frontmatter of every note is normalised';

const spec = (scope: string, more: object = {}): string =>
  JSON.stringify({ title: 'Tidy', flow: 'docops', scope, acceptance: [sentence], ...more });

/** Works a night over these files. */
const nightOver = async (t: ExecutionContext, files: Files, ...flows: readonly string[]) => {
  const repository = makeRepository(t, files);
  // A later commit must not be taken for the first.
  repository.run(['commit', '-q', '--allow-empty', '-m', 'Later', '--date', '2026-03-04T00:00Z']);
  const house = houseIn(t, repository);
  await passExams(repository.folder, house.state, ['docops', ...flows]);
  return { run: house.run, spec: (await house.night()).spec };
};

test('protected files stay as they are, and cost a wide spec of many units only themselves', async (t) => {
  const onePatch = { flow: 'spec2code', acceptance: ['All *.md have GPL header'] };
  const files = {
    'specs/wide.json': spec('**/*.md'),
    'specs/aimed.json': spec('.github/*.md'),
    'specs/one-patch.json': spec('**/*.md', onePatch),
    '.github/HELP.md': '# Help\n',
    'note.md': '# Note\n',
  };
  const night = await nightOver(t, files, 'spec2code');
  const wide = night.spec('wide');
  t.is(wide.outcome, 'pull-request');
  t.deepEqual(
    wide.unitDetails.map(({ paths, state, reason }) => [paths[0], state, reason]),
    [
      [
        '.github/HELP.md',
        'red',
        'set_frontmatter could not do it (denied): .github/HELP.md is protected (gate.protected); it may not be written.',
      ],
      ['note.md', 'approved', undefined],
    ],
  );
  t.is(night.run(['diff', '--name-only', 'main', wide.branch ?? '']).trim(), 'note.md');
  for (const id of ['aimed', 'one-patch']) {
    const { outcome, reason } = night.spec(id);
    t.is(outcome, 'red-bin');
    t.regex(reason, /^plan: the scope covers the protected path \.github\//);
  }
});

test('a pattern in upper case protects the folder in any case, from the worker on', async (t) => {
  const night = await nightOver(t, {
    'pantheon.yaml': 'gate:\n  protected: [Kept/**]\n',
    'specs/wide.json': spec('**/*.md'),
    'kept/HELP.md': '# Help\n',
    'note.md': '# Note\n',
  });
  const { unitDetails } = night.spec('wide');
  t.like(
    unitDetails.find(({ paths }) => paths[0] === 'kept/HELP.md'),
    { state: 'red', node: 'doc' },
  );
});

const cases: Readonly<Record<string, { readonly rules: object; readonly note: string }>> = {
  'required keys, an order and a status from hashtags': {
    rules: { required: ['title'], order: ['title', 'status'], status: ['draft', 'done'] },
    note: '---\ntitle: Hello\nstatus: draft\ntags: [draft]\n---\n# Hello\n\n#draft\n',
  },
  'a slug and the day of the first commit': {
    rules: { slug: 'title', date: 'first-commit' },
    note: '---\ntitle: Hello\ntags: [draft]\ndate: 2026-01-02\nslug: hello\n---\n# Hello\n\n#draft\n',
  },
};

for (const [name, { rules, note }] of Object.entries(cases)) {
  test(`a spec asks by rules for ${name}`, async (t) => {
    const night = await nightOver(t, {
      'notes/hello.md': '# Hello\n\n#draft\n',
      'specs/tidy.json': spec('notes/', { rules }),
    });
    const { outcome, reason, branch } = night.spec('tidy');
    t.is(outcome, 'pull-request', reason);
    t.is(night.run(['show', `${branch}:notes/hello.md`]), note);
  });
}

test('rules the agent does not take stop the spec in its plan', async (t) => {
  const night = await nightOver(t, {
    'notes/hello.md': '# Hello\n',
    'specs/tidy.json': spec('notes/', { rules: { statuses: ['draft'] } }),
  });
  const { outcome, reason } = night.spec('tidy');
  t.is(outcome, 'red-bin');
  t.regex(reason, /statuses/);
});
