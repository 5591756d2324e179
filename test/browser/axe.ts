import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Axe's rules about colours: the rest is the same in the light and in the dark. */
const OF_COLOURS = ['color-contrast', 'link-in-text-block'];

/** The faults that hurt a reader, by axe, in the light and in the dark. */
export async function seriousFaults(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE);
  await page.emulateMedia({ colorScheme: 'light' });
  const light = await faultsBy(page, {});
  await page.emulateMedia({ colorScheme: 'dark' });
  return [...light, ...(await faultsBy(page, { runOnly: OF_COLOURS }))];
}

async function faultsBy(page: Page, options: RunOptions): Promise<readonly string[]> {
  const { violations } = await page.evaluate(async (given): Promise<AxeResults> => {
    const { axe } = globalThis as unknown as { axe: { run: (options: RunOptions) => Promise<AxeResults> } };
    return await axe.run({ resultTypes: ['violations'], ...given });
  }, options);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .map(({ html }) => html)
          .join(' ')
          .slice(0, 300)}`,
    );
}
