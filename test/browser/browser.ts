import { existsSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { onTestFinished } from 'vitest';

const PLACES = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];
const found = PLACES.find((path) => path !== undefined && existsSync(path));

/** Why pages can't be looked at here; undefined where they can. */
export const NO_BROWSER =
  found === undefined ? 'there is no chromium: apt-get install chromium, or set CHROMIUM' : undefined;

export async function openBrowser(): Promise<Browser> {
  return await chromium.launch({
    executablePath: found ?? '',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
}

interface Watched {
  readonly page: Page;
  readonly troubles: readonly string[];
}
type PageOptions = Parameters<Browser['newPage']>[0];

/**
 * An empty page of this test, and what goes wrong on it: messages of the console, errors, and requests.
 *
 * @param mayAsk for this address
 */
export async function watchedPage(
  browser: Browser,
  mayAsk: (url: string) => boolean,
  options: PageOptions = {},
): Promise<Watched> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
  onTestFinished(() => page.close());
  const troubles: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') troubles.push(message.text());
  });
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('request', (request) => {
    if (!mayAsk(request.url())) troubles.push(`request: ${request.url()}`);
  });
  return { page, troubles };
}

/** A page of this test with a file, offline, and what went wrong on it: requests that left the file, too. */
export async function openPage(browser: Browser, file: string, options?: PageOptions): Promise<Watched> {
  const { page, troubles } = await watchedPage(browser, (url) => url === `file://${file}`, options);
  await page.context().setOffline(true);
  await page.goto(`file://${file}`);
  return { page, troubles };
}
