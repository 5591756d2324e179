import { defineFigures, type FigureGroup } from './figure.ts';
import { A_SCRIPT } from './needs.ts';

export const k6: FigureGroup = {
  title: 'A k6 script',
  intro:
    'With several k6 scripts in a phase, only the last one’s values are kept. `requests.late` of a script is 0: k6 drops requests instead of starting them late.',
  figures: defineFigures(
    'lab',
    { source: 'k6’s samples', needs: A_SCRIPT },
    {
      'checks.passed': { unit: 'count', doc: 'The script’s checks that passed, in all its pods.' },
      'checks.failed': { unit: 'count', doc: 'The same for failed checks.' },
      'checks.rate': {
        unit: '0 to 1',
        doc: 'Passed / both, as k6 counts it: 1 is the best. Absent where the script checked nothing.',
      },
      'checks.failed.rate': { unit: '0 to 1', doc: 'Failed / both.', loss: true },
      'threshold.METRIC': {
        values: { like: /./, which: 'a metric of the script' },
        unit: '0 or 1',
        doc: '1 if all the script’s thresholds on this metric hold in every pod. A submetric is `threshold.METRIC{TAG:VALUE}`.',
        source: 'k6’s `--summary-export`',
      },
    },
  ),
};
