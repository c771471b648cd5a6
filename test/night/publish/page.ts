// SPDX-License-Identifier: GPL-3.0-only
import { mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { unfinishedNights } from '../../../src/night/record/night-folder.ts';
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
