import { shellWord } from '../util/shell-word.ts';
import type { RunHeader } from '../schema/history.ts';

/** The command that reruns a run with the same seed, for a POSIX shell. Drops `--out`: that folder is taken. */
export function rerunCommand({ argv, seed, script }: RunHeader): string {
  const seeded = argv.some((word) => word === '--seed' || word.startsWith('--seed='));
  const words = [...withoutFolder(argv), ...(seeded ? [] : ['--seed', String(seed)])];
  return started(script, words).map(shellWord).join(' ');
}

/** The command that explains the scenario; undefined for a user's file. */
export function explainCommand({ argv, scenario, script }: RunHeader): string | undefined {
  if (!argv.includes(scenario)) return undefined;
  const words = ['explain', scenario];
  return (script === undefined ? ['tablefull', ...words] : ['npm', 'run', 'tablefull', '--', ...words]).join(
    ' ',
  );
}

function withoutFolder(argv: readonly string[]): readonly string[] {
  return argv.filter((word, i) => word !== '--out' && !word.startsWith('--out=') && argv[i - 1] !== '--out');
}

/** `npm run scenario NAME -- OPTIONS` is `tablefull run NAME OPTIONS`. */
function started(script: string | undefined, words: readonly string[]): readonly string[] {
  if (script === 'scenario') return ['npm', 'run', script, '--', ...words.slice(1)];
  return script === 'tablefull' ? ['npm', 'run', script, '--', ...words] : ['tablefull', ...words];
}
