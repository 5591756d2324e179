import {
  PatchStrategy,
  type KubernetesObject,
  type KubernetesObjectApi,
  type V1Pod,
} from '@kubernetes/client-node';
import { z } from 'zod';
import { objectSchema, type ManifestObject } from '../../../../change/kubernetes-object.ts';
import { until } from '../../../../util/until.ts';
import { answered, isNotFound } from './api-objects.ts';

/** What one manager has applied and no longer names is taken away. A user's manifest must not do so to a run's fields. */
type FieldManager = 'tablefull' | 'tablefull-remedy';

/** Objects of any kind. Without a namespace they are in `default`. */
export interface Objects {
  /** Creates objects in order. */
  readonly create: (objects: readonly ManifestObject[]) => Promise<void>;
  /** An object of this kind and name. @throws Error where there is none */
  readonly read: (object: ManifestObject) => Promise<ManifestObject>;
  /** The same. @returns undefined where there is none */
  readonly find: (object: ManifestObject) => Promise<ManifestObject | undefined>;
  /** Server-side apply; fields of other managers are taken over. */
  readonly apply: (object: ManifestObject) => Promise<void>;
  /** Puts an object back as it was. */
  readonly replace: (object: ManifestObject) => Promise<void>;
  /** Deletes an object with its own grace, and waits until it is gone with its pods. */
  readonly remove: (object: ManifestObject, signal: AbortSignal) => Promise<void>;
  /** The pods of a label. */
  readonly podsOf: (namespace: string, labels: Readonly<Record<string, string>>) => Promise<readonly V1Pod[]>;
}

/** Objects behind an API server. @throws Error naming the object, from each */
export function objectsOf(
  client: KubernetesObjectApi,
  manager: FieldManager,
  listPods: (namespace: string, labelSelector: string) => Promise<readonly V1Pod[]>,
): Objects {
  const read = async (object: ManifestObject): Promise<ManifestObject> =>
    plain(await answered(`read ${nameOf(object)}`, client.read(headerOf(object))));
  const find = async (object: ManifestObject): Promise<ManifestObject | undefined> => {
    try {
      return await read(object);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  };
  return {
    create: async (objects) => {
      for (const object of objects)
        await answered(`create ${nameOf(object)}`, client.create(forClient(object)));
    },
    read,
    find,
    apply: async (object) => {
      const how = [undefined, undefined, manager, true, PatchStrategy.ServerSideApply] as const;
      await answered(`apply ${nameOf(object)}`, client.patch(forClient(object), ...how));
    },
    replace: async (object) => {
      const version = (await find(object))?.metadata?.resourceVersion;
      const put =
        version === undefined
          ? client.create(forClient(object))
          : client.replace(
              forClient({ ...object, metadata: { ...object.metadata, resourceVersion: version } }),
            );
      await answered(`restore ${nameOf(object)}`, put);
    },
    remove: async (object, signal) => {
      const how = [undefined, undefined, undefined, undefined, 'Foreground'] as const;
      const deleting = client.delete(headerOf(object), ...how);
      await answered(`delete ${nameOf(object)}`, deleting).catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      });
      const look = async (): Promise<true | undefined> =>
        (await find(object)) === undefined ? true : undefined;
      await until(`the end of ${nameOf(object)}`, look, signal);
    },
    podsOf: (namespace, labels) =>
      listPods(
        namespace,
        Object.entries(labels)
          .map(([key, value]) => `${key}=${value}`)
          .join(','),
      ),
  };
}

/** `DaemonSet kube-system/tune`. */
export function nameOf({ kind, metadata }: ManifestObject): string {
  const { namespace, name = '' } = metadata ?? {};
  return `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}

/** What identifies an object. */
export function headerOf({ apiVersion, kind, metadata }: ManifestObject) {
  const { name = '', namespace } = metadata ?? {};
  return { apiVersion, kind, metadata: { name, ...(namespace !== undefined && { namespace }) } };
}

/** A copy, because the client fills in a namespace. It takes any object that has a kind. */
function forClient(object: ManifestObject): KubernetesObject {
  return structuredClone(object) as unknown as KubernetesObject;
}

/** An object as JSON has it: the client returns instances with dates, and with fields that are undefined. */
function plain(object: KubernetesObject): ManifestObject {
  return objectSchema.parse(JSON.parse(JSON.stringify(object)));
}

/** Fields that the API server and controllers write. */
const SERVERS = [
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'managedFields',
  'selfLink',
] as const;
const annotationsSchema = z.record(z.string(), z.string()).default({});
const SERVERS_ANNOTATIONS = /^(deprecated\.daemonset\.template\.generation|deployment\.kubernetes\.io\/)/;

/** An object as its author wrote it: without status, and without what the API server writes. */
export function authored({ status: _, metadata = {}, ...rest }: ManifestObject): ManifestObject {
  const { annotations, ...others } = metadata;
  const kept = Object.entries(annotationsSchema.parse(annotations)).filter(
    ([key]) => !SERVERS_ANNOTATIONS.test(key),
  );
  const own = Object.entries(others).filter(([key]) => !SERVERS.some((server) => server === key));
  return {
    ...rest,
    metadata: {
      ...Object.fromEntries(own),
      ...(kept.length > 0 && { annotations: Object.fromEntries(kept) }),
    },
  };
}
