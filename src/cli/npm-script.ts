const SCRIPTS = ['scenario', 'tablefull'];

/** The npm script that started this process; undefined where none of ours did. */
export function npmScript(env: Readonly<NodeJS.ProcessEnv>): string | undefined {
  return SCRIPTS.find((script) => script === env.npm_lifecycle_event);
}
