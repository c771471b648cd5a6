// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import ts from 'typescript';
import { nodesOf, readSources } from '../../bench/house/source.ts';
import type { Finding } from '../../src/data/findings/finding.ts';
import {
  findingCodeSchema,
  findingCodes,
  findingOf,
  groupOf,
} from '../../src/data/findings/table.ts';
import { pages, root } from '../docs/pages.ts';

/**
 * Every code that a version ever wrote: a line may be added here and never taken away, since files of
 * that version are read for years. A code that nothing writes any more must stay explained.
 */
const everWritten: readonly string[] = [
  'agent.declined',
  'agent.defect',
  'agent.timeout',
  'engine.busy',
  'engine.failed',
  'engine.timeout',
  'engine.unusable',
  'file.unreadable',
  'flow.condition',
  'gate.denied',
  'gate.digest',
  'gate.exam',
  'gate.independence',
  'gate.joined-tests',
  'gate.joint-errors',
  'gate.kappa',
  'gate.limits',
  'gate.no-hidden-patch',
  'gate.overlap',
  'gate.patch',
  'gate.protected',
  'gate.rejected',
  'gate.reviews',
  'gate.scope',
  'gate.secret',
  'gate.tests',
  'gate.unchanged',
  'gate.unexamined',
  'intake.invalid',
  'intake.not-approved',
  'intake.not-recorded',
  'job.artifact-refused',
  'job.bad-bundle',
  'job.broke-off',
  'job.no-artifact',
  'job.no-bundle',
  'loop.context',
  'loop.denied',
  'loop.repeat',
  'loop.schema',
  'loop.steps',
  'loop.tokens',
  'loop.tool-args',
  'loop.tool-result',
  'loop.unknown-tool',
  'plan.ambiguous',
  'plan.bad-arguments',
  'plan.bad-chore',
  'plan.bad-rules',
  'plan.bad-scope',
  'plan.chore-refused',
  'plan.chores-meet',
  'plan.limits',
  'plan.no-chore',
  'plan.no-file',
  'plan.no-program',
  'plan.no-such-name',
  'plan.no-worker',
  'plan.not-judged',
  'plan.protected',
  'plan.refused',
  'plan.wrong-flow',
  'plan.wrong-kind',
  'promote.better',
  'promote.broken-pairs',
  'promote.few-differences',
  'promote.few-pairs',
  'promote.guard-worse',
  'promote.looks-spent',
  'promote.no-difference',
  'promote.small-effect',
  'promote.undecided',
  'promote.worse',
  'publish.refused',
  'publish.tampered',
  'publish.waiting',
  'queue.accepted',
  'queue.branch-taken',
  'queue.closed',
  'queue.conflict',
  'queue.depends',
  'queue.ended-before',
  'queue.given-up',
  'queue.merged',
  'queue.no-room',
  'queue.open',
  'queue.red-before',
  'rules.denied',
  'sandbox.failed',
  'secret.in-file',
  'secret.in-patch',
  'test.bad-document',
  'test.broken-link',
  'test.check-failed',
  'test.dependencies',
  'test.failed',
  'test.lost-import',
  'test.no-program',
  'test.removed',
];

test('no code is ever taken away or used again, and a new one is written down here', (t) => {
  t.deepEqual([...findingCodes].sort(), [...everWritten]);
});

test('every code is made somewhere, and none only in the table', (t) => {
  const isTable = /^src\/data\/findings\/(?!failures\.ts)/;
  const sources = readSources(root, ['src', 'actions']).filter(({ path }) => !isTable.test(path));
  const texts = new Set(
    sources.flatMap(({ tree }) =>
      nodesOf(tree, ts.isStringLiteralLike)
        .filter(({ parent }) => !ts.isTypeNode(parent))
        .map(({ text }) => text),
    ),
  );
  t.deepEqual(
    findingCodes.filter((code) => !texts.has(code)),
    [],
  );
});

for (const code of findingCodes) {
  test(`${code} is explained in whole sentences`, (t) => {
    const { title, cause, fix, look = '' } = findingOf(code) as Finding;
    t.regex(title, /^["A-Z].*[^.]$/);
    for (const text of [cause, fix, look]) t.regex(text, /^["\w].*\.$/);
    t.truthy(groupOf(code).title);
    t.is(findingCodeSchema.parse(code), code);
  });
}

test('no two codes say the same', (t) => {
  const said = findingCodes.map((code) => `${groupOf(code).name} ${findingOf(code)?.title}`);
  t.is(new Set(said).size, said.length);
});

const texts: Readonly<Record<string, boolean>> = {
  // A version before there was this table.
  declined: true,
  'unknown-tool': true,
  // A later version.
  'gate.something-new': true,
  '': false,
  'gate.': false,
  'Gate.Rejected': false,
  '<script>': false,
  'gate.rejected\n': false,
  '../../etc': false,
  [`gate.${'x'.repeat(100)}`]: false,
};

for (const [text, isRead] of Object.entries(texts)) {
  test(`in a file ${JSON.stringify(text.slice(0, 20))} is ${isRead ? 'read' : 'refused'}`, (t) => {
    t.is(findingCodeSchema.safeParse(text).success, isRead);
  });
}

test('what an object has of itself is not a code', (t) => {
  t.is(findingOf('constructor'), undefined);
  t.is(findingOf('gate.something-new'), undefined);
});

test('files and pages that a code sends a person to are there', (t) => {
  const paths = new Set(pages().map(({ path }) => path));
  const named = findingCodes.flatMap((code) => {
    const { fix, look = '' } = findingOf(code) as Finding;
    return `${fix} ${look}`.match(/docs\/[\w/-]+\.md/g) ?? [];
  });
  t.deepEqual(
    named.filter((path) => !paths.has(path)),
    [],
  );
});
