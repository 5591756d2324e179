import type { KeptLab, KeptLabs, LabUpOptions } from '../../../kept.ts';
import { createCluster, deleteOrphans, isHealthy, openCluster } from './cluster.ts';
import { hasDeadRun, isOrphan, type ClusterRecord, type ClusterStore } from './cluster-store.ts';
import { deleteCluster } from './delete-cluster.ts';
import { clusterSettingsSchema, type ClusterSettings } from './settings.ts';

const WORKERS = 3;

/** Clusters that are kept for many runs. */
export function keptClusters(
  store: ClusterStore,
  env: Readonly<NodeJS.ProcessEnv>,
  shape: ClusterSettings,
): KeptLabs {
  return {
    up: async ({ name = 'tablefull', conntrack, ...rest }, say, signal) => {
      const asked = clusterSettingsSchema.parse({
        ...rest,
        ...(conntrack && { conntrack: typed(conntrack) }),
      });
      const conflict = conflictOf(asked, shape);
      if (conflict !== undefined) throw new Error(conflict);
      const settings = { ...asked, ...shape };
      const around = { store, env, say, signal };
      for (const line of await deleteOrphans(around)) say(line);
      const there = store.get(name);
      if (there !== undefined) return (await openCluster(name, around)).record.name;
      await createCluster(
        { ...settings, workers: settings.workers ?? WORKERS },
        { name, keep: true },
        around,
      );
      return name;
    },
    list: () => Promise.all(store.all().map((record) => shown(record, store))),
    down: async (name) => {
      const record = store.get(name);
      if (record === undefined) return false;
      await deleteCluster(record, { store, env });
      return true;
    },
    deleteOrphans: () => deleteOrphans({ store, env }),
  };
}

/** Why options and a user's configuration exclude each other; undefined where they do not. */
export function conflictOf(asked: ClusterSettings, { user }: ClusterSettings): string | undefined {
  if (user === undefined) return undefined;
  const { file, cluster, workers, image } = user;
  const { networking, kubeadmConfigPatches = [] } = cluster;
  const both = (option: string, field: string): string =>
    `--${option} and ${field} of ${file} exclude each other: give one of them`;
  if (asked.workers !== undefined && workers !== undefined) return both('workers', 'nodes');
  if (asked.image !== undefined && image !== undefined) return both('image', 'nodes.image');
  if (asked.proxyMode !== undefined && networking?.kubeProxyMode !== undefined)
    return both('proxy-mode', 'networking.kubeProxyMode');
  if (asked.conntrack !== undefined && kubeadmConfigPatches.some((patch) => /^conntrack:/m.test(patch)))
    return both('conntrack', 'kubeadmConfigPatches');
  return undefined;
}

/** Converts numbers and booleans from text: the configuration file distinguishes them. */
function typed(conntrack: NonNullable<LabUpOptions['conntrack']>): Record<string, string | number | boolean> {
  return Object.fromEntries(
    Object.entries(conntrack).map(([key, value]) => [
      key,
      /^\d+$/.test(value) ? Number(value) : value === 'true' || value === 'false' ? value === 'true' : value,
    ]),
  );
}

async function shown(record: ClusterRecord, store: ClusterStore): Promise<KeptLab> {
  const { name, workers, image, proxyMode, kubeProxy, owner } = record;
  const health = isOrphan(record)
    ? 'orphan'
    : owner !== undefined || (record.run !== undefined && !hasDeadRun(record))
      ? 'in use'
      : (await isHealthy(record, store))
        ? 'answers'
        : 'broken';
  const about = [
    `${String(workers)} workers`,
    image ?? 'kind’s own image',
    `kube-proxy ${[kubeProxy, proxyMode].filter((each) => each !== undefined).join(' ') || 'as kind has it'}`,
  ];
  return { name, lab: 'kind', health, about: about.join(', ') };
}
