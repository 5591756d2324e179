import { Option } from 'commander';
import { SQUEEZES } from '../change/squeezes.ts';
import { matrixOptions } from './matrix-options.ts';
import { clusterName, names, pairs, whole } from './option-values.ts';
import type { OwnOption } from './swallowed.ts';

/** The options of `run`; `RunOptions` has their types. A new list each time: commander keeps state in them. */
export function runOptions(): Option[] {
  return [
    new Option('--lab <name>', 'where to run it (also TABLEFULL_LAB; default: netns)'),
    new Option(
      '--reuse <cluster>',
      'with --lab kind: a cluster that `lab up` made, instead of a new one',
    ).argParser(clusterName),
    new Option(
      '--squeeze <how>',
      'how the table is made small (default: the lab’s, ballast or sysctl)',
    ).choices(SQUEEZES),
    new Option(
      '--remedy <names>',
      'only these remedies, in this order: by name, raise-max-to-N, sysctl:NAME=VALUE, or a YAML file; none: the symptom alone',
    ).argParser(names),
    new Option('--expect <name=status,…>', 'what you expect, of a remedy or of `symptom`')
      .argParser(pairs)
      .default({}, 'the scenario’s'),
    new Option('--param <name=value>', 'a parameter of the scenario; repeatable')
      .argParser(pairs)
      .default({}, 'the first value of each'),
    new Option('--control', 'everything but the fault: the symptom must stay away').default(false, 'off'),
    new Option(
      '--single-pass',
      'try each remedy on a fresh table only; confirm the fault once, after the last',
    ).default(false, 'off'),
    new Option('--brief', 'the old name of --single-pass').implies({ singlePass: true }).hideHelp(),
    new Option(
      '--seed <number>',
      'makes the random choices the same again (default: drawn, and shown)',
    ).argParser(whole(0)),
    new Option(
      '--pace <times>',
      'offer the demand over so many times as long (default: as this machine keeps up with)',
    ).argParser(whole(1)),
    new Option('--repeat <times>', 'run it so often, each with the next seed')
      .argParser(whole(1))
      .conflicts('keepLab'),
    new Option('--out <folder>', 'the run’s folder (default: a new one in ./runs)'),
    new Option('--json', 'one JSON document on stdout').default(false, 'off'),
    new Option('--quiet', 'the verdict only').default(false, 'off'),
    new Option('--dry-run', 'print each command and sysctl change in order, and do nothing').default(
      false,
      'off',
    ),
    new Option('--keep-lab', 'leave the lab standing after the verdict, until Ctrl-C').default(false, 'off'),
  ];
}

/** The same, for telling which of them npm took for its own. */
export function ownOptions(): readonly OwnOption[] {
  const all = new Map([...matrixOptions(), ...runOptions()].map((option) => [option.name(), option]));
  return [...all.values()].map((option) => ({ name: option.name(), takesValue: option.required }));
}
