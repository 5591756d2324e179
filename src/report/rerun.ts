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
  const { front, rest } = start(script, words);
  return [...front, ...rest.map(shellWord)].join(' ');
}

/** `npm run`, for a POSIX shell. @param folder of the package, where npm would not find it by itself */
export function npmRun(folder: string | undefined): string {
  return folder === undefined ? 'npm run' : `npm --prefix ${shellWord(folder)} run`;
}

/** What `typed` takes as a script, of one in this folder. */
export function scriptIn(folder: string | undefined, script: string): string {
  return folder === undefined ? script : `${script} --prefix ${folder}`;
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
      const { front, rest } = start(script, words.split(' '));
      return `\`${sudo ?? ''}${[...front, ...rest].join(' ')}\``;
    }),
  );
}

function withoutFolder(argv: readonly string[]): readonly string[] {
  return argv.filter((word, i) => word !== '--out' && !word.startsWith('--out=') && argv[i - 1] !== '--out');
}

/**
 * How a command starts, and the words after that. `npm run scenario NAME -- OPTIONS` is `tablefull run NAME
 * OPTIONS`.
 */
function start(
  script: string | undefined,
  words: readonly string[],
): { readonly front: readonly string[]; readonly rest: readonly string[] } {
  if (script === undefined) return { front: ['tablefull'], rest: words };
  if (script === NPX) return { front: [NPX, 'tablefull'], rest: words };
  const [, name = script, folder] = /^(\S+) --prefix (.+)$/s.exec(script) ?? [];
  const npm = npmRun(folder);
  return name === 'scenario' && words[0] === 'run'
    ? { front: [npm, name, '--'], rest: words.slice(1) }
    : { front: [npm, 'tablefull', '--'], rest: words };
}
