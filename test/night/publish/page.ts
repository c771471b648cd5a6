// SPDX-License-Identifier: GPL-3.0-only
import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import type { PageData } from '../../../src/morning/client/page-data.ts';
import { writePage } from '../../../src/night/publish/morning-page.ts';
import { unfinishedNights } from '../../../src/night/record/night-folder.ts';
import { readLedger } from '../../../src/review/kappa/ledger.ts';
import { partOf } from '../../morning/page/part-of.ts';
import { tinySpec } from '../support/tiny-house.ts';
import { makeHouse } from '../support/with-night.ts';

const files = { 'specs/one.yaml': tinySpec('box/'), 'box/a.txt': 'a\n' };

test('a page that cannot be written stops no night, and the person is told how to write it', async (t) => {
  const house = await makeHouse(t, files);
  const page = join(house.state.traces, '2026-11-01', 'report.html');
  const { summary, said } = await house.night({
    watch: { node: () => mkdirSync(page, { recursive: true }), spec: () => {} },
  });
  t.is(summary.counts.pullRequests, 1);
  t.deepEqual(await unfinishedNights(house.state.traces), []);
  t.true(
    said.some((line) =>
      /^The page of the night was not written: .*"pantheon report 2026-11-01"$/.test(line),
    ),
    said.join('\n'),
  );
  rmdirSync(page);
});

test('a night leaves its page, and what it counted of answers in its summary', async (t) => {
  const house = await makeHouse(t, files);
  const { summary, folder } = await house.night();
  t.regex(readFileSync(join(folder, 'report.html'), 'utf8'), /^<!doctype html>[\s\S]*<\/html>\n$/);
  t.deepEqual(
    summary.schemaErrors?.map(({ week }) => week).every((week) => /^\d{4}-W\d\d$/.test(week)),
    true,
  );
});

test('an earlier night shows the trend up to itself', async (t) => {
  const house = await makeHouse(t, files);
  const { folder, summary } = await house.night();
  const root = house.state.root;
  const pairs = await readLedger(root);
  const nights = ['2026-10-31', summary.night, '2026-11-02'];
  const ledger = nights.flatMap((night) => pairs.map((pair) => ({ ...pair, night })));
  writeFileSync(
    join(root, 'ledger.jsonl'),
    ledger.map((pair) => `${JSON.stringify(pair)}\n`).join(''),
  );
  const page = join(house.state.traces, 'again.html');
  await writePage(page, folder, summary);
  const { panels } = partOf(readFileSync(page, 'utf8'), 'report') as PageData;
  const trend = panels.flatMap(({ charts }) => charts).find(({ id }) => id.startsWith('kappa'));
  t.deepEqual(trend?.along, nights.slice(0, 2));
});
