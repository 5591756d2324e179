import { NPX, typed } from '../report/rerun.ts';

/** This package's npm scripts that are commands, and the script through which any command can be typed as in each. */
const SCRIPTS: Readonly<Record<string, 'scenario' | 'tablefull'>> = {
  scenario: 'scenario',
  tablefull: 'tablefull',
  matrix: 'tablefull',
  claims: 'tablefull',
};

/** How this process’ commands are typed: through which npm script, or `npx`; undefined: by their name alone. */
export function npmScript({ npm_lifecycle_event: script }: Readonly<NodeJS.ProcessEnv>): string | undefined {
  if (script === NPX) return NPX;
  return script !== undefined && Object.hasOwn(SCRIPTS, script) ? SCRIPTS[script] : undefined;
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
