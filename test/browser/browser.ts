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

/** A page of this test, and what went wrong on it: messages of the console, errors, and requests that left the file. */
export async function openPage(
  browser: Browser,
  file: string,
  options: Parameters<Browser['newPage']>[0] = {},
): Promise<{ readonly page: Page; readonly troubles: readonly string[] }> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
  onTestFinished(() => page.close());
  const troubles: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') troubles.push(message.text());
  });
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('request', (request) => {
    if (request.url() !== `file://${file}`) troubles.push(`request: ${request.url()}`);
  });
  await page.context().setOffline(true);
  await page.goto(`file://${file}`);
  return { page, troubles };
}
