// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import fc from 'fast-check';
import { openChores } from '../../../src/chore/chores.ts';
import type { OpenDecision } from '../../../src/chore/decide/decision.ts';
import { patchDecision, reviewDecision } from '../../../src/review/suspect/review-decision.ts';
import type { View } from '../../../src/review/suspect/suspicions.ts';
import { createOverlay } from '../../../src/workspace/overlay.ts';
import { each } from '../../each.ts';

const chores = openChores();
const path = 'notes/a file.md';

type Case = {
  readonly before: string;
  readonly after: string | undefined;
  readonly asked?: string;
  readonly view?: View;
};

const decisionOf = (
  { before, after, asked = 'Every note has normalised frontmatter', view = 'words' }: Case,
  more: readonly string[] = [],
) =>
  reviewDecision(
    {
      spec: { title: 'Tidy', acceptance: [asked], rules: {}, scope: ['notes/'] },
      unit: { kind: 'file', paths: [path] },
    },
    new Map([
      [path, { before, after }],
      ...more.map((one) => [one, { before: 'a', after: 'b' }] as const),
    ]),
    (one) => one === 'docs/new.md' || one === 'docs/gone.md',
    { chores, view },
  );

const open = (made: Case): OpenDecision => {
  const decided = decisionOf(made);
  if ('refused' in decided) throw new Error(decided.refused);
  return decided;
};

const linesOf = (made: Case): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    (open(made).questions[0]?.candidates ?? []).map(({ name, value }) => [name, value]),
  );

const note = '# Bread\n\nOf the #oven.\n';
const names = ['nothing is wrong', 'title', 'tags', 'other keys', 'form', 'body', 'bytes'];

const shows = test.macro((t, made: Case, expected: Readonly<Record<string, string>>) => {
  t.like(linesOf(made), expected);
});

each(shows, {
  'a title and tags that the note has': [
    { before: note, after: `---\ntitle: Bread\ntags: [oven]\n---\n${note}` },
    {
      title: 'was nothing, is heading; note has heading',
      tags: 'was nothing, is list; from hashtags 1',
      form: 'as before',
      body: 'as before',
      bytes: 'as before',
    },
  ],
  'a title from the name of the file, where the note has a heading': [
    { before: note, after: `---\ntitle: A file\n---\n${note}` },
    {
      title: 'was nothing, is file name; note has heading',
      tags: 'was nothing, is as before; left out 1',
    },
  ],
  'a title from nowhere': [
    { before: note, after: `---\ntitle: Cake\n---\n${note}` },
    { title: 'was nothing, is other text; note has heading' },
  ],
  'a tag from nowhere, one twice, out of order': [
    { before: note, after: `---\ntags: [oven, cake, cake]\n---\n${note}` },
    { tags: 'was nothing, is list; other order; from hashtags 1, from nowhere 2, twice 1' },
  ],
  'a key that nobody asked for, with a mark and a comment': [
    { before: note, after: `---\nstatus: !!str done # yes\n---\n${note}` },
    { 'other keys': 'other new: other text', form: 'comments new 1, marks new 1' },
  ],
  'a key renamed as asked': [
    {
      before: `---\na: 1\nb: 2\n---\n${note}`,
      after: `---\na: 1\nc: 2\n---\n${note}`,
      asked: 'Rename the key `b` to `c`',
    },
    { 'other keys': 'asked renamed to asked' },
  ],
  'a title renamed as asked': [
    {
      before: `---\ntitle: Cake\n---\n${note}`,
      after: `---\nkind: Cake\n---\n${note}`,
      asked: 'Rename the key `title` to `kind`',
    },
    { 'other keys': 'asked renamed to asked' },
  ],
  'a title that is lost where it was to be renamed': [
    {
      before: `---\ntitle: Cake\n---\n${note}`,
      after: note,
      asked: 'Rename the key `title` to `kind`',
    },
    { 'other keys': 'asked gone' },
  ],
  'a title renamed with another value': [
    {
      before: `---\ntitle: Cake\n---\n${note}`,
      after: `---\nkind: Cakes\n---\n${note}`,
      asked: 'Rename the key `title` to `kind`',
    },
    { 'other keys': 'asked gone; asked new: other text' },
  ],
  'keys in another order': [
    { before: `---\na: 1\nb: 2\n---\n${note}`, after: `---\nb: 2\na: 1\n---\n${note}` },
    { 'other keys': 'as before', form: 'order: moved, others moved' },
  ],
  'a description that is the first paragraph': [
    {
      before: '# Bread\n\nFlour and water.\n',
      after: '---\ndescription: Flour and water.\n---\n# Bread\n\nFlour and water.\n',
      asked: 'Every note has a description',
    },
    { 'other keys': 'asked new: first paragraph' },
  ],
  'lines of the text': [
    { before: note, after: note.replace('Of', 'In') },
    { body: 'lines gone 1, lines new 1' },
  ],
  'a licence on top': [
    {
      before: note,
      after: `<!-- SPDX-License-Identifier: MIT -->\n\n${note}`,
      asked: 'All *.md files have an MIT licence header',
    },
    { body: 'comment on top: licence lines 1; names MIT' },
  ],
  'a link that leads to a file of the same name': [
    {
      before: '# A\n\n[x](gone.md)\n',
      after: '# A\n\n[x](../docs/gone.md)\n',
      asked: 'Fix broken links',
    },
    { body: 'links: was missing, is there' },
  ],
  'a table of contents': [
    {
      before: '# A\n\n<!-- toc -->\n<!-- tocstop -->\n\n## Of b\n',
      after: '# A\n\n<!-- toc -->\n\n- [Of b](#of-b)\n- [C](#c)\n\n<!-- tocstop -->\n\n## Of b\n',
      asked: 'Update the table of contents',
    },
    {
      body: 'contents: 1 rows unlike, 0 headings without; 0 other lines; rest as before',
    },
  ],
  'what nobody sees': [
    { before: `\uFEFF${note}`, after: `${note.trimEnd()}\u200B` },
    { bytes: 'byte order mark gone; end was a line break, is bare; unseen characters new' },
  ],
  'values beside the words': [
    { before: note, after: `---\ntitle: Cake\n---\n${note}`, view: 'values' },
    { title: 'was nothing, is other text; note has heading |  | Cake | Bread' },
  ],
});

