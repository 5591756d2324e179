/** This package's npm scripts that run a scenario. */
const RUN_SCRIPTS: readonly string[] = ['scenario', 'tablefull'];
/** This package's npm scripts that are commands. */
const SCRIPTS: readonly string[] = [...RUN_SCRIPTS, 'matrix', 'claims'];

/** The npm script that started this process; undefined where none of ours did. */
export function npmScript(env: Readonly<NodeJS.ProcessEnv>): string | undefined {
  return RUN_SCRIPTS.find((script) => script === env.npm_lifecycle_event);
}

/**
 * The folder in which the user called npm. npm runs a script in the package's folder, but the user's paths
 * are relative to the other.
 *
 * @returns undefined where npm runs another package's script, or none
 */
export function callersFolder(env: Readonly<NodeJS.ProcessEnv>): string | undefined {
  const { npm_package_name: name, npm_lifecycle_event: script, INIT_CWD: folder } = env;
  const isOurs = name === 'tablefull' && script !== undefined && SCRIPTS.includes(script);
  return isOurs && folder !== '' ? folder : undefined;
}
