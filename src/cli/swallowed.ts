/** An option of ours, as npm sees it. */
export interface OwnOption {
  /** `keep-lab` */
  readonly name: string;
  readonly takesValue: boolean;
}

/** npm has options of these names too: in the environment they may stem from its own configuration. */
const NPM_HAS_TOO: readonly string[] = ['json', 'dry-run'];

/**
 * The line to type instead, where npm took our options for its own: `npm run scenario saturate --lab kind` hands
 * on `saturate kind` alone, and leaves `npm_config_lab=true` in the environment (measured with npm 11).
 *
 * `--quiet` can't be told: npm makes it its log level.
 *
 * @param argv what was handed on
 * @returns undefined where nothing was taken
 */
export function swallowed(
  argv: readonly string[],
  env: Readonly<NodeJS.ProcessEnv>,
  options: readonly OwnOption[],
): string | undefined {
  const script = env.npm_lifecycle_event;
  if (script === undefined || env.npm_command === 'exec') return undefined;
  // npm hands on no option at all unless `--` was typed, so one that came through says that it was.
  const separated = argv.some((word) => word.startsWith('-'));
  const taken = options.flatMap((option) => {
    const value = env[`npm_config_${option.name.replaceAll('-', '_')}`];
    if (value === undefined || value === '' || (separated && NPM_HAS_TOO.includes(option.name))) return [];
    return [{ ...option, value }];
  });
  if (taken.length === 0) return undefined;

  // The script's own verb was not typed: `node src/cli/main.ts run`.
  const [verb = '', ...rest] = argv;
  const typedVerb = env.npm_lifecycle_script?.endsWith(` ${verb}`) === true ? [] : [verb];
  // `--lab kind` left its value behind, after the scenario. Of two such nobody knows which is whose.
  const valueless = taken.filter(({ takesValue, value }) => takesValue && value === 'true').length;
  const [scenario, ...values] = rest;
  const matched = valueless > 0 && scenario !== undefined && values.length === valueless;
  const kept = matched ? [scenario] : rest;
  const only = matched && valueless === 1 ? values[0] : undefined;
  const retyped = taken.map(({ name, takesValue, value }) => {
    if (!takesValue) return `--${name}`;
    return `--${name} ${value === 'true' ? (only ?? name.toUpperCase()) : value}`;
  });
  return `npm run ${[script, ...typedVerb, ...kept, '--', ...retyped].join(' ')}`;
}
