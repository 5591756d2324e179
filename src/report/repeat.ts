import { shellWord } from '../run/shell-word.ts';
import type { RunHeader } from '../run/history.ts';

/** The exact command that repeats a run: its own arguments, and its seed where that was drawn. For a POSIX shell. */
export function repeatCommand({ argv, seed, script }: RunHeader): string {
  const seeded = argv.some((word) => word === '--seed' || word.startsWith('--seed='));
  const words = [...argv, ...(seeded ? [] : ['--seed', String(seed)])];
  return started(script, words).map(shellWord).join(' ');
}

/** `npm run scenario NAME -- OPTIONS` is `tablefull run NAME OPTIONS`. */
function started(script: string | undefined, words: readonly string[]): readonly string[] {
  if (script === 'scenario') return ['npm', 'run', script, '--', ...words.slice(1)];
  return script === 'tablefull' ? ['npm', 'run', script, '--', ...words] : ['tablefull', ...words];
}
