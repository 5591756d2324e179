import type { Change } from '../../change/index.ts';
import type { Protocol } from '../../schema/protocol.ts';
import type { LabEntry } from '../entry.ts';
import type { KeptLabs } from '../kept.ts';
import { restoreReport } from '../../guard/restore.ts';
import { readinessOf } from '../readiness.ts';
import { cannot } from './abilities.ts';
import { ClusterStore, type ClusterRecord } from './outside/cluster/cluster-store.ts';
import { workedNodes } from './placement.ts';
import type { UserConfig } from './user-config.ts';
import type { KindOptions } from './outside/open-kind-lab.ts';

/** Timeout of docker, ms, which normally answers within milliseconds. */
const LOOK_MS = 5_000;

/** A real cluster on this machine. Its modules, above all the API client, are loaded on use. */
export function kindLab(options: KindOptions): LabEntry {
  const store = new ClusterStore(process.env);
  return {
    name: 'kind',
    summary: 'a real cluster: kubelet, containerd, kube-proxy and CoreDNS in nodes that are containers',
    models:
      options.reuse === undefined
        ? 'its own cluster, deleted at the end'
        : `the kept cluster ${options.reuse}`,
    realKubeProxy: true,
    // As in the 2019 post; `ballast` fills one node's table only.
    squeeze: 'sysctl',
    cannot: (what) =>
      cannot(what) ??
      tooFew(what, options, options.reuse === undefined ? undefined : store.get(options.reuse)),
    open: async (given) => {
      const { openKindLab } = await import('./outside/open-kind-lab.ts');
      return openKindLab(options, { store, env: process.env }, given);
    },
    // Limits of its steps: 150 s for a manifest’s object, 60 s each for kube-proxy, the namespace and the cluster.
    teardown: {
      budgetMs: 360_000,
      overdue: 'the cluster was not restored or deleted within 6 min; the next command does the rest',
    },
    // The machine has one limit, and the run one cluster.
    atOnce: () => 1,
    preflight: async (squeeze) => {
      const { dockerAnswers } = await import('./outside/checks.ts');
      const { findKind } = await import('./outside/cluster/node-image.ts');
      await dockerAnswers();
      findKind(process.env);
      return readinessOf('kind', squeeze);
    },
    versions: async () => {
      const kept = options.reuse === undefined ? undefined : store.get(options.reuse);
      const { kubeProxy } = kept ?? options.settings;
      const { nodeImage } = await import('./outside/cluster/node-image.ts');
      const { image } = kept ?? (await nodeImage(options.settings.image, AbortSignal.timeout(LOOK_MS)));
      return { 'node image': image ?? 'kind’s own', 'kube-proxy': kubeProxy ?? 'the node image’s' };
    },
    checks: async () => {
      const { checks } = await import('./outside/checks.ts');
      return checks(store, process.env);
    },
    kept: lazily(store, async () =>
      (await import('./outside/cluster/kept-clusters.ts')).keptClusters(
        { store, env: process.env },
        options.settings,
      ),
    ),
    reusing: (name) => kindLab({ ...options, reuse: name }),
    shaped: async (text, file) => {
      const { readKindConfig } = await import('./user-config.ts');
      const shape = shapeOf(readKindConfig(text, file));
      return kindLab({ ...options, settings: { ...options.settings, ...shape } });
    },
    rehearse: (write) => async (given) => {
      const { rehearseKind } = await import('./outside/dry-run.ts');
      return rehearseKind(options, write)(given);
    },
  };
}

/** The settings that a user's configuration decides. */
function shapeOf(user: UserConfig): KindOptions['settings'] {
  const { workers, image } = user;
  return { user, ...(workers !== undefined && { workers }), ...(image !== undefined && { image }) };
}

/** Why a cluster has too few workers for a scenario; undefined where it has enough. */
function tooFew(
  what: Protocol | Change,
  { settings: { user } }: KindOptions,
  cluster: ClusterRecord | undefined,
): string | undefined {
  if ('kind' in what) return undefined;
  const wanted = workedNodes(what.topology).length;
  if (cluster !== undefined && cluster.workers < wanted)
    return `needs ${String(wanted)} workers, and the cluster ${cluster.name} has ${String(cluster.workers)}: \`tablefull lab up kind --workers ${String(wanted)}\` creates one`;
  if (user?.workers !== undefined && cluster === undefined && user.workers < wanted)
    return `needs ${String(wanted)} workers, and ${user.file} has ${String(user.workers)}: add nodes, or leave nodes out`;
  return undefined;
}

/** Loads the API client on first use. */
function lazily(store: ClusterStore, load: () => Promise<KeptLabs>): KeptLabs {
  return {
    up: async (...given) => (await load()).up(...given),
    list: async () => (await load()).list(),
    down: async (name) => (await load()).down(name),
    deleteOrphans: async () =>
      store.hasLeftovers() ? (await load()).deleteOrphans() : restoreReport([], []),
  };
}
