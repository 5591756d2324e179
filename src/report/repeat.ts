import type { RunHeader } from '../run/history.ts';

/** The exact command that repeats a run: its own arguments, and its seed where that was drawn. For a POSIX shell. */
export function repeatCommand({ argv, seed }: RunHeader): string {
  const seeded = argv.some((word) => word === '--seed' || word.startsWith('--seed='));
  return ['tablefull', ...argv, ...(seeded ? [] : ['--seed', String(seed)])].map(quoted).join(' ');
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
