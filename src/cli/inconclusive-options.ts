import { Option } from 'commander';
import { INCONCLUSIVE_AS } from '../schema/inconclusive-as.ts';
import { whole } from './option-values.ts';

/** What to do with results that say nothing, for `run`, `test` and `matrix`. @param times the default of the retries */
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
