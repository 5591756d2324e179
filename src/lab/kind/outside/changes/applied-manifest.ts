import { isDeepStrictEqual } from 'node:util';
import type { V1Pod } from '@kubernetes/client-node';
import type { ManifestObject } from '../../../../change/kubernetes-object.ts';
import { undone, type Done, type Reading } from '../../../../change/done.ts';
import { allOrNone } from '../../../../change/undo-stack.ts';
import { until } from '../../../../util/until.ts';
import { authored, headerOf, nameOf, type Objects } from '../api/objects.ts';
import { hasPods, podLabels, rolloutOf, type Rollout } from './rollout.ts';
import type { OtherNodes, SysctlsByNode } from './other-nodes.ts';
import { CLUSTER } from '../../../../change/places.ts';

const ROLLOUT_MS = 90_000;
const GONE_MS = 60_000;

/** What a manifest has replaced, for the next command should this process die. */
export interface Replaced {
  /** Objects that were not there. */
  readonly created: readonly ManifestObject[];
  /** Objects as they were. */
  readonly before: readonly ManifestObject[];
  /** Sysctls of nodes without an agent. */
  readonly sysctls: SysctlsByNode;
}

/** What applying a manifest needs. */
export interface ManifestAround {
  readonly objects: Objects;
  readonly others: OtherNodes;
  /** Records what will be replaced, before it is; undefined: nothing is replaced any more. */
  readonly remember: (replaced: Replaced | undefined) => Promise<void>;
  /** Images on the nodes, for a message. */
  readonly images: () => Promise<readonly string[]>;
  readonly signal: AbortSignal;
  readonly within?: { readonly rollout: number; readonly gone: number };
}

/**
 * Applies objects as they are, in order, and waits for what they roll out.
 *
 * @throws Error where the API server refuses an object, or a node can't get an image; everything is undone then
 */
export async function applyManifest(given: readonly ManifestObject[], around: ManifestAround): Promise<Done> {
  const { objects, remember } = around;
  const found = await Promise.all(given.map((object) => objects.find(object)));
  const replaced: Replaced = {
    created: given.filter((_, i) => found[i] === undefined).map(headerOf),
    before: found.flatMap((object) => (object === undefined ? [] : [authored(object)])),
    sysctls: await around.others.read(),
  };
  const { made: readings, undo } = await allOrNone(async (stack) => {
    await remember(replaced);
    stack.defer(async () => {
      await putBack(replaced, around);
      await remember(undefined);
    });
    for (const object of given) await objects.apply(object);
    return Promise.all(
      given.map(async (object, i): Promise<Reading> => {
        const before = found[i] === undefined ? 'absent' : 'as it was';
        return {
          node: CLUSTER,
          before: `${nameOf(object)}: ${before}`,
          after: await rolledOut(object, around),
        };
      }),
    );
  });
  return {
    readings,
    undo: async () => {
      await undo();
      return undone(readings);
    },
  };
}

/** Deletes what is new and puts back what was there, latest first, and verifies both. */
export async function putBack(
  { created, before, sysctls }: Replaced,
  { objects, others, within }: Pick<ManifestAround, 'objects' | 'others' | 'within'>,
): Promise<void> {
  for (const object of created.toReversed())
    await objects.remove(object, AbortSignal.timeout(within?.gone ?? GONE_MS));
  for (const object of before.toReversed()) {
    await objects.replace(object);
    const now = await objects.find(object);
    if (now === undefined || !isDeepStrictEqual(authored(now), object))
      throw new Error(`${nameOf(object)} is not as it was`);
    if (hasPods(object))
      await settledPods(object, objects, AbortSignal.timeout(within?.rollout ?? ROLLOUT_MS));
  }
  // Deleting a DaemonSet leaves its sysctls on the node.
  await others.restore(sysctls);
}

/** Waits until an object's pods run, or will not. @returns what came of it */
async function rolledOut(object: ManifestObject, around: ManifestAround): Promise<string> {
  const { objects, images, signal, within } = around;
  if (!hasPods(object)) return `${nameOf(object)}: applied`;
  const late = AbortSignal.timeout(within?.rollout ?? ROLLOUT_MS);
  const { state, said } = await settledPods(object, objects, AbortSignal.any([signal, late]));
  signal.throwIfAborted();
  if (state === 'no-image')
    throw new Error(
      `${said}; the nodes have ${(await images()).filter(isForPods).join(', ')}: \`kind load docker-image\` adds one to a kept cluster`,
    );
  return state === 'waiting' ? `${said} after ${String((within?.rollout ?? ROLLOUT_MS) / 1000)} s` : said;
}

/** @returns the last state once the signal aborts */
async function settledPods(object: ManifestObject, objects: Objects, signal: AbortSignal): Promise<Rollout> {
  let last: Rollout = { state: 'waiting', said: `${nameOf(object)}: not seen` };
  const look = async (): Promise<true | undefined> => {
    const now = await objects.find(object);
    if (now !== undefined) last = rolloutOf(now, await podsOf(now, objects));
    return last.state === 'waiting' ? undefined : true;
  };
  await until(nameOf(object), look, signal).catch(() => undefined);
  return last;
}

async function podsOf(object: ManifestObject, objects: Objects): Promise<readonly V1Pod[]> {
  if (object.kind === 'Pod') return [object as unknown as V1Pod];
  const labels = podLabels(object);
  if (Object.keys(labels).length === 0) return [];
  return objects.podsOf(object.metadata?.namespace ?? 'default', labels);
}

/** Whether somebody's pods may be of an image: not the control plane's, nor the lab's own. */
function isForPods(image: string): boolean {
  return !/\/(kube-|etcd:|workload:)/.test(image);
}
