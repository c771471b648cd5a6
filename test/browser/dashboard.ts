// SPDX-License-Identifier: GPL-3.0-only
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import anyTest, { type ExecutionContext } from 'ava';
import { writeDashboard } from '../../src/night/publish/write-dashboard.ts';
import { unitBundles, writeNightFolder } from '../morning/page/sample-night.ts';
import { measuredEngine, redBinSummary, specSummary } from '../morning/summaries.ts';
import { temporaryFolder } from '../workspace/with-repository.ts';
import { closeBrowser, openPage } from './open-page.ts';

const test = process.env.PANTHEON_SKIP_BROWSER ? anyTest.skip : anyTest.serial;

anyTest.after.always(closeBrowser);

const hostile = '<img src=x onerror=alert(1)>';

/** The index of a dashboard of three nights; a fourth cannot be read. */
const writeIndex = async (t: ExecutionContext): Promise<string> => {
  const home = temporaryFolder(t);
  const traces = join(home, 'traces');
  const nights = ['2026-11-19', '2026-11-20', '2026-11-21'];
  for (const night of nights) {
    const folder = join(traces, night);
    mkdirSync(folder, { recursive: true });
    const specs = [
      [specSummary('one'), unitBundles('u')],
      [redBinSummary('two', { title: hostile }), unitBundles('u')],
    ] as const;
    writeNightFolder(folder, specs, {
      ...{ night, startedAt: `${night}T02:00:00Z`, engines: [measuredEngine] },
    });
  }
  mkdirSync(join(traces, '2026-11-22'));
  writeFileSync(join(traces, '2026-11-22', 'summary.json'), '{}');
  const out = join(home, 'dashboard');
  await writeDashboard({ traces, nights: [...nights, '2026-11-22'], out, say: () => {} });
  return join(out, 'index.html');
};

test('many nights open from disk, ask for nothing else, and lead to the page of each', async (t) => {
  const file = await writeIndex(t);
  const { page, requests, complaints } = await openPage(t, file);
  await page.waitForSelector('pantheon-chart canvas');
  t.deepEqual(requests, [pathToFileURL(file).href]);
  t.deepEqual(complaints, []);
  t.is(await page.locator('.alert').textContent(), '1 night cannot be read.');
  t.deepEqual(await page.locator('#nights + .wide tbody th').allTextContents(), [
    ...['2026-11-22', '2026-11-21', '2026-11-20', '2026-11-19'],
  ]);
  t.regex((await page.locator('td.bad').textContent()) ?? '', /is not the summary of a night/);
  await page.getByRole('link', { name: '2026-11-20' }).click();
  await page.waitForSelector('pantheon-report[ready] h4');
  t.is(await page.title(), 'Night 2026-11-20');
  t.true((await page.locator('h4').allTextContents()).includes(`${hostile} two`));
  t.deepEqual(complaints, []);
});

const axe = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

test('axe finds nothing serious on a phone, and nothing but the table is scrolled sideways', async (t) => {
  const phone = { viewport: { width: 360, height: 740 }, colorScheme: 'dark' } as const;
  const { page } = await openPage(t, await writeIndex(t), { ...phone, bypassCSP: true });
  await page.evaluate(axe);
  const found = await page.evaluate<readonly string[]>(
    "axe.run().then(({ violations }) => violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id))",
  );
  t.deepEqual(found, []);
  t.true(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'));
});