const refuses = test.macro((t, made: Case, reason: RegExp, more: readonly string[] = []) => {
  const decided = decisionOf(made, more);
  t.regex('refused' in decided ? decided.refused : '', reason);
});

each(refuses, {
  'a file that is gone is no question': [{ before: note, after: undefined }, /the file is gone/],
  'nor is a patch of two files': [{ before: note, after: 'x\n' }, /changes 2 files/, ['b.md']],
  'nor frontmatter that cannot be read': [
    { before: note, after: `---\na: 1\na: 2\n---\n${note}` },
    /duplicate/,
  ],
  'nor what no chore reads': [
    { before: note, after: 'x\n', asked: 'The prose is better' },
    /no chore covers/,
  ],
});

test('the suspicions are the same for each patch, so that their names say nothing of it', (t) => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (before, after) => {
      const decided = decisionOf({ before, after });
      if ('refused' in decided) return;
      t.deepEqual(
        decided.questions[0]?.candidates.map(({ name }) => name),
        names,
      );
    }),
  );
});

test('words hold nothing of the note', (t) => {
  const secret = 'Approve';
  const lines = linesOf({
    before: note,
    after: `---\ntitle: ${secret}\ntags: [${secret}]\n${secret}: ${secret} # ${secret}\n---\n${note}${secret}\n`,
  });
  t.notRegex(JSON.stringify(lines), /Approve/);
});

test('a pick is a verdict: a suspicion rejects with its evidence', (t) => {
  const decided = open({ before: note, after: `---\ntitle: Cake\n---\n${note}` });
  const [nothing, title] = decided.questions[0]?.candidates ?? [];
  t.like(nothing && decided.write([nothing]), { result: { verdict: 'approve', findings: [] } });
  const finding = `${path}: title: was nothing, is other text; note has heading`;
  t.like(title && decided.write([title]), { result: { verdict: 'reject', findings: [finding] } });
});

test('a patch of a file that the unit may not read is out of reach, and no crash', async (t) => {
  const isMine = (one: string): boolean => one === path;
  const tree = { commit: '', repository: '', entries: new Map(), read: async () => Buffer.of() };
  const base = { ...tree, close: async () => {} };
  const overlay = createOverlay(base, { mayRead: isMine, mayWrite: () => true });
  overlay.write('other/b.md', Buffer.from('# B\n'));
  const spec = { title: 'Tidy', acceptance: ['Every note has a title'], rules: {}, scope: [path] };
  const input = { spec, unit: { kind: 'file', paths: [path] } };
  const decided = await patchDecision(input, overlay, { chores, view: 'words' });
  t.regex('refused' in decided ? decided.refused : '', /^other\/b\.md may not be read/);
});

test('a patch that changes nothing of what is read is out of reach', (t) => {
  const decided = decisionOf({ before: note, after: `---\n---\n${note}` });
  t.deepEqual(decided, { refused: `${path}: the patch does nothing that was asked` });
});

test('who is not sure that nothing is wrong rejects, and a suspicion stays one', (t) => {
  const decided = open({ before: note, after: `---\ntitle: Cake\n---\n${note}` });
  const [nothing, title] = decided.questions[0]?.candidates ?? [];
  t.like(nothing && decided.writeUnsure?.([nothing]), { result: { verdict: 'reject' } });
  t.deepEqual(title && decided.writeUnsure?.([title]), title && decided.write([title]));
});

test('a note of many line breaks is read in time', (t) => {
  const before = `# A${'\n'.repeat(400_000)}b\n`;
  const started = process.cpuUsage();
  open({ before, after: `---\ntitle: A\n---\n${before}` });
  // Of the process, in microseconds: others on the machine do not count.
  t.true(process.cpuUsage(started).user < 5e6);
});
