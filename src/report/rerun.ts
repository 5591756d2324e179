import { shellWord } from '../util/shell-word.ts';
import type { RunHeader } from '../schema/history.ts';

/**
 * The command that repeats a run: its own arguments, and its seed where that was drawn, for a POSIX shell. Without
 * `--out`: that folder holds the run already, and the command would be refused.
 */
export function rerunCommand({ argv, seed, script }: RunHeader): string {
  const seeded = argv.some((word) => word === '--seed' || word.startsWith('--seed='));
  const words = [...withoutFolder(argv), ...(seeded ? [] : ['--seed', String(seed)])];
  return started(script, words).map(shellWord).join(' ');
}

/** The command that says why; undefined where the scenario is a user's file, which there is no page on. */
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
