// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { makeRepository } from '../../workspace/with-repository.ts';
import { houseIn, passExams } from '../support/with-night.ts';

const spec = (rules: object): string =>
  JSON.stringify({
    title: 'Tidy the notes',
    flow: 'docops',
    scope: 'notes/',
    acceptance: ['The frontmatter of every note is normalised'],
    rules,
  });

const cases: Readonly<Record<string, { readonly rules: object; readonly note: string }>> = {
  'required keys, an order and a status from hashtags': {
    rules: { required: ['title'], order: ['title', 'status'], status: ['draft', 'done'] },
    note: '---\ntitle: Hello\nstatus: draft\ntags: [draft]\n---\n# Hello\n\n#draft\n',
  },
  'a slug and the day of the first commit': {
    rules: { slug: 'title', date: 'first-commit' },
    note: '---\ntitle: Hello\ntags: [draft]\ndate: "2026-01-02"\nslug: hello\n---\n# Hello\n\n#draft\n',
  },
};

for (const [name, { rules, note }] of Object.entries(cases)) {
  test(`a spec asks by rules for ${name}`, async (t) => {
    const repository = makeRepository(t, {
      'notes/hello.md': '# Hello\n\n#draft\n',
      'specs/tidy.json': spec(rules),
    });
    // A later commit must not be taken for the first.
    repository.run(['commit', '-q', '--allow-empty', '-m', 'Later', '--date', '2026-03-04T00:00Z']);
    const house = houseIn(t, repository);
    await passExams(repository.folder, house.state, ['docops']);
    const { spec: ended } = await house.night();
    const { outcome, reason, branch } = ended('tidy');
    t.is(outcome, 'pull-request', reason);
    t.is(house.run(['show', `${branch}:notes/hello.md`]), note);
  });
}

test('rules the agent does not take stop the spec in its plan', async (t) => {
  const repository = makeRepository(t, {
    'notes/hello.md': '# Hello\n',
    'specs/tidy.json': spec({ statuses: ['draft'] }),
  });
  const house = houseIn(t, repository);
  await passExams(repository.folder, house.state, ['docops']);
  const { outcome, reason } = (await house.night()).spec('tidy');
  t.is(outcome, 'red-bin');
  t.regex(reason, /statuses/);
});
