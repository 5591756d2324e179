import { eachText } from '../util/printable.ts';
import { shellWord } from '../util/shell-word.ts';
import type { Suite } from '../schema/suite.ts';
import type { RunHeader } from '../schema/run-header.ts';

/** What npx calls its script. */
export const NPX = 'npx';

/** The command that reruns a run with the same seed, for a POSIX shell. Drops `--out`: that folder is taken. */
export function rerunCommand({ argv, seed, script }: RunHeader): string {
  const seeded = argv.some((word) => word === '--seed' || word.startsWith('--seed='));
  const words = [...withoutFolder(argv), ...(seeded ? [] : ['--seed', String(seed)])];
  return typed(script, words);
}

/** The command that reruns a suite with the same seed. @param names only these of its runs */
export function rerunSuite({ file, seed, runs, script }: Suite, names: readonly string[]): string {
  const only = names.length === runs.length ? [] : ['--only', names.join(',')];
  return typed(script, ['test', file, ...only, '--seed', String(seed)]);
}

/** The command that explains the scenario; undefined for a user's file. */
export function explainCommand({ argv, scenario, script }: RunHeader): string | undefined {
  if (!argv.includes(scenario)) return undefined;
  return typed(script, ['explain', scenario]);
}

/**
 * A command as its user would type it, for a POSIX shell: as through npm, if the last one came so.
 *
 * @param script the npm script that started this process
 */
export function typed(script: string | undefined, words: readonly string[]): string {
  return [...start(script, words)].map(shellWord).join(' ');
}

/**
 * A text, or a document of texts, whose commands are as the reader can type them. Deeper layers write them in backticks
 * and as the installed program: `tablefull restore`.
 *
 * @param script the npm script that started this process
 */
export function asTyped<T>(script: string | undefined, value: T): T {
  if (script === undefined) return value;
  return eachText(value, (text) =>
    text.replaceAll(/`(sudo )?tablefull ([^`]+)`/g, (_, sudo: string | undefined, words: string) => {
      return `\`${sudo ?? ''}${start(script, words.split(' ')).join(' ')}\``;
    }),
  );
}

function withoutFolder(argv: readonly string[]): readonly string[] {
  return argv.filter((word, i) => word !== '--out' && !word.startsWith('--out=') && argv[i - 1] !== '--out');
}

/** `npm run scenario NAME -- OPTIONS` is `tablefull run NAME OPTIONS`. */
function start(script: string | undefined, words: readonly string[]): readonly string[] {
  if (script === undefined) return ['tablefull', ...words];
  if (script === NPX) return [NPX, 'tablefull', ...words];
  if (script === 'scenario' && words[0] === 'run') return ['npm', 'run', script, '--', ...words.slice(1)];
  return ['npm', 'run', 'tablefull', '--', ...words];
}
