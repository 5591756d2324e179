import { npmRun } from '../../report/rerun.ts';
import { prefixFolder } from './npm-script.ts';

export interface OwnOption {
  /** `keep-lab` */
  readonly name: string;
  readonly takesValue: boolean;
}

/** npm has options of these names too: its own configuration may set them. */
const NPM_HAS_TOO: readonly string[] = ['json', 'dry-run'];

/**
 * The corrected command where npm consumed our options. `npm run scenario saturate --lab kind` passes on
 * `saturate kind` and sets `npm_config_lab=true` (measured with npm 11). `--quiet` can't be detected: npm
 * uses it as its log level.
 *
 * @param argv what npm passed on
 * @returns undefined where npm consumed nothing
 */
export function withoutNpm(
  argv: readonly string[],
  env: Readonly<NodeJS.ProcessEnv>,
  options: readonly OwnOption[],
): string | undefined {
  const script = env.npm_lifecycle_event;
  if (script === undefined || env.npm_command === 'exec') return undefined;
  // npm passes on options only after `--`, so one in argv proves that it was typed.
  const separated = argv.some((word) => word.startsWith('-'));
  const taken = options.flatMap((option) => {
    const value = env[`npm_config_${option.name.replaceAll('-', '_')}`];
    if (value === undefined || value === '' || (separated && NPM_HAS_TOO.includes(option.name))) return [];
    return [{ ...option, value }];
  });
  if (taken.length === 0) return undefined;

  // The verb that the script itself adds: `node src/cli/main.ts run`.
  const [verb = '', ...rest] = argv;
  const typedVerb = env.npm_lifecycle_script?.endsWith(` ${verb}`) === true ? [] : [verb];
  // `--lab kind` leaves its value after the scenario. With two such options, their values are ambiguous.
  const valueless = taken.filter(({ takesValue, value }) => takesValue && value === 'true').length;
  const [scenario, ...values] = rest;
  const matched = valueless > 0 && scenario !== undefined && values.length === valueless;
  const kept = matched ? [scenario] : rest;
  const only = matched && valueless === 1 ? values[0] : undefined;
  const retyped = taken.map(({ name, takesValue, value }) => {
    if (!takesValue) return `--${name}`;
    return `--${name} ${value === 'true' ? (only ?? name.toUpperCase()) : value}`;
  });
  return `${npmRun(prefixFolder(env))} ${[script, ...typedVerb, ...kept, '--', ...retyped].join(' ')}`;
}
