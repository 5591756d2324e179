import { sayOutcome, type Headline, type Outcome } from '../schema/outcome.ts';
import { hanging, type Paint } from './layout.ts';

type Colour = 'green' | 'red' | 'yellow';

/** Yellow: neither good nor bad. */
export const HEADLINE_COLOURS: Readonly<Record<Headline, Colour>> = {
  PASSED: 'green',
  FAILED: 'red',
  INCONCLUSIVE: 'yellow',
  'NOT RUN': 'yellow',
  INTERRUPTED: 'yellow',
  'NOT RESTORED': 'red',
};

const INDENT = '  ';

/** The headline of a screen, wrapped. @param name what was run */
export function headlineLines(
  name: string,
  outcome: Outcome,
  width: number,
  paint: Paint,
): readonly string[] {
  const { headline } = outcome;
  const [first, ...rest] = hanging(sayOutcome(name, outcome), width, INDENT);
  return [`${paint(['bold', HEADLINE_COLOURS[headline]], headline)}${first.slice(headline.length)}`, ...rest];
}
