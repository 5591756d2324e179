import { ofLab, type FigureGroup } from './figure.ts';
import { demands } from './needs.ts';

const RECONNECT = demands('reconnect');

export const reconnect: FigureGroup = {
  title: 'A crowd that reconnects',
  intro: 'In seconds since the backend’s restart.',
  figures: [
    ofLab({
      name: 'back.late',
      unit: '0 to 1',
      doc: 'Of the clients, those that were not connected within the scenario’s patience of their attempt.',
      source: 'the load',
      needs: RECONNECT,
      loss: true,
    }),
    ofLab({
      name: 'back.half',
      unit: 's',
      doc: 'Until half of the clients were connected again. Absent: they were not.',
      source: 'the load',
      needs: RECONNECT,
    }),
    ofLab({
      name: 'back.all',
      unit: 's',
      doc: 'Until the last one was, however late. Absent where some never were.',
      source: 'the load',
      needs: RECONNECT,
    }),
  ],
};
