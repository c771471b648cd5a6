// SPDX-License-Identifier: GPL-3.0-only
import { execFileSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import type { ExecutionContext } from 'ava';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** A page that is open, and what it asked for and complained of. */
export type OpenPage = {
  readonly page: Page;
  readonly requests: readonly string[];
  readonly complaints: readonly string[];
};

let browser: Promise<Browser> | undefined;

const launch = (): Promise<Browser> => {
  const [executablePath = ''] = execFileSync('which', ['chromium'], { encoding: 'utf8' }).split(
    '\n',
  );
  // Chromium refuses to run its own sandbox as root; nothing but our own page is opened.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath, args });
};

/** Opens a file from disk and waits until the report stands. */
export const openPage = async (
  t: ExecutionContext,
  file: string,
  options: BrowserContextOptions = {},
): Promise<OpenPage> => {
  browser ??= launch();
  const context = await (await browser).newContext(options);
  t.teardown(() => context.close());
  const page = await context.newPage();
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  await page.goto(pathToFileURL(file).href);
  await page.waitForSelector('pantheon-report[ready]', { state: 'attached' });
  return { page, requests, complaints };
};

/** Ends the browser after the last test. */
export const closeBrowser = async (): Promise<void> => (await browser)?.close();
