import { ofLab, type FigureGroup } from './figure.ts';
import { A_SCRIPT } from './needs.ts';

export const k6: FigureGroup = {
  title: 'A k6 script',
  intro:
    'Of several k6 scripts in one phase these are the last one’s. `requests.late` of a script is 0: k6 does not start late, it drops.',
  figures: [
    ofLab({
      name: 'checks.passed',
      unit: 'count',
      doc: 'The script’s checks that passed, in all its pods.',
      source: 'k6’s samples',
      needs: A_SCRIPT,
    }),
    ofLab({
      name: 'checks.failed',
      unit: 'count',
      doc: 'The same of those that failed.',
      source: 'k6’s samples',
      needs: A_SCRIPT,
    }),
    ofLab({
      name: 'checks.rate',
      unit: '0 to 1',
      doc: 'Passed / both, as k6 counts it: 1 is the best. Absent where the script checked nothing.',
      source: 'k6’s samples',
      needs: A_SCRIPT,
    }),
    ofLab({
      name: 'checks.failed.rate',
      unit: '0 to 1',
      doc: 'Failed / both.',
      source: 'k6’s samples',
      needs: A_SCRIPT,
      loss: true,
    }),
    ofLab({
      name: 'threshold.METRIC',
      values: { like: /./, which: 'a metric of the script' },
      unit: '0 or 1',
      doc: '1 where all the script’s thresholds on this metric hold, in every pod. A submetric is `threshold.METRIC{TAG:VALUE}`.',
      source: 'k6’s `--summary-export`',
      needs: A_SCRIPT,
    }),
  ],
};
