import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Environment } from './environment.ts';
import type { Problem } from './explain-issue.ts';
import { isFolder } from '../toolchain/k6.ts';
import type { Load } from '../load/index.ts';
import { k6Loads, type Protocol } from '../schema/protocol.ts';

/** A protocol with resolved scripts, or its problems. */
type Equipped = { readonly protocol: Protocol } | { readonly problems: readonly Problem[] };

type Extensions = Readonly<Record<string, string>>;

/**
 * Resolves the k6 scripts and program of a protocol. Without a matching k6 it is skipped.
 *
 * @param folder of the scenario's file, if known
 */
export function equipped(protocol: Protocol, environment: Environment, folder?: string): Equipped {
  const loads = k6Loads(protocol);
  if (loads.length === 0) return { protocol };
  const problems: Problem[] = [];
  let skip = protocol.skip;
  const equip = (load: Load): Load => {
    const [place] = loads.find(([, each]) => each === load) ?? [];
    if (place === undefined || load.kind !== 'k6') return load;
    const script = scriptAt(load.script, folder);
    if (script === undefined) problems.push({ place: `${place}.script`, why: whyNone(load.script, folder) });
    const extensions = Object.fromEntries(
      Object.entries(load.extensions).map(([name, module]) => [name, moduleAt(module, folder)]),
    );
    const program = load.program ?? environment.k6?.(extensions);
    if (program === undefined) skip ??= fixOf(extensions);
    return { ...load, extensions, ...(script && { script }), ...(program && { program }) };
  };
  const demand = equip(protocol.demand);
  const background = Object.fromEntries(
    Object.entries(protocol.background).map(([name, load]) => [name, equip(load)]),
  );
  if (problems.length > 0) return { problems };
  return { protocol: { ...protocol, demand, background, ...(skip !== undefined && { skip }) } };
}

/** A built package has the script as JavaScript, which k6 runs too. */
function scriptAt(script: string, folder: string | undefined): string | undefined {
  const path = pathOf(script, folder);
  return [path, path?.replace(/\.ts$/, '.js')].find((each) => each !== undefined && existsSync(each));
}

function moduleAt(module: string, folder: string | undefined): string {
  return isFolder(module) ? (pathOf(module, folder) ?? module) : module;
}

function pathOf(name: string, folder: string | undefined): string | undefined {
  if (name.startsWith('file:')) return fileURLToPath(name);
  if (name.startsWith('/')) return name;
  return folder === undefined ? undefined : resolve(folder, name);
}

function whyNone(script: string, folder: string | undefined): string {
  if (pathOf(script, folder) !== undefined)
    return `there is no file ${script}; its path starts at the scenario’s folder`;
  return `a module names a script by its URL:  new URL('${script}', import.meta.url).href`;
}

function fixOf(extensions: Extensions): string {
  const modules = Object.values(extensions);
  if (modules.length === 0) return 'k6 not found; build it with `make k6` (needs Go), or set TABLEFULL_K6=…';
  const given = [...new Set(modules)].map((module) => ` --with ${module}`).join('');
  return `k6 with ${Object.keys(extensions).join(', ')} not found; build it with \`npm run k6 --${given}\` (needs Go), or set TABLEFULL_K6=…`;
}
