import { gunzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judge } from '../../src/judge/judge.ts';
import { livePage } from '../../src/report/live/page.ts';
import { liveReporter } from '../../src/report/live/reporter.ts';
import { LiveServer } from '../../src/report/live/server.ts';
import { extrasOf } from '../../src/run/reporter.ts';
import type { History, HistoryEvent } from '../../src/schema/history.ts';
import { recordedEventSchema } from '../../src/schema/recorded-event.ts';
import { seriousFaults } from './axe.ts';
import { NO_BROWSER, openBrowser, watchedPage } from './browser.ts';

const ROOT = join(import.meta.dirname, '../..');
const history: History = gunzipSync(readFileSync(join(ROOT, 'test/fixtures/runs/saturate/history.jsonl.gz')))
  .toString()
  .trim()
  .split('\n')
  .map((line) => recordedEventSchema.parse(JSON.parse(line)));
/** In the middle of the fault’s phase. */
const MIDDLE =
  (history.findIndex((event) => isPhase(event, 'start')) +
    history.findIndex((event) => isPhase(event, 'end'))) >>
  1;

function isPhase(event: HistoryEvent, edge: 'start' | 'end'): boolean {
  return (
    event.type === 'phase' &&
    event.edge === edge &&
    event.phase.cycle === 'symptom' &&
    event.phase.stage === 'fault'
  );
}

describe.skipIf(NO_BROWSER !== undefined)('the live view in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  async function opened(server: LiveServer) {
    const { page, troubles } = await watchedPage(browser, (url) => url.startsWith(server.url));
    await page.goto(server.url);
    await expect.poll(() => server.isWatched).toBe(true);
    return { page, troubles };
  }

  const textOf = (page: Page, selector: string): Promise<string | null> =>
    page.locator(selector).textContent();

  it('shows the table, the demand and the newest line of the kernel, and the verdict at the end', async () => {
    const server = await LiveServer.open(livePage());
    const reporter = liveReporter(server, () => true);
    const { page, troubles } = await opened(server);
    const { kernelLog } = extrasOf(history);
    for (const event of history.slice(0, MIDDLE)) reporter.event?.(event);
    reporter.log?.(kernelLog.lines[0] ?? 'nf_conntrack: table full, dropping packet');
    for (const event of history.slice(MIDDLE, MIDDLE + 40)) reporter.event?.(event);
    await page.locator('.phase.fault').waitFor();
    expect(await textOf(page, '#foot')).toMatch(/^\d+ of \d+ phases/);
    expect(await textOf(page, '#what')).toMatch(/saturate · .*netns lab/);
    expect(await textOf(page, '.phase.fault')).toMatch(/worker-1 [\d,]+ free of [\d,]+, \+[\d,]+ entries/);
    expect(await textOf(page, '#kernel')).toContain('nf_conntrack');
    expect(await page.locator('.phase.fault svg.gauge .bar').first().getAttribute('width')).toMatch(
      /^\d{3,4}/,
    );
    expect(await page.locator('#plots svg.plots').count()).toBe(1);
    expect(await seriousFaults(page)).toEqual([]);
    const verdict = judge(history, 'runs/x');
    for (const event of history.slice(MIDDLE + 40)) reporter.event?.(event);
    await reporter.end?.(verdict, extrasOf(history));
    await server[Symbol.asyncDispose]();
    await page.locator('#verdict h1').waitFor();
    expect(await textOf(page, '#verdict')).toContain(verdict.outcome.headline);
    expect(await page.locator('#plots svg.plots').count()).toBeGreaterThan(3);
    await page.locator('#verdict').getByRole('link', { name: 'keepalive', exact: true }).click();
    expect(await page.locator('#remedy-keepalive svg.plots').isVisible()).toBe(true);
    // The server is gone, and the page does not ask for it.
    expect(troubles).toEqual([]);
    expect(await seriousFaults(page)).toEqual([]);
  });

  it('is as readable where it is opened in the middle of a run', async () => {
    await using server = await LiveServer.open(livePage());
    const reporter = liveReporter(server, () => true);
    for (const event of history.slice(0, MIDDLE)) reporter.event?.(event);
    const { page } = await opened(server);
    await page.locator('.phase').first().waitFor();
    expect(await seriousFaults(page)).toEqual([]);
  });

  it('has no markup of strangers', async () => {
    const evil = '"><script>alert(1)</script><b onclick=alert(1)>';
    await using server = await LiveServer.open(livePage());
    const reporter = liveReporter(server, () => true);
    const { page, troubles } = await opened(server);
    const events = history.map((event): HistoryEvent =>
      event.type === 'run' ? { ...event, scenario: evil, kernel: evil, params: { [evil]: evil } } : event,
    );
    for (const event of events.slice(0, MIDDLE)) reporter.event?.(event);
    reporter.log?.(`nf_conntrack ${evil}`);
    reporter.talk(evil);
    reporter.event?.({ type: 'not-judged', t: 1, cycle: evil, status: 'skipped', reason: evil });
    for (const event of events.slice(MIDDLE)) reporter.event?.(event);
    const verdict = judge(events, 'runs/x');
    const remedies = verdict.remedies.map((each) => ({ ...each, reason: evil }));
    await reporter.end?.({ ...verdict, scenario: evil, run: evil, remedies }, extrasOf(events));
    await page.locator('#verdict h1').waitFor();
    expect(await textOf(page, '#lines')).toContain(evil);
    expect(await textOf(page, '#verdict')).toContain(evil);
    expect(await page.locator('script').count()).toBe(1);
    expect(await page.locator('main b, [onclick]').count()).toBe(0);
    expect(troubles).toEqual([]);
  });
});
