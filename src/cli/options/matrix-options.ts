import { Option } from 'commander';
import { clusterName, names, whole } from './values.ts';
import * as shared from './shared-options.ts';

/** Other runs beside a cell may have disturbed it: it runs once more, alone. */
const RETRIES = 1;

/** The options of `matrix`, typed by `MatrixOptions`. A new list per call: commander keeps state in them. */
export function matrixOptions(): Option[] {
  return [
    new Option('--lab <name>', 'the lab (also TABLEFULL_LAB; default: netns)'),
    new Option(
      '--reuse <cluster>',
      'with --lab kind: the cluster for all runs, created by `lab up`',
    ).argParser(clusterName),
    shared.squeezeOption(),
    new Option('--quick', 'only the first row of each scenario, with the remedies it names').default(false),
    new Option(
      '--only <names>',
      'only these scenarios or rows (`boom segment=below`), and remedies, `symptom` or `control`; SCENARIO/REMEDY adds one cell',
    ).argParser(names),
    new Option(
      '--remedy <names>',
      'try these on every row instead: names, raise-max-to-N, sysctl:NAME=VALUE, or paths of remedies in YAML, of Kubernetes manifests or of folders with them; nothing is expected of your own',
    ).argParser(names),
    ...shared.inconclusiveOptions(RETRIES),
    shared.seedOption(),
    shared.jobsOption(),
    shared.waitOption(),
    new Option('--repeat <times>', 'repeat the matrix, each time with the next seed').argParser(whole(1)),
    new Option('--resume <folder>', 'run the missing and inconclusive cells of a matrix’ folder').conflicts([
      'lab',
      'reuse',
      'squeeze',
      'quick',
      'only',
      'remedy',
      'seed',
      'repeat',
      'out',
    ]),
    new Option('--out <folder>', 'the matrix’ folder (default: a new one in ./runs)'),
    shared.noCommandsOption(),
    shared.jsonOption(),
    new Option('--quiet', 'print the matrix only').default(false),
  ];
}
