import { describe, expect, it } from 'vitest';
import { askPredictions, comparedLines } from '../../../src/cli/screen/predictions.ts';
import type { RemedyVerdict } from '../../../src/schema/verdict.ts';

const REMEDIES = ['raise-max', 'be-liberal', 'placebo'].map((name) => ({ name, summary: `about ${name}` }));

async function* typed(...lines: readonly string[]): AsyncGenerator<string> {
  for (const line of lines) yield await Promise.resolve(line);
}

async function asked(...lines: readonly string[]) {
  const said: string[] = [];
  const predicted = await askPredictions(REMEDIES, typed(...lines), (line) => said.push(line));
  return { predicted, said };
}

const verdict = (name: string, status: RemedyVerdict['status']): RemedyVerdict => ({
  ...{ name, status, expected: 'no-effect', inFlight: status, emulated: false, reason: '', figures: {} },
});

describe('predictions', () => {
  it('are asked for a remedy at a time, by a letter or the word, and again where they are neither', async () => {
    const { predicted, said } = await asked('p', 'nonsense', 'cured', 'n');
    expect([...predicted.values()]).toEqual(['postponed', 'cured', 'no-effect']);
    expect(said).toContain(
      '"nonsense" is not a result; use c cured, p postponed, r reduced, n no-effect, w worse',
    );
    expect(said.join('\n')).not.toMatch(/expected/);
  });

  it('may end early', async () => {
    const { predicted } = await asked('p');
    expect([...predicted.keys()]).toEqual(['raise-max']);
  });

  it('are compared with what the remedies did; what was not judged does not count', async () => {
    const { predicted } = await asked('p', 'cured', 'n');
    const remedies = [
      verdict('raise-max', 'postponed'),
      verdict('be-liberal', 'no-effect'),
      verdict('placebo', 'inconclusive'),
    ];
    expect(comparedLines(predicted, { remedies })).toEqual([
      'You predicted 1 of 2 results.',
      '  be-liberal  no-effect, not cured',
    ]);
  });
});
