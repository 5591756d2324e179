import { describe, expect, it } from 'vitest';
import { CLAIMS_MATRICES } from '../../../src/cli/screen/pages.ts';
import { judgeClaim } from '../../../src/claims/judge.ts';
import { CLAIMS } from '../../../src/claims/index.ts';
import { readMatrix } from '../../../src/matrix/read.ts';
import { Myths } from '../../../src/workshop/myths.ts';
import { points, type Attempt } from '../../../src/workshop/progress.ts';

const matrices = await Promise.all(CLAIMS_MATRICES.map(readMatrix));
const verdicts = new Map(
  CLAIMS.flatMap(({ claims }) => claims).map((claim) => [claim.says, judgeClaim(claim, matrices).verdict]),
);

/** A quiz and what it shows. */
function quiz(seed: number) {
  const said: string[] = [];
  const kept: Attempt[] = [];
  const myths = new Myths(matrices, seed, {
    print: (lines) => said.push(...lines),
    markdown: (text) => said.push(text),
    keep: (attempt) => Promise.resolve(void kept.push(attempt)),
  });
  /** What the recorded runs say of the statement that is asked. */
  const truth = (): string => said.flatMap((line) => verdicts.get(line) ?? []).at(-1) ?? '';
  return { myths, said, kept, truth };
}

describe('the quiz on myths', () => {
  it('gives a learner who answers by the recorded verdicts all points', async () => {
    const { myths, said, kept, truth } = quiz(3);
    while (await myths.take(truth().slice(0, 1)));
    expect(said.at(-1)).toContain('SCORE  10 of 10');
    expect(kept.map(points)).toEqual([10]);
  });

  it('is no quiz in which “false” is always right', async () => {
    const { myths, said, kept } = quiz(3);
    while (await myths.take('false'));
    expect(said.at(-1)).toContain('SCORE  5 of 10');
    expect(kept.map(points)).toEqual([5]);
  });

  it('shows with each answer the command that makes the evidence', async () => {
    const { myths, said } = quiz(4);
    await myths.take('f');
    expect(said.join('\n')).toMatch(/(RIGHT|WRONG): .*`tablefull run /s);
  });

  it('asks again where it does not understand, and ends early without a score', async () => {
    const { myths, said, kept } = quiz(4);
    expect(await myths.take('perhaps')).toBe(true);
    expect(said.at(-1)).toMatch(/true, partly or false/);
    expect(said.join('\n')).not.toContain('WRONG');
    expect(await myths.take('q')).toBe(false);
    expect(kept).toEqual([]);
  });

  it('draws the same statements for the same seed, and others for another', () => {
    expect(quiz(7).said).toEqual(quiz(7).said);
    expect(quiz(7).said).not.toEqual(quiz(8).said);
  });
});
