import { Option } from 'commander';
import { SQUEEZES } from '../../change/squeezes.ts';
import { INCONCLUSIVE_AS, type InconclusiveAs } from '../../schema/inconclusive-as.ts';
import { duration, whole } from './values.ts';

/** The options that `run`, `test` and `matrix` have in common, as commander gives them. */
export interface SharedOptions {
  readonly lab?: string;
  readonly seed?: number;
  /** ms. */
  readonly wait?: number;
  readonly retryInconclusive: number;
  readonly inconclusive: InconclusiveAs;
  readonly out?: string;
  readonly json: boolean;
  readonly quiet: boolean;
  /** False with `--no-commands`: files that bring programs are refused. */
  readonly commands: boolean;
}

export function squeezeOption(): Option {
  return new Option(
    '--squeeze <how>',
    'how free entries are taken away (default: the lab’s, ballast or sysctl)',
  ).choices(SQUEEZES);
}

export function seedOption(): Option {
  const option = new Option('--seed <number>', 'the seed of random choices (default: drawn and shown)');
  return option.argParser(whole(0));
}

/** Runs of a suite or a matrix at once. */
export function jobsOption(): Option {
  const option = new Option('--jobs <number>', 'runs side by side (default: 2 per core, at most 4)');
  return option.argParser(whole(1));
}

/** For every command that opens a lab. */
export function waitOption(): Option {
  return new Option(
    '--wait <duration>',
    'how long to wait for another run that holds the machine’s conntrack limit (default: 1m)',
  ).argParser(duration);
}

/** What to do with results that say nothing. @param times the default of the retries */
export function inconclusiveOptions(times = 0): Option[] {
  return [
    new Option('--retry-inconclusive <times>', 'repeat what is inconclusive up to this many times')
      .argParser(whole(0))
      .default(times, String(times)),
    new Option('--inconclusive <as>', 'what an inconclusive run counts as: neither is exit code 2')
      .choices(INCONCLUSIVE_AS)
      .default('neither', 'neither'),
  ];
}

/** A recorded run or suite to compare with. */
export function baselineOption(): Option {
  return new Option(
    '--baseline <folder>',
    'compare with this recorded run or suite; exit code 1 where a verdict changed',
  );
}

/** For every command that takes a stranger's files. */
export function noCommandsOption(): Option {
  return new Option(
    '--no-commands',
    'refuse files that bring programs: modules, k6 scripts, changes that run commands or containers',
  );
}

export function jsonOption(): Option {
  return new Option('--json', 'one JSON document on stdout').default(false);
}

export function dryRunOption(): Option {
  return new Option('--dry-run', 'print each command and change in order; do nothing').default(false);
}
