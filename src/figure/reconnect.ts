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
        doc: 'The share of clients not connected within the scenario’s patience after their attempt.',
        loss: true,
      },
      'back.half': { doc: 'Until half of the clients were connected again. Absent: never.' },
      'back.all': { doc: 'Until the last client was connected, however late. Absent where some never were.' },
    },
  ),
};
