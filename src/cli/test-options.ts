import { Option } from 'commander';
import type { InconclusiveAs } from '../schema/inconclusive-as.ts';
import { reporterOption, type ReporterOption } from './github.ts';
import { inconclusiveOptions } from './inconclusive-options.ts';
import { noCommandsOption } from './no-commands.ts';
import { names, whole } from './option-values.ts';
import { waitOption, type WaitOption } from './wait-option.ts';

/** The options of `test`, as commander gives them. */
export interface TestOptions extends ReporterOption, WaitOption {
  readonly lab?: string;
  readonly only?: readonly string[];
  readonly seed?: number;
  readonly jobs?: number;
  readonly retryInconclusive: number;
  readonly inconclusive: InconclusiveAs;
  readonly baseline?: string;
  readonly out?: string;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly dryRun: boolean;
  /** False with `--no-commands`: files that bring programs are refused. */
  readonly commands: boolean;
}

/** A recorded run or suite to compare with, for `run` and `test`. */
export function baselineOption(): Option {
  return new Option(
    '--baseline <folder>',
    'compare with this recorded run or suite; exit code 1 where a verdict changed',
  );
}

/** The options of `test`, typed by `TestOptions`. A new list per call: commander keeps state in them. */
export function testOptions(): Option[] {
  return [
    new Option('--lab <name>', 'the lab of runs that name none (also TABLEFULL_LAB; default: netns)'),
    new Option('--only <names>', 'only these runs of the suite, by name').argParser(names),
    ...inconclusiveOptions(),
    new Option('--seed <number>', 'the seed of random choices (default: drawn and shown)').argParser(
      whole(0),
    ),
    new Option('--jobs <number>', 'runs side by side (default: 1.5 per core, at most 4)').argParser(whole(1)),
    waitOption(),
    baselineOption(),
    new Option('--out <folder>', 'the suite’s folder (default: a new one in ./runs)'),
    reporterOption(),
    new Option('--json', 'one JSON document on stdout').default(false),
    new Option('--quiet', 'print the results only').default(false),
    new Option('--dry-run', 'print each command and change in order; do nothing').default(false),
    noCommandsOption(),
  ];
}
