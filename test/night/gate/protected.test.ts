// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { makeRepository } from '../../workspace/with-repository.ts';
import { houseIn, passExams } from '../support/with-night.ts';

const spec = (flow: string, scope: string, sentence: string): string =>
  JSON.stringify({ title: 'Tidy', flow, scope, acceptance: [sentence] });

const normalised = 'The frontmatter of every note is normalised';

test('protected files stay as they are, and cost a wide spec of many units only themselves', async (t) => {
  const repository = makeRepository(t, {
    'specs/wide.json': spec('docops', '**/*.md', normalised),
    'specs/aimed.json': spec('docops', '.github/*.md', normalised),
    'specs/one-patch.json': spec('spec2code', '**/*.md', 'All *.md have GPL header'),
    '.github/HELP.md': '# Help\n',
    'note.md': '# Note\n',
  });
  const house = houseIn(t, repository);
  await passExams(repository.folder, house.state, ['docops', 'spec2code']);
  const night = await house.night();

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
  t.is(house.run(['diff', '--name-only', 'main', wide.branch ?? '']).trim(), 'note.md');
  for (const id of ['aimed', 'one-patch']) {
    const { outcome, reason } = night.spec(id);
    t.is(outcome, 'red-bin');
    t.regex(reason, /^plan: the scope covers the protected path \.github\//);
  }
});

test('a pattern in upper case protects the folder in any case, from the worker on', async (t) => {
  const repository = makeRepository(t, {
    'pantheon.yaml': 'gate:\n  protected: [Kept/**]\n',
    'specs/wide.json': spec('docops', '**/*.md', normalised),
    'kept/HELP.md': '# Help\n',
    'note.md': '# Note\n',
  });
  const house = houseIn(t, repository);
  await passExams(repository.folder, house.state, ['docops']);
  const { unitDetails } = (await house.night()).spec('wide');
  t.like(
    unitDetails.find(({ paths }) => paths[0] === 'kept/HELP.md'),
    { state: 'red', node: 'doc' },
  );
});
