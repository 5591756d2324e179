import { defineFigures, type FigureGroup } from './figure.ts';
import { AN_OWN_LOAD, ownFigures } from './needs.ts';

export const own: FigureGroup = {
  title: 'A load of one’s own',
  figures: defineFigures(
    'lab',
    { source: 'the load', needs: AN_OWN_LOAD },
    {
      'own.NAME': {
        values: { like: /./, which: 'a figure that the load declares' },
        declared: (protocol) => ownFigures(protocol).map((name) => `own.${name}`),
        unit: 'count',
        doc: 'Measured by a load of one’s own, which declares its meaning.',
      },
    },
  ),
};
