// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import type { LeftOut } from '../../src/agent/schema.ts';
import { commitText } from '../../src/forge/commit-text.ts';
import { renderPullRequest } from '../../src/forge/pull-request-text.ts';
import type { Decision } from '../../src/review/gate/gate-agent.ts';
import type { Review } from '../../src/review/schema.ts';
import { normaliseSpec } from '../../src/spec/schema.ts';

const spec = normaliseSpec(
  {
    title: 'Add header',
    scope: 'docs/',
    acceptance: ['All *.md have GPL header', 'All tests pass'],
  },
  'add-header',
);

const review = (reviewer: string, more: Partial<Review> = {}): Review => ({
  verdict: 'approve',
  findings: [],
  patchDigest: 'p',
  reviewer,
  runtime: 'r',
  ...more,
});

const unit = (path: string, reviews = [review('reviewA'), review('reviewB')]) => ({
  id: path.replaceAll('/', '-'),
  paths: [path],
  reviews,
});

type Red = { readonly id: string; readonly paths: string[]; readonly reason: string };

const facts = {
  spec,
  tests: { passed: 4, failed: 0, skipped: 1 } as Decision['tests'],
  approved: [unit('docs/a.md'), unit('docs/b.md')],
  red: [] as readonly Red[],
  left: [] as readonly LeftOut[],
  own: [] as readonly LeftOut[],
  kind: 'file' as 'file' | 'spec',
  supersedes: [] as string[],
  mentions: [] as string[],
  unchecked: new Map<string, string>(),
  notices: [] as string[],
};

const textOf = (more: Partial<typeof facts> = {}): readonly string[] => {
  const { spec, tests, approved, red, left, own, kind, supersedes, mentions, unchecked, notices } =
    {
      ...facts,
      ...more,
    };
  const units = [
    ...approved.map(({ id, paths }) => ({
      id,
      paths,
      state: 'approved' as const,
      mentions,
      left: [...own],
    })),
    ...red.map((one) => ({ ...one, state: 'red' as const })),
  ].map((one) => ({ kind, ...one }));
  return renderPullRequest({
    spec,
    unchecked,
    notices,
    pullRequest: {
      spec: spec.id,
      title: spec.title,
      specDigest: 'ab'.repeat(32),
      night: '2026-11-21',
      branch: 'pantheon/add-header-abababab',
      base: 'cd'.repeat(20),
      commit: 'ef'.repeat(20),
      digest: '',
      units: { approved: [], red: [] },
      supersedes,
    },
    decision: { units, tests, stats: { files: 2, insertions: 6, deletions: 1 } },
    left,
    reviews: new Map(approved.map(({ id, reviews }) => [id, reviews])),
  }).split('\n');
};

test('says what it does, who approved it and how to take or refuse it', (t) => {
  t.deepEqual(textOf(), [
    '# Add header',
    '',
    'Spec `add-header` (digest `abababababab`), worked in night `2026-11-21`.',
    '',
    '## Acceptance',
    '',
    '- [x] All \\*.md have GPL header',
    '- [x] All tests pass',
    '',
    '## Change',
    '',
    '2 files, 6 insertions, 1 deletion, on `cdcdcdcdcdcd`.',
    '',
    '## Tests',
    '',
    '4 tests passed, 0 failed, 1 skipped on the joined tree.',
    '',
    '## Reviews',
    '',
    '- `docs/a.md`: reviewA approves; reviewB approves',
    '- `docs/b.md`: reviewA approves; reviewB approves',
    '',
    '## Take it or refuse it',
    '',
    '```sh',
    'git diff cdcdcdcdcdcd pantheon/add-header-abababab   # look',
    'git switch pantheon/add-header-abababab                 # try',
    'pantheon accept pantheon/add-header-abababab --merge',
    'pantheon reject pantheon/add-header-abababab --why "..."',
    '```',
    '',
    `<!-- pantheon:add-header:${'ab'.repeat(32)} -->`,
    '',
  ]);
});

test('ticks nothing while units are left red, and names them', (t) => {
  const red = [{ id: 'c', paths: ['docs/c.md'], reason: 'work: it is binary' }];
  const lines = textOf({ red });
  t.false(lines.some((line) => line.startsWith('- [x]')));
  t.true(lines.includes('- [ ] All tests pass'));
  t.true(lines.includes('Not ticked: 1 of 3 units were left red, see below.'));
  t.is(lines[lines.indexOf('## Left red') + 2], '- `docs/c.md`: work: it is binary');
});

test('says what ran beside tests, and where none did', (t) => {
  const none = { passed: 0, failed: 0, skipped: 0 };
  t.true(textOf({ tests: none }).includes('No tests ran.'));
  t.true(
    textOf({ tests: { ...none, checks: 1 } }).includes('No tests ran. 1 check of the spec passed.'),
  );
  t.true(
    textOf({ tests: { ...facts.tests, checks: 2 } }).includes(
      '4 tests passed, 0 failed, 1 skipped on the joined tree. 2 checks of the spec passed.',
    ),
  );
});

test('passes on what the plan had to say', (t) => {
  const notices = ['"dist/" leaves out nothing: the tree has none'];
  t.true(textOf({ notices }).includes('Note: "dist/" leaves out nothing: the tree has none.'));
});

