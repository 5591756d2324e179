import { Option } from 'commander';

/** For every command that takes a stranger's files. */
export function noCommandsOption(): Option {
  return new Option(
    '--no-commands',
    'refuse files that bring programs: modules, k6 scripts, changes that run commands or containers',
  );
}
