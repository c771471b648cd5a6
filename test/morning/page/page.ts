// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import type { PageData, StepChunk } from '../../../src/morning/client/page-data.ts';
import { buildPage } from '../../../src/morning/page/build-page.ts';
import { packSteps } from '../../../src/morning/page/pack-steps.ts';
import { pageBytes } from '../../../src/morning/page/render-page.ts';
import { openTraces } from '../../../src/trace/open-traces.ts';
import { textWith } from '../../secrets/planted.ts';
import { temporaryFolder } from '../../workspace/with-repository.ts';
import { redBinSummary, specSummary } from '../summaries.ts';
import { partOf } from './part-of.ts';
import { type Bundles, unitBundles, writeNightFolder } from './sample-night.ts';

const pageOf = async (
  folder: string,
  specs: Parameters<typeof writeNightFolder>[1],
): Promise<string> => {
  const summary = writeNightFolder(folder, specs);
  return (await buildPage(summary, openTraces(folder))).join('');
};

test('a page has every spec in its section and the steps of all', async (t) => {
  const page = await pageOf(temporaryFolder(t), [
    [
      specSummary('one', {
        patch: { files: 2, insertions: 7, deletions: 1 },
        tests: { passed: 12, failed: 0, skipped: 1 },
      }),
      unitBundles('u'),
    ],
    [redBinSummary('two'), unitBundles('u')],
  ]);
  const data = partOf(page, 'report') as PageData;
  t.deepEqual(
    data.counts.map(({ text }) => text),
    ['1 pull request', '1 red bin', '0 skipped'],
  );
  const [opened, red] = data.sections.map(({ groups }) => groups[0]?.specs[0]);
  t.deepEqual(opened?.facts.slice(0, 2), [
    '+7 −1 in 2 files',
    '12 tests passed, 0 failed, 1 skipped on the joined tree',
  ]);
  t.is(opened?.units[0]?.passed, data.rules.length);
  t.is(red?.units[0]?.passed, undefined, 'its unit ended before the gate');
  const steps = partOf(page, `steps-${red?.chunk}`) as StepChunk;
  t.deepEqual(
    steps.two?.map(({ node, status }) => [node, status]),
    [
      ['doc', 'ok'],
      ['reviewA', 'ok'],
      ['reviewB', 'ok'],
      ['test', 'ok'],
    ],
  );
  t.is(data.withoutSteps, 0);
});

test('a unit has the rules it passed where the gate judged it, and none where nothing says so', async (t) => {
  const unit = { id: 'u', state: 'red' as const, paths: ['a.md'] };
  const page = await pageOf(temporaryFolder(t), [
    [
      redBinSummary('one', {
        unitDetails: [unit, { ...unit, code: 'test.failed' }, { ...unit, code: 'gate.rejected' }],
      }),
      {},
    ],
  ]);
  const { sections, rules } = partOf(page, 'report') as PageData;
  const units = sections[1]?.groups[0]?.specs[0]?.units ?? [];
  t.deepEqual(
    units.map(({ passed }) => passed),
    [undefined, undefined, rules.indexOf('both approve')],
  );
});

test('nothing that a spec or a bundle says is markup of the page', async (t) => {
  const hostile = '</script><script>document.title = "taken"</script><img src=x onerror=alert(1)>';
  const page = await pageOf(temporaryFolder(t), [
    [
      specSummary('one', { title: hostile, reason: hostile, url: 'javascript:alert(1)' }),
      unitBundles('u', hostile),
    ],
  ]);
  t.false(page.includes('taken'));
  t.false(page.includes('onerror'));
  const [opened] = (partOf(page, 'report') as PageData).sections[0]?.groups[0]?.specs ?? [];
  t.is(opened?.title, hostile);
  t.is(opened?.link, undefined, 'only an address of the web is a link');
});

