import type { V1ContainerStatus, V1Pod } from '@kubernetes/client-node';
import { z } from 'zod';
import type { ManifestObject } from '../../../../change/kubernetes-object.ts';
import { isPodReady } from '../api/api-objects.ts';
import { nameOf } from '../api/objects.ts';

/** How far an object has come. */
export type Rollout =
  | { readonly state: 'waiting'; readonly said: string }
  /** It runs as its author wished. */
  | { readonly state: 'ready'; readonly said: string }
  /** It will not: its pods crash, or the kubelet refuses them. That is what the manifest does. */
  | { readonly state: 'failed'; readonly said: string }
  /** Its image is not there: nothing of it was tried. */
  | { readonly state: 'no-image'; readonly said: string };

const workloadSchema = z.looseObject({
  metadata: z.looseObject({ generation: z.number().optional() }),
  spec: z.looseObject({
    replicas: z.number().optional(),
    completions: z.number().optional(),
    selector: z.looseObject({ matchLabels: z.record(z.string(), z.string()).optional() }).optional(),
  }),
  status: z
    .looseObject({
      observedGeneration: z.number().optional(),
      desiredNumberScheduled: z.number().optional(),
      updatedNumberScheduled: z.number().optional(),
      numberReady: z.number().optional(),
      updatedReplicas: z.number().optional(),
      readyReplicas: z.number().optional(),
      succeeded: z.number().optional(),
    })
    .default({}),
});

const CONTROLLERS = new Set(['DaemonSet', 'Deployment', 'StatefulSet', 'ReplicaSet', 'Job']);

/** Whether objects of this kind have pods to wait for. */
export function hasPods({ kind }: ManifestObject): boolean {
  return kind === 'Pod' || CONTROLLERS.has(kind);
}

/** The labels of a controller's pods. */
export function podLabels(object: ManifestObject): Readonly<Record<string, string>> {
  return workloadSchema.safeParse(object).data?.spec.selector?.matchLabels ?? {};
}

/**
 * How far a workload has come.
 *
 * @param object as the API server has it
 * @param pods its pods; for a Pod itself
 */
export function rolloutOf(object: ManifestObject, pods: readonly V1Pod[]): Rollout {
  const name = nameOf(object);
  const troubles = pods.flatMap(troubleOf);
  const noImage = troubles.find(({ image }) => image);
  if (noImage !== undefined) return { state: 'no-image', said: noImage.said };
  const { ready, wanted } = countsOf(object, pods);
  const said = `${name}: ${String(ready)} of ${wanted === undefined ? 'its' : String(wanted)} pods ready`;
  const [trouble] = troubles;
  if (trouble !== undefined) {
    const all = [...new Set(troubles.map((each) => each.said))].join('; ');
    return { state: 'failed', said: `${said}; ${all}` };
  }
  return { state: wanted !== undefined && ready >= wanted ? 'ready' : 'waiting', said };
}

function countsOf(
  object: ManifestObject,
  pods: readonly V1Pod[],
): { readonly ready: number; readonly wanted: number | undefined } {
  if (object.kind === 'Pod') return { ready: pods.filter(isDone).length, wanted: 1 };
  const parsed = workloadSchema.safeParse(object).data;
  if (parsed === undefined) return { ready: 0, wanted: undefined };
  const { spec, status, metadata } = parsed;
  const isSeen = (status.observedGeneration ?? 0) >= (metadata.generation ?? 0);
  if (object.kind === 'Job') return { ready: status.succeeded ?? 0, wanted: spec.completions ?? 1 };
  if (!isSeen) return { ready: 0, wanted: undefined };
  return object.kind === 'DaemonSet'
    ? {
        ready: Math.min(status.updatedNumberScheduled ?? 0, status.numberReady ?? 0),
        wanted: status.desiredNumberScheduled,
      }
    : {
        ready: Math.min(status.updatedReplicas ?? status.readyReplicas ?? 0, status.readyReplicas ?? 0),
        wanted: spec.replicas ?? 1,
      };
}

function isDone(pod: V1Pod): boolean {
  return isPodReady(pod) || pod.status?.phase === 'Succeeded';
}

const NO_IMAGE = /^(ImagePullBackOff|ErrImageNeverPull|InvalidImageName)$/;
const BROKEN = /^(CrashLoopBackOff|CreateContainerConfigError|CreateContainerError|RunContainerError)$/;

interface Trouble {
  readonly said: string;
  readonly image: boolean;
}

/** Why a pod will not start. */
function troubleOf({ status }: V1Pod): readonly Trouble[] {
  if (status?.phase === 'Failed')
    return [
      { said: `the pod failed: ${status.reason ?? status.message ?? 'a container ended'}`, image: false },
    ];
  return [
    ...(status?.initContainerStatuses ?? []).flatMap((each) => containerTrouble(each, 'init container')),
    ...(status?.containerStatuses ?? []).flatMap((each) => containerTrouble(each, 'container')),
  ];
}

function containerTrouble(
  { name, image, state, lastState }: V1ContainerStatus,
  what: string,
): readonly Trouble[] {
  const reason = state?.waiting?.reason ?? '';
  if (NO_IMAGE.test(reason)) return [{ said: `${what} ${name}: ${image}: ${reason}`, image: true }];
  if (!BROKEN.test(reason)) return [];
  const code = lastState?.terminated?.exitCode;
  const why =
    code === undefined ? (state?.waiting?.message ?? reason) : `exit code ${String(code)}, ${reason}`;
  return [{ said: `${what} ${name}: ${why}`, image: false }];
}
