import { Option } from 'commander';
import { SQUEEZES } from '../change/squeezes.ts';
import { clusterName, names, whole } from './option-values.ts';

/** The options of `matrix`; `MatrixOptions` has their types. A new list each time: commander keeps state in them. */
export function matrixOptions(): Option[] {
  return [
    new Option('--lab <name>', 'where to run it (also TABLEFULL_LAB; default: netns)'),
    new Option(
      '--reuse <cluster>',
      'with --lab kind: the cluster that all its runs take, made by `lab up`',
    ).argParser(clusterName),
    new Option(
      '--squeeze <how>',
      'how the table is made small (default: the lab’s, ballast or sysctl)',
    ).choices(SQUEEZES),
    new Option('--quick', 'the first row of each scenario, with the remedies that it names').default(
      false,
      'off',
    ),
    new Option(
      '--only <names>',
      'these scenarios, or rows (`boom segment=below`), and these remedies, `symptom` or `control`; SCENARIO/REMEDY adds one cell',
    ).argParser(names),
    new Option(
      '--seed <number>',
      'makes the random choices the same again (default: drawn, and shown)',
    ).argParser(whole(0)),
    new Option(
      '--jobs <number>',
      'runs side by side (default: one and a half a core, 4 at the most)',
    ).argParser(whole(1)),
    new Option('--repeat <times>', 'the whole so often, each with the next seed').argParser(whole(1)),
    new Option('--resume <folder>', 'run what is missing or inconclusive in a matrix’ folder').conflicts([
      'lab',
      'reuse',
      'squeeze',
      'quick',
      'only',
      'seed',
      'repeat',
      'out',
    ]),
    new Option('--out <folder>', 'the matrix’ folder (default: a new one in ./runs)'),
    new Option('--json', 'one JSON document on stdout').default(false, 'off'),
    new Option('--quiet', 'the matrix only').default(false, 'off'),
  ];
}
