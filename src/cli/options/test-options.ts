import { Option } from 'commander';
import { reporterOption, type ReporterOption } from '../screen/github.ts';
import { names } from './values.ts';
import * as shared from './shared-options.ts';

/** The options of `test`, as commander gives them. */
export interface TestOptions extends ReporterOption, shared.SharedOptions {
  readonly only?: readonly string[];
  readonly jobs?: number;
  readonly baseline?: string;
  readonly dryRun: boolean;
}

/** The options of `test`, typed by `TestOptions`. A new list per call: commander keeps state in them. */
export function testOptions(): Option[] {
  return [
    new Option('--lab <name>', 'the lab of runs that name none (also TABLEFULL_LAB; default: netns)'),
    new Option('--only <names>', 'only these runs of the suite, by name').argParser(names),
    ...shared.inconclusiveOptions(),
    shared.seedOption(),
    shared.jobsOption(),
    shared.waitOption(),
    shared.baselineOption(),
    new Option('--out <folder>', 'the suite’s folder (default: a new one in ./runs)'),
    reporterOption(),
    shared.jsonOption(),
    new Option('--quiet', 'print the results only').default(false),
    shared.dryRunOption(),
    shared.noCommandsOption(),
  ];
}
