import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { cacheFolder, findProgram } from '../../../../toolchain/programs.ts';
import { docker } from '../docker.ts';

/** The node image that `make kind-image` builds. */
export const OWN_IMAGE = 'tablefull/node:v1.34.4';
/** Label of node images without a CNI. */
const STATIC_POD_NETWORK = 'tablefull.pod-network';

const labelsSchema = z.record(z.string(), z.string()).nullable();

/** @throws Error with the fix, where kind is missing */
export function findKind(env: Readonly<NodeJS.ProcessEnv>): string {
  const own = env.TABLEFULL_KIND;
  if (own !== undefined && own !== '') {
    if (!existsSync(own)) throw new Error(`TABLEFULL_KIND names ${own}, which does not exist`);
    accessSync(own, constants.X_OK);
    return own;
  }
  const found = findProgram('kind', `${env.PATH ?? ''}:${join(cacheFolder(env), 'kind-image', 'bin')}`);
  if (found === undefined)
    throw new Error('kind is not installed: install it, or build it with `make kind-image`');
  return found;
}

/**
 * The node image of a new cluster: the named one, else the project's own if built, else kind's.
 *
 * @returns `image` undefined for kind's own
 */
export async function nodeImage(
  named: string | undefined,
  signal: AbortSignal,
): Promise<{ readonly image: string | undefined; readonly bare: boolean }> {
  const image = named ?? OWN_IMAGE;
  const inspected = await docker(['image', 'inspect', '--format', '{{json .Config.Labels}}', image], {
    signal,
  }).catch(() => undefined);
  signal.throwIfAborted();
  if (inspected === undefined) return { image: named, bare: false };
  const labels = labelsSchema.parse(JSON.parse(inspected)) ?? {};
  return { image, bare: labels[STATIC_POD_NETWORK] === 'static' };
}