test('a secret in a log does not reach the page', async (t) => {
  const bundles: Bundles = { 'u/test': { 'tests.log': textWith('GitHub token') } };
  const page = await pageOf(temporaryFolder(t), [[redBinSummary('one'), bundles]]);
  const [step] = (partOf(page, 'steps-0') as StepChunk).one ?? [];
  t.regex(step?.log ?? '', /\[removed: /);
});

test('a bundle that was altered has a row that says so, beside the others', async (t) => {
  const folder = temporaryFolder(t);
  const summary = writeNightFolder(folder, [[redBinSummary('one'), unitBundles('u')]]);
  const pack = join(folder, 'one', 'bundles.zip');
  const bytes = readFileSync(pack);
  bytes.write('X', bytes.indexOf('A line.'));
  writeFileSync(pack, bytes);
  const page = (await buildPage(summary, openTraces(folder))).join('');
  const steps = (partOf(page, 'steps-0') as StepChunk).one ?? [];
  t.deepEqual(
    steps.map(({ node, status }) => [node, status]),
    [
      ['doc', 'unreadable'],
      ['reviewA', 'ok'],
      ['reviewB', 'ok'],
      ['test', 'ok'],
    ],
  );
});

test('a log of many megabytes is cut to its end, and says so', async (t) => {
  const log = `${'a line of a log\n'.repeat(400_000)}the last line\n`;
  const page = await pageOf(temporaryFolder(t), [
    [redBinSummary('one'), { 'u/test': { 'tests.log': log } }],
  ]);
  t.true(page.length < 1_000_000);
  const [step] = (partOf(page, 'steps-0') as StepChunk).one ?? [];
  t.regex(step?.log ?? '', /^\[\d+ characters more.*\n[\s\S]*the last line\n$/);
});

test('steps stop where the room is used up, and are not even read', async (t) => {
  const asked: string[] = [];
  const stepsOf = (spec: string) => {
    asked.push(spec);
    const noise = Array.from({ length: 60_000 }, () => Math.random().toString(36)).join('');
    return [
      { unit: 'u', node: 'n', agent: '', status: 'ok', seconds: 1, notes: noise, calls: [] },
    ] as const;
  };
  const specs = Array.from({ length: 50 }, (_, index) => `s${index}`);
  const { parts, chunks, left } = await packSteps(specs, stepsOf, 3_000_000);
  t.true(parts.join('').length <= 3_000_000);
  t.true(chunks.size >= 2 && chunks.size < 50);
  t.is(asked.length, chunks.size + 1);
  t.is(left, 50 - chunks.size);
  t.true(pageBytes <= 10_000_000);
});

test('a spec that left no bundles is not said to have had no room', async (t) => {
  const page = await pageOf(temporaryFolder(t), [
    [redBinSummary('one'), unitBundles('u')],
    [redBinSummary('two'), {}],
  ]);
  t.is((partOf(page, 'report') as PageData).withoutSteps, 0);
});

test('a spec of very many steps says how many are not shown', async (t) => {
  const log = { 'tests.log': 'ok\n' };
  const bundles = Object.fromEntries(
    Array.from({ length: 650 }, (_, index) => [`u${index}/test`, log]),
  );
  const page = await pageOf(temporaryFolder(t), [[redBinSummary('one'), bundles]]);
  const steps = (partOf(page, 'steps-0') as StepChunk).one ?? [];
  t.is(steps.length, 601);
  t.like(steps.at(-1), { status: 'left out' });
  t.regex(steps.at(-1)?.notes ?? '', /^50 more steps: "pantheon trace show"/);
});

test('only the scripts and styles of the page itself may run, and no request leaves', async (t) => {
  const page = await pageOf(temporaryFolder(t), []);
  const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
  t.regex(
    policy,
    /^default-src 'none'; script-src 'sha256-[^']+' 'sha256-[^']+'; style-src 'sha256-[^']+';/,
  );
  t.notRegex(page, /\b(?:src|href)="?https?:/);
});
