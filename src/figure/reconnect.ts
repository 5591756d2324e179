import { defineFigures, type FigureGroup } from './figure.ts';
import { demands } from './needs.ts';

export const reconnect: FigureGroup = {
  title: 'A crowd that reconnects',
  intro: 'In seconds since the backend’s restart.',
  figures: defineFigures(
    'lab',
    { unit: 's', source: 'the load', needs: demands('reconnect') },
    {
      'back.late': {
        unit: '0 to 1',
        doc: 'Of the clients, those that were not connected within the scenario’s patience of their attempt.',
        loss: true,
      },
      'back.half': { doc: 'Until half of the clients were connected again. Absent: they were not.' },
      'back.all': { doc: 'Until the last one was, however late. Absent where some never were.' },
    },
  ),
};
