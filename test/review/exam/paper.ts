// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import test from 'ava';
import { openChores } from '../../../src/chore/chores.ts';
import { readAsked } from '../../../src/chore/read-asked.ts';
import { sandboxSchema } from '../../../src/config/schema.ts';
import { openHands } from '../../../src/night/hand/hands.ts';
import { composeExam, isShownWay } from '../../../src/review/exam/compose-exam.ts';
import { inventNote, outsidePath } from '../../../src/review/exam/docs/exam-notes.ts';
import { spoilNote } from '../../../src/review/exam/docs/spoil-notes.ts';
import { type ExamCase, prepareCase } from '../../../src/review/exam/exam-case.ts';
import type { NightLooks } from '../../../src/review/exam/night-looks.ts';
import { seededRandom } from '../../../src/review/exam/seeded-random.ts';
import type { ExamKind } from '../../../src/review/schema.ts';
import { normaliseSpec } from '../../../src/spec/schema.ts';
import { emptyTree } from '../ask-reviewer.ts';

const chores = openChores();

const specOf = (id: string, title: string, scope: string, acceptance: string) =>
  normaliseSpec({ title, scope, acceptance: [acceptance] }, id);

const queue = [
  specOf('issue-7', 'Add header', 'handbook/', 'All *.md have GPL header'),
  specOf(
    'exports',
    'Export nextDay, with a test',
    'tools/rota/src/index.ts',
    '`nextDay` is exported from `tools/rota/src/index.ts`',
  ),
];
const looks: Readonly<Record<ExamKind, NightLooks>> = {
  docs: { queue, worker: 'doc.frontmatter', unit: 'file' },
  code: { queue, worker: 'codegen.qwen8b', unit: 'spec' },
};

const paper = (
  kind: ExamKind,
  seed: number,
  patches = 60,
  shown = false,
): Promise<readonly ExamCase[]> =>
  composeExam({ kind, seed, chores, looks: looks[kind], shown, good: patches, bad: patches });

for (const kind of ['docs', 'code'] as const) {
  test(`nothing in a ${kind} paper says that it is one`, async (t) => {
    const cases = await paper(kind, 3);
    for (const examCase of cases) {
      const { spec, unit } = examCase;
      const { work, test: tested } = await prepareCase(examCase, emptyTree);
      const shown = JSON.stringify({ spec, unit, work, tested });
      t.notRegex(shown, /exam(?!ple)|good|seed/i, examCase.way);
    }
    const different = (of: (examCase: ExamCase) => string) => new Set(cases.map(of)).size;
    t.true(different(({ spec }) => spec.title) > 20);
    t.true(different(({ spec }) => spec.id) > 20);
    t.true(different(({ unit }) => unit.id) > (kind === 'docs' ? 60 : 20));
    t.true(different(({ said = {} }) => JSON.stringify(said)) > 30);
  });

  test(`the title of a ${kind} case asks for nothing beside its sentences`, async (t) => {
    for (const { spec } of await paper(kind, 4)) {
      t.deepEqual(readAsked(spec, chores), readAsked({ ...spec, title: '' }, chores), spec.title);
      t.deepEqual(readAsked(spec, chores).unread, []);
    }
  });

  test(`half of the ways to spoil a ${kind} patch are never shown, whatever the seed`, async (t) => {
    const seeds = [1, 2, 3];
    const waysOf = async (shown: boolean) => {
      const papers = await Promise.all(seeds.map((seed) => paper(kind, seed, 200, shown)));
      return papers.map((cases) =>
        cases.filter(({ truth }) => truth === 'bad').map(({ way }) => way),
      );
    };
    const [whole, shown] = await Promise.all([waysOf(false), waysOf(true)]);
    t.true(shown.flat().every(isShownWay), 'a way of the other half');
    const all = [...new Set([...whole, ...shown].flat())];
    const seen = new Set(all.filter(isShownWay));
    const kept = new Set(all.filter((way) => !seen.has(way)));
    // A rare one may be missed by chance.
    const often = Map.groupBy(whole.flat(), (way) => way);
    const drawn = new Set(shown.flat());
    const missed = [...seen].filter((way) => !drawn.has(way) && (often.get(way)?.length ?? 0) > 5);
    t.deepEqual(missed, [], 'ways that are never drawn');
    const share = kept.size / (kept.size + seen.size);
    t.true(share > 0.4 && share < 0.6, `${kept.size} of ${kept.size + seen.size} are kept`);
    // What a night asks before it works is from both halves.
    for (const ways of whole) {
      const unseen = ways.filter((way) => kept.has(way)).length;
      t.true(unseen > 60 && unseen < 140, `${unseen} of ${ways.length}`);
    }
    for (const ways of sorts(kind, [...seen, ...kept])) {
      t.true(ways.some((way) => seen.has(way)) && ways.some((way) => kept.has(way)), ways.join());
    }
  });
}

