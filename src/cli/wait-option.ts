import { Option } from 'commander';
import { duration } from './option-values.ts';

/** For every command that opens a lab. */
export interface WaitOption {
  /** ms. */
  readonly wait?: number;
}

export function waitOption(): Option {
  return new Option(
    '--wait <duration>',
    'how long to wait for another run that holds the machine’s conntrack limit (default: 1m)',
  ).argParser(duration);
}
