// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import type { Fact } from '../../../src/boundary/rules/facts.ts';
import { type DecidedPatch, learnRules } from '../../../src/boundary/rules/learn.ts';

type Change = readonly [path: string, how?: string, agent?: string];

const patch = (
  decision: DecidedPatch['decision'],
  branch: string,
  changes: readonly Change[],
): DecidedPatch => ({
  branch,
  decision,
  facts: changes.flatMap(([path, how = 'changed', agent = 'worker']): readonly Fact[] => [
    ['agent', agent],
    ['kind', path, path.endsWith('.md') ? 'docs' : 'code'],
    ['change', path, how, 10],
  ]),
});

const all = (
  rejected: readonly (readonly Change[])[],
  accepted: readonly (readonly Change[])[],
) => [
  ...rejected.map((changes, index) => patch('reject', `no-${index}`, changes)),
  ...accepted.map((changes, index) => patch('accept', `yes-${index}`, changes)),
];

const notes: readonly (readonly Change[])[] = [[['docs/a.md']], [['docs/b.md']], [['src/c.ts']]];

/** Rejected, accepted, and what is made of them: conditions, or nothing. */
const tables: Readonly<
  Record<
    string,
    readonly [
      rejected: readonly (readonly Change[])[],
      accepted: readonly (readonly Change[])[],
      bodies: readonly string[],
    ]
  >
> = {
  'a folder': [
    [[['db/old/1.ts']], [['db/old/2.ts']], [['db/old/3.ts'], ['src/d.ts']]],
    notes,
    ['change(Path, _, _), starts_with(Path, "db/old/")'],
  ],
  'an ending': [
    [[['a/1.sql']], [['b/2.sql']], [['3.sql']]],
    notes,
    ['change(Path, _, _), ends_with(Path, ".sql")'],
  ],
  'a name, whatever its case': [
    [[['a/Index.md']], [['b/index.md']], [['c/INDEX.md']]],
    notes,
    ['change(Path, _, _), name_of(Path, "index.md")'],
  ],
  'how a file changes': [
    [[['docs/x.md', 'removed']], [['src/y.ts', 'removed']], [['z.ts', 'removed']]],
    notes,
    ['change(Path, "removed", _)'],
  ],
  'two conditions where one is not enough': [
    [[['docs/x.md', 'added']], [['docs/y.md', 'added']], [['docs/z.md', 'added']]],
    [...notes, [['src/new.ts', 'added']]],
    ['change(Path, "added", _), starts_with(Path, "docs/")'],
  ],
  'who wrote it, with where': [
    [
      [['src/x.ts', 'changed', 'writer']],
      [['src/y.ts', 'changed', 'writer']],
      [['src/z.ts', 'changed', 'writer']],
    ],
    [...notes, [['docs/x.md', 'changed', 'writer']]],
    ['change(Path, _, _), starts_with(Path, "src/"), agent("writer")'],
  ],
  'two rules where one does not cover all': [
    [[['a/1.ts']], [['a/2.ts']], [['a/3.ts']], [['1.sql']], [['2.sql']], [['3.sql']], [['4.sql']]],
    notes,
    ['change(Path, _, _), ends_with(Path, ".sql")', 'change(Path, _, _), starts_with(Path, "a/")'],
  ],
  'too few': [[[['a/1.ts']], [['a/2.ts']]], notes, []],
  'files of one pull request, which count once': [
    [[['a/1.ts'], ['a/2.ts'], ['a/3.ts']]],
    notes,
    [],
  ],
  'what was accepted as well': [[[['docs/1.md']], [['docs/2.md']], [['docs/3.md']]], notes, []],
  'nothing accepted to hold it against': [
    [[['a/1.ts']], [['a/2.ts']], [['a/3.ts']]],
    [[['docs/a.md']], [['docs/b.md']]],
    [],
  ],
  'an agent alone, which is no rule': [
    [
      [['docs/1.md', 'changed', 'writer']],
      [['src/2.ts', 'changed', 'writer']],
      [['3.md', 'changed', 'writer']],
    ],
    notes,
    [],
  ],
  'a name that a text could end with': [
    [[['a"), b/1.ts']], [['a"), b/2.ts']], [['a"), b/3.ts']]],
    [...notes, [['x.ts']]],
    [],
  ],
};

for (const [what, [rejected, accepted, bodies]] of Object.entries(tables)) {
  test(`learnt from people: ${what}`, (t) => {
    const rules = learnRules(all(rejected, accepted), 3);
    t.deepEqual(
      rules.map(({ text }) => / :-\n {4}(.*)\.\n$/.exec(text)?.[1]),
      bodies,
    );
  });
}

test('a learnt rule says how many it is made from, to the model too', (t) => {
  const [rule] = learnRules(all(tables['a folder']?.[0] ?? [], notes), 3);
  t.like(rule, { id: 'rejected_db_old', rejected: ['no-0', 'no-1', 'no-2'], accepted: 3 });
  t.is(
    rule?.text,
    `% Rejected: no-0, no-1, no-2.
forbid(rejected_db_old, [Path, " (in db/old/): people rejected 3 pull requests with such a change and accepted none of 3. Leave it alone."]) :-
    change(Path, _, _), starts_with(Path, "db/old/").
`,
  );
});