/** Ways that are of a sort: those of each chore, and the sorts of mistakes that spoil any patch. */
const sorts = (kind: ExamKind, ways: readonly string[]): readonly (readonly string[])[] => [
  ...Map.groupBy(
    ways.filter((way) => way.includes(' ')),
    (way) => way.split(' ')[0],
  ).values(),
  ...{
    docs: [
      ['drop-line', 'repeat-line', 'swap-lines', 'add-line'],
      ['change-word', 'change-number', 'hidden-character', 'trim-space'],
      ['lose-key', 'change-value', 'add-key', 'unclosed-frontmatter'],
      ['out-of-scope', 'removed-file'],
    ],
    code: [
      ['drop-line', 'repeat-line', 'add-line'],
      ['change-number', 'change-operator', 'change-boolean', 'change-text'],
      ['add-comment', 'hidden-character', 'change-comment'],
      ['drop-assertion', 'weaken-assertion', 'skip-test', 'remove-test-file'],
      ['out-of-scope', 'new-file'],
    ],
  }[kind],
];

test('cases stand in the folders of the queue, and some have its names', async (t) => {
  const cases = [...(await paper('docs', 5)), ...(await paper('code', 5))];
  const has = (of: (examCase: ExamCase) => boolean) => t.true(cases.some(of));
  has(({ spec }) => spec.scope.includes('handbook/**'));
  has(({ spec }) => spec.scope.includes('tools/rota/src/**'));
  has(({ spec }) => spec.id === 'issue-7' && spec.title === 'Add header');
  t.false(
    cases.some(({ spec }) => spec.title.includes('nextDay')),
    'it asks for something else',
  );
});

test('no package is invented in a folder of tests, where nothing could be renamed', async (t) => {
  const folders = ['lib/tests/', 'test/internals/', 'packages/a/__tests__/', 'src/core/'];
  const specs = folders.map((folder) =>
    specOf('tests', 'Tests', `${folder}a.ts`, '`a` has a doc comment'),
  );
  const cases = await composeExam({
    kind: 'code',
    seed: 9,
    chores,
    looks: { ...looks.code, queue: specs },
  });
  const modules = cases
    .flatMap(({ base }) => [...base.keys()])
    .filter((path) => /\/src\//.test(path));
  t.true(modules.some((path) => path.startsWith('src/core/src/')));
  t.deepEqual(
    modules.filter((path) => /tests?(?:__)?\//.test(path)),
    [],
  );
});

test('some are asked for in the exact form', async (t) => {
  const exact = (await paper('code', 6)).filter(({ spec }) =>
    /^[a-z-]+: \{/.test(spec.acceptance[0] ?? ''),
  );
  t.true(exact.length > 10 && exact.length < 60, `${exact.length}`);
});

test('a chore of the repository brings its own patches', async (t) => {
  const folder = join(import.meta.dirname, '../../../docs/examples/chore');
  const hands = openHands({ chores: [folder], tools: [], sandbox: sandboxSchema.parse({}) });
  t.teardown(hands.close);
  const withOwn = openChores([folder], hands.chores);
  const text = Array.from({ length: 8 }, (_, at) => `export const n${at} = ${at};\n`).join('');
  const cases = await composeExam({
    kind: 'code',
    seed: 7,
    chores: withOwn,
    sources: [{ path: 'src/numbers.ts', text }],
  });
  const ways = cases.map(({ way }) => way);
  t.true(ways.includes('todo-owner'));
  t.true(ways.some((way) => way.startsWith('todo-owner ')));
});

test('a note is left alone beside a file that may be there in other letters', (t) => {
  const random = seededRandom(1);
  const note = inventNote(random);
  const edits = new Map([[note.path, 'new']]);
  const outside = (base: ExamCase['base']) =>
    spoilNote(note, { base, edits }, 'out-of-scope', random);
  t.is(outside(new Map([[note.path, 'old']])), undefined);
  t.true(outside(new Map([[outsidePath, 'old']]))?.has(outsidePath));
});
