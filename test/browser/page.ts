// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import anyTest, { type ExecutionContext } from 'ava';
import type { Panel } from '../../src/morning/client/page-data.ts';
import { buildPage } from '../../src/morning/page/build-page.ts';
import { openTraces } from '../../src/trace/open-traces.ts';
import { unitBundles, writeNightFolder } from '../morning/page/sample-night.ts';
import { redBinSummary, specSummary } from '../morning/summaries.ts';
import { temporaryFolder } from '../workspace/with-repository.ts';
import { closeBrowser, openPage } from './open-page.ts';

const test = process.env.PANTHEON_SKIP_BROWSER ? anyTest.skip : anyTest.serial;

anyTest.after.always(closeBrowser);

const hostile = '</script><img src=x onerror="document.title=1"><script>document.title=2</script>';

const panel: Panel = {
  id: 'engines',
  title: 'Engines',
  facts: [{ label: 'Tokens per second', text: '2381' }],
  dials: [
    { label: 'Slots busy', text: '62 %', value: 0.62, max: 1, bound: 0.8, formula: 'λ / (c μ)' },
  ],
  charts: [
    {
      id: 'batch',
      title: 'Requests at once',
      note: 'On average.',
      along: [1_795_000_000, 1_795_000_060, 1_795_000_120],
      unit: 'requests',
      series: [{ label: 'at once', values: [4, 31.5, null] }],
      lines: [{ label: 'too coarse', value: 8 }],
    },
  ],
  command: 'pantheon report --json | jq .engines',
};

const writePage = async (
  t: ExecutionContext,
  specs: Parameters<typeof writeNightFolder>[1] = [
    [specSummary('one', { title: hostile }), unitBundles('u', hostile)],
    [redBinSummary('two'), unitBundles('u')],
  ],
): Promise<string> => {
  const folder = temporaryFolder(t);
  const summary = writeNightFolder(folder, specs);
  const file = join(folder, 'report.html');
  writeFileSync(file, (await buildPage(summary, openTraces(folder), [panel])).join(''));
  return file;
};

test('opens from disk, asks for nothing else, and shows what is hostile as text', async (t) => {
  const file = await writePage(t);
  const { page, requests, complaints } = await openPage(t, file);
  t.deepEqual(requests, [pathToFileURL(file).href]);
  t.deepEqual(complaints, []);
  t.is(await page.title(), 'Night 2026-11-21');
  t.is(await page.locator('h4').first().textContent(), `${hostile} one`);
  await page.getByText('Steps').first().click();
  await page.getByText('doc: ok').click();
  await page.waitForSelector('.diff');
  t.true((await page.locator('.diff').last().textContent())?.includes(hostile));
  t.is(await page.title(), 'Night 2026-11-21');
  t.deepEqual(requests.slice(1), []);
});

test('a step is reached and opened by the keyboard alone', async (t) => {
  const { page } = await openPage(t, await writePage(t));
  const focused = () => page.evaluate<string>("document.activeElement?.textContent ?? ''");
  const goTo = async (text: string): Promise<void> => {
    for (let presses = 0; presses < 60; presses += 1) {
      await page.keyboard.press('Tab');
      if ((await focused()).startsWith(text)) return page.keyboard.press('Enter');
    }
    throw new Error(`no tab stop begins with ${text}`);
  };
  await goTo('Steps');
  await page.waitForSelector('pantheon-steps summary');
  await goTo('doc: ok');
  await page.waitForSelector('.step .diff .ins');
  t.regex((await page.locator('.step .diff .ins').first().textContent()) ?? '', /^\+/);
});

test('a chart is drawn, and its numbers are there as a table', async (t) => {
  const { page } = await openPage(t, await writePage(t));
  await page.waitForSelector('pantheon-chart canvas');
  const painted = await page.evaluate<number>(`
    const canvas = document.querySelector('canvas');
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    data.filter((value, index) => index % 4 === 3 && value > 0).length`);
  t.true(painted > 500, `${painted} pixels`);
  await page.getByText('Numbers').click();
  t.deepEqual(await page.locator('figure details td').allTextContents(), [
    '4',
    '31.5',
    'not measured',
  ]);
  t.is(await page.locator('meter').getAttribute('aria-label'), 'Slots busy: 62 %');
});

test('a part that was cut is red and never looks fine', async (t) => {
  const file = await writePage(t);
  const whole = readFileSync(file, 'utf8');
  const cutPart = (id: string): string =>
    whole.replace(new RegExp(`(id="${id}">[^<]*)[^<]{40}<`), '$1<');
  writeFileSync(file, cutPart('steps-0'));
  const { page } = await openPage(t, file);
  await page.getByText('Steps').first().click();
  t.regex((await page.locator('.fault').textContent()) ?? '', /cut or altered/);
  writeFileSync(file, cutPart('report'));
  const broken = await openPage(t, file);
  t.regex((await broken.page.locator('.fault').textContent()) ?? '', /cut or altered/);
});

test('a search leaves the specs that have its words', async (t) => {
  const { page } = await openPage(t, await writePage(t));
  await page.getByRole('searchbox').fill('title of two');
  t.deepEqual(await page.locator('h4 code').allTextContents(), ['two']);
});

type AxeRun = {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
};

const axe = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

for (const [name, options] of Object.entries({
  'on a desk in daylight': { viewport: { width: 1280, height: 900 }, colorScheme: 'light' },
  'on a phone in the dark': { viewport: { width: 360, height: 740 }, colorScheme: 'dark' },
} as const)) {
  test(`axe finds nothing serious, and nothing has to be scrolled sideways: ${name}`, async (t) => {
    const { page } = await openPage(t, await writePage(t), { ...options, bypassCSP: true });
    const openAll = "document.querySelectorAll('details').forEach((each) => { each.open = true; })";
    await page.evaluate(openAll);
    await page.waitForSelector('.step > summary');
    await page.evaluate(openAll);
    await page.waitForSelector('.step pre');
    await page.evaluate(axe);
    const { violations } = await page.evaluate<AxeRun>('axe.run()');
    const faults = violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' ')}`);
    t.deepEqual(faults, []);
    t.true(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'));
  });
}

test('two hundred specs stand within a second, ten thousand can be searched', async (t) => {
  for (const [count, most] of [
    [200, 1000],
    [10_000, 5000],
  ] as const) {
    const specs = Array.from(
      { length: count },
      (_, index) => [specSummary(`s${index}`), {}] as const,
    );
    const file = await writePage(t, specs);
    const times: number[] = [];
    for (let opening = 0; opening < 3; opening += 1) {
      const opened = await openPage(t, file);
      times.push(await opened.page.evaluate<number>('performance.now()'));
    }
    const { page } = await openPage(t, file);
    const ready = Math.min(...times);
    t.log(`${count} specs: ${ready.toFixed(0)} ms`);
    t.true(ready < most * (process.env.CI ? 5 : 1), `${count} specs: ${ready.toFixed(0)} ms`);
    await page.getByRole('searchbox').fill(`s${count - 1}`);
    t.deepEqual(await page.locator('h4 code').allTextContents(), [`s${count - 1}`]);
  }
});
