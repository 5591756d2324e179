import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { comparisonPage } from '../../src/report/html/comparison-page.ts';
import { matrixPage, nameOf } from '../../src/report/html/matrix-page.ts';
import { runPage } from '../../src/report/html/run-page.ts';
import { suitePage } from '../../src/report/html/suite-page.ts';
import { matrixSchema } from '../../src/schema/matrix.ts';
import { recorded } from '../fixtures/recorded.ts';
import { runOf, suiteOf } from '../unit/suite/story.ts';
import { COMPARISON, SUITE } from './documents.ts';
import { seriousFaults } from './axe.ts';
import { NO_BROWSER, openBrowser, openPage } from './browser.ts';

const ROOT = join(import.meta.dirname, '../..');
const history = recorded('saturate');
const matrices = ['claims.matrix.json', 'claims.matrix.kind.json'].map((file) =>
  matrixSchema.parse(JSON.parse(readFileSync(join(ROOT, 'docs/reference', file), 'utf8'))),
);

const PAGES = ['report', 'matrix', 'suite', 'comparison'] as const;

if (NO_BROWSER !== undefined) console.warn(`skipped: ${NO_BROWSER}`);

describe.skipIf(NO_BROWSER !== undefined)('a report in a browser', () => {
  let browser: Browser;
  let folder: string;
  let report: string;
  let matrix: string;
  let suite: string;
  let comparison: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tablefull-browser-'));
    report = join(folder, 'report.html');
    matrix = join(folder, 'matrix.html');
    writeFileSync(report, runPage(history, 'runs/saturate'));
    const shown = matrices.map((each) => ({ matrix: each, name: nameOf(each), link: () => undefined }));
    writeFileSync(
      matrix,
      matrixPage(shown, () => []),
    );
    suite = join(folder, 'suite.html');
    writeFileSync(
      suite,
      suitePage(SUITE, () => './report.html'),
    );
    comparison = join(folder, 'comparison.html');
    writeFileSync(
      comparison,
      comparisonPage(COMPARISON, () => './report.html'),
    );
    browser = await openBrowser();
  });

  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  it('opens without a network: no request leaves, no error, plots are drawn', async () => {
    const { page, troubles } = await openPage(browser, report);
    const svg = page.locator('#problem svg.plots');
    const box = await svg.boundingBox();
    expect(box?.height).toBeGreaterThan(300);
    expect(await svg.locator('.track').count()).toBeGreaterThanOrEqual(4);
    expect(await svg.locator('path.curve').count()).toBeGreaterThan(3);
    expect(troubles).toEqual([]);
  });

  it('has bands where the history says', async () => {
    const { page } = await openPage(browser, report);
    const bands = await page.locator('#problem .band').evaluateAll((all) =>
      (all as unknown as { dataset: Record<string, string>; x: Length; width: Length }[]).map((band) => ({
        stage: band.dataset.stage,
        since: Number(band.dataset.from),
        until: Number(band.dataset.to),
        from: band.x.baseVal.value,
        to: band.x.baseVal.value + band.width.baseVal.value,
      })),
    );
    const edges = history.flatMap((event) =>
      event.type === 'phase' && event.phase.cycle === 'symptom'
        ? [[event.phase.stage, event.t] as const]
        : [],
    );
    const timesOf = (stage: string): readonly number[] =>
      edges.flatMap(([of, t]) => (of === stage ? [t] : [])).slice(-2);
    const scale: number[] = [];
    for (const stage of ['baseline', 'fault']) {
      const [from = NaN, to = NaN] = timesOf(stage);
      const band = bands.find((each) => each.stage === stage);
      expect([band?.since, band?.until]).toEqual([from, to]);
      scale.push(((band?.to ?? NaN) - (band?.from ?? NaN)) / (to - from));
    }
    // As many pixels a second in each.
    expect(scale[0]).toBeCloseTo(scale[1] ?? NaN, 3);
    expect(bands[0]?.to).toBeLessThan(bands[1]?.from ?? NaN);
  });

  it('shows values under the pointer, and under the arrow keys', async () => {
    const { page, troubles } = await openPage(browser, report);
    // How far down it is depends on the machine's fonts.
    await page.locator('#problem .band.baseline').scrollIntoViewIfNeeded();
    const band = await page.locator('#problem .band.baseline').boundingBox();
    await page.mouse.move((band?.x ?? 0) + (band?.width ?? 0) / 2, (band?.y ?? 0) + 100);
    const readout = page.locator('#problem .readout');
    const said = (): Promise<string | null> => readout.textContent();
    await expect.poll(said).toMatch(/^\d+\.\d+ s, baseline\n[^]*Conntrack table worker-1: /);
    const before = await said();
    await page.locator('#problem .cycle .scroll').focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(said).not.toBe(before);
    expect(troubles).toEqual([]);
  });

  it('opens a remedy by its link, and a matrix’ cell', async () => {
    const { page } = await openPage(browser, report);
    await page.getByRole('link', { name: 'keepalive', exact: true }).click();
    expect(await page.locator('#remedy-keepalive svg.plots').isVisible()).toBe(true);
    const { page: map, troubles } = await openPage(browser, matrix);
    const cell = map.locator('.map button').first();
    await cell.focus();
    await map.keyboard.press('Enter');
    expect(await map.locator('[popover]:popover-open').isVisible()).toBe(true);
    await map.keyboard.press('Escape');
    expect(await map.locator('[popover]:popover-open').count()).toBe(0);
    expect(troubles).toEqual([]);
  });

  it('of a suite says what is not as expected before anything else, and leads to the pages of its runs', async () => {
    const { page, troubles } = await openPage(browser, suite);
    expect(await page.locator('h1').textContent()).toBe('5 of 6 results are as expected.');
    const order = await page.locator('section > h2').allTextContents();
    expect(order[0]).toBe('Not as expected');
    expect(await page.locator('#surprises tbody').textContent()).toContain('tablefull.yaml:9');
    expect(troubles).toEqual([]);
    await page.getByRole('link', { name: 'Report of saturate', exact: true }).click();
    await page.waitForURL(/report\.html$/);
    expect(await page.locator('h1').textContent()).toContain('The problem was reproduced');
  });

  it('of a comparison says first what changed, and leads to both sides', async () => {
    const { page, troubles } = await openPage(browser, comparison);
    expect(await page.locator('h1').textContent()).toMatch(/^1 verdict changed, 1 figure beyond noise;/);
    expect(await page.locator('.lead a').allTextContents()).toEqual(['runs/before', 'runs/after']);
    expect(await page.locator('section').first().textContent()).toContain('saturate × keepalive');
    expect(troubles).toEqual([]);
  });

  it('has no markup and no control of strangers', async () => {
    const evil = '"><script>alert(1)</script><b onclick=alert(1)>\u001b[2J';
    const { kind, repeats } = COMPARISON.a;
    const verdicts = [{ about: evil, what: 'changed' as const, a: [evil], b: [evil] }];
    const texts = [
      suitePage(suiteOf([runOf(evil)], { file: evil, kernel: evil }), (run) => run),
      comparisonPage(
        { ...COMPARISON, a: { name: evil, kind, repeats }, verdicts },
        (folder) => `./${folder}`,
      ),
    ];
    for (const text of texts) {
      const file = join(folder, 'evil.html');
      writeFileSync(file, text);
      const { page, troubles } = await openPage(browser, file);
      expect(await page.locator('script').count()).toBe(1);
      expect(await page.locator('b, [onclick]').count()).toBe(0);
      expect(await page.locator('main').textContent()).toContain('<script>alert(1)');
      expect(text).not.toContain('\u001b');
      expect(troubles).toEqual([]);
    }
  });

  it('can be read without scripts', async () => {
    const { page, troubles } = await openPage(browser, report, { javaScriptEnabled: false });
    expect(await page.locator('h1').textContent()).toContain('The problem was reproduced');
    expect(await page.locator('#problem svg.plots').isVisible()).toBe(true);
    await page.locator('#each summary').first().click();
    expect(await page.locator('#each details[open] svg.plots').first().isVisible()).toBe(true);
    expect(troubles).toEqual([]);
  });

  it.each(PAGES)('has no serious fault for axe, light or dark: %s', async (name) => {
    const { page } = await openPage(browser, join(folder, `${name}.html`));
    expect(await seriousFaults(page)).toEqual([]);
  });

  it('does not overflow a phone', async () => {
    const { page } = await openPage(browser, report, { viewport: { width: 390, height: 800 } });
    for (const name of PAGES) {
      await page.goto(`file://${join(folder, `${name}.html`)}`);
      const wide = await page.evaluate('document.documentElement.scrollWidth');
      expect(wide, name).toBeLessThanOrEqual(390);
    }
  });
});

interface Length {
  readonly baseVal: { readonly value: number };
}