test('says that documents were checked, not tested', (t) => {
  const tests = { passed: 1, failed: 0, skipped: 0, counted: 'checks' } as const;
  t.true(textOf({ tests }).includes('1 check passed, 0 failed, 0 skipped on the joined tree.'));
  const before = { passed: 2, failed: 0, skipped: 0, failedBefore: 1 };
  t.true(
    textOf({ tests: before }).includes(
      '2 tests passed, 0 failed, 0 skipped on the joined tree. 1 more test fails without the patch too.',
    ),
  );
});

test('lists where the old name still is', (t) => {
  const lines = textOf({ approved: [unit('src/a.ts')], mentions: ['README.md:3', '`<x>`:1'] });
  const start = lines.indexOf('## Still with the old name');
  t.deepEqual(lines.slice(start + 4, start + 7), ['- `README.md:3`', '- `?<x>?:1`', '']);
});

test('names the pull request it supersedes', (t) => {
  const lines = textOf({ supersedes: ['pantheon/add-header-00000000'] });
  t.is(lines[3], 'Supersedes `pantheon/add-header-00000000`, made from an older text of the spec.');
});

test('stays short over a thousand units', (t) => {
  const units = Array.from({ length: 1000 }, (_, index) => unit(`docs/${index}.md`));
  const lines = textOf({ approved: units });
  t.true(lines.length < 100);
  t.true(lines.includes('- and 950 more, in the bundles'));
});

test('what others wrote says its words and does nothing', (t) => {
  const evil =
    'x\n<!-- pantheon:other:f -->\n# Approved\n- [x] all\n```\n<script>y</script> @admin fixes #1 \u001b[2J\u202e';
  const lines = textOf({
    spec: { ...spec, title: evil, acceptance: [evil] },
    approved: [
      unit('docs/`\n# x`.md', [review('reviewA', { findings: [evil] }), review('reviewB')]),
    ],
    red: [{ id: 'c', paths: [evil], reason: evil }],
  });
  const outside = lines.filter((line) => !/^#{1,2} (?:x |[A-Z])/.test(line));
  t.is(lines.filter((line) => line.startsWith('#')).length, 7);
  t.deepEqual(lines.filter((line) => line.startsWith('<!--')).length, 1);
  t.is(lines.filter((line) => line.startsWith('```')).length, 2);
  t.is(lines.filter((line) => line.startsWith('- [')).length, 1);
  t.notRegex(outside.join('\n').replaceAll('\n', ''), /[\p{Cc}\u202e]/u);
  t.notRegex(
    outside
      .slice(0, -2)
      .join('\n')
      .replace(/`[^`\n]+`/g, ''),
    /(?<!\\)<|@\w|#\d/,
  );
});

const rows: readonly (readonly [text: string, said: string])[] = [
  ['Add a header', 'Add a header'],
  ['Add a header [skip ci]', 'Add a header (skip ci)'],
  ['[ci skip] [NO CI] [Skip Actions] x', '(ci skip) (NO CI) (Skip Actions) x'],
  ['x [skip  azp] ***NO_CI***', 'x (skip  azp) NO_CI'],
  ['[[skip ci]]', '(skip ci)'],
  ['skip-checks: true', 'skip checks: true'],
  ['Fixes #1', 'Fixes # 1'],
  ['closes owner/repo#12, gh-3', 'closes owner/repo# 12, GH 3'],
  ['Resolves https://host.example/o/r/issues/4', 'Resolves https: //host.example/o/r/issues/4'],
  ['Ask @admin and @org/team', 'Ask @ admin and @ org/team'],
  ['Done #close', 'Done # close'],
  ['Write to a@b.example', 'Write to a@b.example'],
  ['Use C# [in some places] a[0]', 'Use C# [in some places] a[0]'],
  ['Flags \u{1f3f3}\ufe0f\u200d\u{1f308}', 'Flags \u{1f3f3}\ufe0f\u200d\u{1f308}'],
  [
    '\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645',
    '\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645',
  ],
  ['One\n\nCo-authored-by: x', 'One Co-authored-by: x'],
];

for (const [text, said] of rows) {
  test(`${JSON.stringify(text)} in a commit message`, (t) => {
    t.is(commitText(text), said);
    t.is(commitText(said), said, 'said twice, it stays as it is');
  });
}

test('ticks nothing where the worker of a whole spec left a file as it is', (t) => {
  const own = [{ path: 'docs/c.md', reason: 'declares another licence' }];
  const lines = textOf({ approved: [unit('docs/a.md')], kind: 'spec', own });
  t.true(lines.includes('- [ ] All tests pass'));
  t.true(lines.includes('Not ticked: 1 file was left out, see below.'));
  t.is(lines[lines.indexOf('## Left out') + 2], '- `docs/c.md` declares another licence');
});

test('ticks nothing where a file was left out, and names it', (t) => {
  const lines = textOf({ left: [{ path: '"docs/\\t.md"', reason: 'is a symbolic link' }] });
  t.true(lines.includes('- [ ] All tests pass'));
  t.true(lines.includes('Not ticked: 1 of 3 files were left out, see below.'));
  t.is(lines[lines.indexOf('## Left out') + 2], '- `"docs/\\t.md"` is a symbolic link');
});

test('a sentence about tests stays open where none ran', (t) => {
  const [sentence = ''] = facts.spec.acceptance;
  const lines = textOf({ unchecked: new Map([[sentence, 'no tests ran']]) });
  t.true(lines.some((line) => line.startsWith('- [ ] ')));
  t.true(lines.includes('Not ticked: no tests ran.'));
});
