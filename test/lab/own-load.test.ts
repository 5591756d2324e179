import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { statuses, verdictWith } from './command.ts';

const PAGE = readFileSync(join(import.meta.dirname, '../../docs/how-to/write-your-own-load.md'), 'utf8');
/** The page's modules, by file name. */
const MODULES = [...PAGE.matchAll(/^```ts\n\/\/ (\S+)\n([^]*?)^```/gm)].map(
  ([, name = '', text = '']) => [name, text] as const,
);

/** Runs the page's scenario as nobody. */
async function run(port: 'closed' | 'open') {
  const words = ['./refusals.ts', '--param', `port=${port}`, '--single-pass'];
  return await verdictWith(Object.fromEntries(MODULES), words);
}

describe('the load of docs/how-to/write-your-own-load.md, from outside the repository', () => {
  it('finds that refused connections fill no table', async () => {
    const { code, verdict } = await run('closed');
    expect(verdict.symptom).toMatchObject({
      status: 'not-reproduced',
      figures: { 'connections.answered': 600, 'drop.delta': 0 },
    });
    expect(code).toBe(0);
  });

  it('finds that accepted ones do, and its remedies are judged by its figures', async () => {
    const { code, verdict } = await run('open');
    expect(verdict.symptom).toMatchObject({
      status: 'reproduced',
      figures: { 'connections.answered': 200, 'baseline.connections.answered': 600 },
    });
    expect(statuses(verdict)).toEqual({ 'be-liberal': 'no-effect', placebo: 'no-effect' });
    expect(code).toBe(0);
  });
});
