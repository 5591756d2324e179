import { isAnswer } from '../load/outcome-words.ts';
import { kindOf } from '../load/index.ts';
import { defineFigures, type FigureGroup } from './figure.ts';
import type { Lab } from './lab.ts';
import { demands } from './needs.ts';

export const exchange: FigureGroup = {
  title: 'Clients that ask repeatedly',
  intro: 'Of a demand `exchange`.',
  figures: defineFigures(
    'lab',
    { unit: '0 to 1', source: '`outcomes`', needs: demands('exchange') },
    {
      'clients.stuck': {
        doc: 'The share of clients whose last question was not answered: those that a fault in the middle of the phase has not let go.',
        loss: true,
        of: stuck,
      },
    },
  ),
};

/** Each client asks once in a round, so the questions that were due last are one of each client. */
function stuck({ phase, demand }: Lab): number | undefined {
  if (demand.kind !== 'exchange') return undefined;
  const { unit } = kindOf(demand);
  const last = phase
    .ofType('outcomes')
    .filter((each) => each.unit === unit)
    .flatMap(({ outcome, due }) => due.map((at) => ({ at, met: isAnswer(outcome) })))
    .sort((one, other) => one.at - other.at)
    .slice(-demand.clients);
  return last.length === 0 ? undefined : last.filter(({ met }) => !met).length / last.length;
}
