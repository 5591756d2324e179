import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { siblingModule } from './sibling-module.ts';

/** This package's entry, which modules of users import. */
const ENTRY = siblingModule(import.meta.url, '../index').href;

/**
 * What `tablefull` and `tablefull/scenarios/NAME.js` mean in a user's module, wherever it is.
 *
 * @throws Error where there is no such scenario
 */
function packageModule(specifier: string): string | undefined {
  if (specifier === 'tablefull') return ENTRY;
  const [, name] = /^tablefull\/scenarios\/([a-z0-9-]+)(?:\.[jt]s)?$/.exec(specifier) ?? [];
  if (name === undefined) return undefined;
  const url = siblingModule(import.meta.url, `../../scenarios/${name}`);
  if (existsSync(url)) return url.href;
  throw new Error(`there is no ${specifier}; \`tablefull list\` shows the scenarios`);
}

/**
 * Imports a user's module, which runs its code. `tablefull` resolves to this package, and the file is a module
 * wherever it is. It is read as TypeScript: for syntax errors in plain JavaScript, Node gives no position.
 */
export async function importOwn(url: string): Promise<unknown> {
  const hooks = registerHooks({
    resolve: (specifier, context, next) => {
      const own = packageModule(specifier);
      if (own !== undefined) return next(own, context);
      const resolved = next(specifier, context);
      return resolved.url === url ? { ...resolved, format: 'module-typescript' } : resolved;
    },
  });
  try {
    return await import(url);
  } finally {
    hooks.deregister();
  }
}
