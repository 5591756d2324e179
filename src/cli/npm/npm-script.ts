import { dirname, isAbsolute, relative, sep } from 'node:path';
import { NPX, scriptIn, typed } from '../../report/rerun.ts';

/** This package's npm scripts that are commands, and the script through which any command can be typed as in each. */
const SCRIPTS: Readonly<Record<string, 'scenario' | 'tablefull'>> = {
  scenario: 'scenario',
  tablefull: 'tablefull',
  matrix: 'tablefull',
  claims: 'tablefull',
};

/** How this process’ commands are typed: through which npm script, or `npx`; undefined: by their name alone. */
export function npmScript(env: Readonly<NodeJS.ProcessEnv>): string | undefined {
  const { npm_lifecycle_event: script } = env;
  if (script === NPX) return NPX;
  const through = script !== undefined && Object.hasOwn(SCRIPTS, script) ? SCRIPTS[script] : undefined;
  return through && scriptIn(prefixFolder(env), through);
}

/**
 * The folder that the user named by `npm --prefix`, or needs to: the package's, where npm was called outside
 * of it. npm sets `npm_config_prefix` without that option, too (npm 11).
 */
export function prefixFolder({
  npm_package_json: manifest,
  INIT_CWD: folder,
}: Readonly<NodeJS.ProcessEnv>): string | undefined {
  if (manifest === undefined || folder === undefined || folder === '') return undefined;
  const way = relative(dirname(manifest), folder);
  return way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way) ? dirname(manifest) : undefined;
}

/** A command as the user of this process would type it. */
export function typedHere(
  { env }: { readonly env: Readonly<NodeJS.ProcessEnv> },
  ...words: readonly string[]
): string {
  return typed(npmScript(env), words);
}

/**
 * The folder in which the user called npm. npm runs a script in the package's folder, but the user's paths
 * are relative to the other.
 *
 * @returns undefined where npm runs another package's script, or none
 */
export function callersFolder(env: Readonly<NodeJS.ProcessEnv>): string | undefined {
  const { npm_package_name: name, npm_lifecycle_event: script, INIT_CWD: folder } = env;
  const isOurs = name === 'tablefull' && script !== undefined && Object.hasOwn(SCRIPTS, script);
  return isOurs && folder !== '' ? folder : undefined;
}
