import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SCENARIOS } from '../../../scenarios/index.ts';

const PAGE = readFileSync(new URL('../../../docs/reference/reports.md', import.meta.url), 'utf8');

/** The rows of the page's tables, without their heads. */
const ROWS = PAGE.split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (?:thread|-)/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, thread = '', , scenario = '', verdict = '']) => ({ thread, scenario, verdict }));

const ENVIRONMENT = { kernel: [6, 18], squeeze: 'ballast', privileged: true } as const;

describe('the page of what people report', () => {
  it.each(ROWS)('$thread has a scenario with its verdict, or a reason', ({ scenario, verdict }) => {
    const name = /^`(.*)`$/.exec(scenario)?.[1];
    if (name === undefined) {
      expect([scenario, verdict]).toEqual(['–', expect.stringMatching(/^(?:not shown|measured by hand)/)]);
      return;
    }
    const found = SCENARIOS.find((each) => each.name === name);
    expect(found?.protocol({}, ENVIRONMENT).symptom.expected).toBe(/^[a-z-]+/.exec(verdict)?.[0]);
  });
});
