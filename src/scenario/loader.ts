import { stat } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Scenario } from './define.ts';

/** How the name of a scenario's module may end: what Node runs as it is. */
export const SCENARIO_ENDINGS: readonly string[] = ['.ts', '.mts', '.js', '.mjs'];

/** Is this a file's name rather than a scenario's? */
export function isPath(name: string): boolean {
  return name.includes('/') || extname(name) !== '';
}

/**
 * Imports a scenario's module.
 *
 * @throws Error in one line naming the file, the place in it where that is known, and the mend
 */
export async function loadScenario(path: string): Promise<Scenario> {
  if (!SCENARIO_ENDINGS.includes(extname(path))) {
    throw new Error(`${path}: a scenario is a module: its name ends in ${SCENARIO_ENDINGS.join(', ')}`);
  }
  const file = await stat(path).catch(() => undefined);
  if (file?.isFile() !== true) throw new Error(`${path}: there is no such file`);
  const module = await importModule(path);
  if (isScenario(module.default)) return module.default;
  throw new Error(`${path}: export default defineScenario({ … }) is missing`);
}

async function importModule(path: string): Promise<{ readonly default?: unknown }> {
  try {
    return (await import(pathToFileURL(resolve(path)).href)) as { readonly default?: unknown };
  } catch (error) {
    const { message = String(error), stack = '' } = error as Partial<Error>;
    // The stack of a syntax error in TypeScript begins with where it is, that of a thrown error with where it was thrown.
    const [, place = ''] = stack.split(`${resolve(path)}:`);
    const line = /^\d+/.exec(place)?.[0];
    const why = message.split('\n')[0] ?? '';
    throw new Error(`${path}${line === undefined ? '' : `:${line}`}: ${why}`, { cause: error });
  }
}

function isScenario(value: unknown): value is Scenario {
  if (typeof value !== 'object' || value === null) return false;
  const { name, summary, params, protocol } = value as Partial<Record<keyof Scenario, unknown>>;
  return (
    typeof name === 'string' &&
    typeof summary === 'string' &&
    typeof params === 'object' &&
    params !== null &&
    typeof protocol === 'function'
  );
}
