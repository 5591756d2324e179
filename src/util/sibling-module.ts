import { extname } from 'node:path';

/** Modules are TypeScript in a clone and JavaScript in the built package: `.ts` or `.js`. */
export const MODULE_ENDING = extname(import.meta.url);

/**
 * A module that a thread or a process of its own starts with.
 *
 * @param from `import.meta.url` of the caller
 * @param name relative to it, without its ending: `./thread`
 */
export function siblingModule(from: string, name: string): URL {
  return new URL(`${name}${MODULE_ENDING}`, from);
}
