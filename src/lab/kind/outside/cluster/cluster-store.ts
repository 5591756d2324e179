import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { isClusterName } from '../../../../util/cluster-name.ts';
import { stateFolder } from '../../../../util/state-folder.ts';
import { isAlive, ownerSchema } from '../../../../guard/owner.ts';
import { jsonIfThere, namesIn } from '../../../../util/read-if-there.ts';
import { replaceFile } from '../../../../util/replace-file.ts';
import { objectSchema } from '../../../../change/kubernetes-object.ts';
import { PROXY_MODES } from '../../../../change/proxy-modes.ts';
import { MachineSysctls, type Sysctls } from './machine-sysctls.ts';

const recordSchema = z.strictObject({
  schema: z.literal('tablefull/cluster/v1'),
  name: z.string(),
  /** The owning process; a kept cluster has none. */
  owner: ownerSchema.optional(),
  /** The run on it: its namespace, and what it replaced outside of that, as it was. */
  run: z
    .strictObject({
      namespace: z.string(),
      /** The process of the run; none once it is over and could not undo everything. */
      owner: ownerSchema.optional(),
      kubeProxy: z.string().optional(),
      /** What a manifest has replaced. */
      manifest: z
        .strictObject({
          created: z.array(objectSchema).readonly(),
          before: z.array(objectSchema).readonly(),
          sysctls: z.record(z.string(), z.record(z.string(), z.string())),
        })
        .optional(),
    })
    .optional(),
  workers: z.number().int(),
  image: z.string().optional(),
  proxyMode: z.enum(PROXY_MODES).optional(),
  /** The version of its kube-proxy, if not the image's. */
  kubeProxy: z.string().optional(),
  /** The image has no CNI: tablefull set up the pod network. */
  bare: z.boolean(),
  /** In records of earlier versions; the machine's sysctls have a record of their own. */
  machine: z.record(z.string(), z.string()).optional(),
  /** The nodes' ranges of pod addresses; absent until it is complete, and in records of earlier versions. */
  podRanges: z.array(z.string()).readonly().optional(),
  createdAt: z.string(),
});

/** The record of a cluster of our own, written before it is created, so that a crash leaves no orphan. */
export type ClusterRecord = z.infer<typeof recordSchema>;

/** Folder of the clusters' records, each with its kubeconfig and creation log. */
export function clusterFolder(env: Readonly<NodeJS.ProcessEnv>, name = ''): string {
  return join(stateFolder(env), 'kind', name);
}

export class ClusterStore {
  readonly #env: Readonly<NodeJS.ProcessEnv>;
  /** What the clusters' kubelets change of the machine. */
  readonly machine: MachineSysctls;

  constructor(env: Readonly<NodeJS.ProcessEnv>, sysctls?: Sysctls, boot?: () => string) {
    this.#env = env;
    this.machine = new MachineSysctls(join(stateFolder(env), 'kubelet-sysctls.json'), sysctls, boot);
  }

  /** Every recorded cluster, oldest first. */
  all(): readonly ClusterRecord[] {
    return namesIn(clusterFolder(this.#env))
      .flatMap((name) => this.get(name) ?? [])
      .sort((a, b) => a.createdAt.localeCompare(b.createdAt));
  }

  /** @returns undefined where there is none, or the record is not ours */
  get(name: string): ClusterRecord | undefined {
    return isClusterName(name) ? jsonIfThere(this.path(name, 'cluster.json'), recordSchema) : undefined;
  }

  /** Whether runs that are over, or clusters that are gone, have left anything. */
  hasLeftovers(): boolean {
    const all = this.all();
    return all.length === 0
      ? this.machine.isRecorded
      : all.some((record) => isOrphan(record) || hasDeadRun(record));
  }

  async put(record: ClusterRecord): Promise<void> {
    mkdirSync(clusterFolder(this.#env, record.name), { recursive: true, mode: 0o700 });
    await replaceFile(this.path(record.name, 'cluster.json'), `${JSON.stringify(record, null, 2)}\n`);
  }

  remove(name: string): void {
    rmSync(clusterFolder(this.#env, name), { recursive: true, force: true });
  }

  /** The path of a cluster's file. */
  path(name: string, file: 'cluster.json' | 'kubeconfig' | 'create.log' | 'claim.lock'): string {
    return join(clusterFolder(this.#env, name), file);
  }
}

/** Whether the owner process is gone and the cluster was not kept. */
export function isOrphan({ owner }: ClusterRecord): boolean {
  return owner !== undefined && !isAlive(owner);
}

/** Whether a run that is over is still recorded on a cluster that stays: it was killed, or could not undo everything. */
export function hasDeadRun({ run }: ClusterRecord): boolean {
  return run !== undefined && (run.owner === undefined || !isAlive(run.owner));
}
