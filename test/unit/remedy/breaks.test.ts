import { expect, it } from 'vitest';
import { SCENARIOS } from '../../../scenarios/index.ts';
import { REMEDIES } from '../../../src/remedy/index.ts';
import { rowName } from '../../../src/schema/matrix.ts';

const ROWS = SCENARIOS.flatMap(({ name, matrix }) =>
  matrix.map((params) => rowName({ scenario: name, params: { ...params } })),
);

it.each(REMEDIES.filter(({ breaks }) => breaks !== undefined))(
  'what $name breaks is shown by a row of the matrix',
  ({ breaks }) => {
    expect(ROWS).toContain(breaks?.shownBy);
  },
);
