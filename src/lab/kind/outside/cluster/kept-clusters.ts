import { conntrackSchema } from '../../../../change/kube-proxy-settings.ts';
import { explainIssue, problemsFrom } from '../../../../scenario/explain-issue.ts';
import { restoreReport, type RestoreReport } from '../../../../guard/restore.ts';
import { oneLine } from '../../../../util/error-text.ts';
import { OptionError } from '../../../../util/option-error.ts';
import type { KeptLab, KeptLabs, LabUpOptions } from '../../../kept.ts';
import type { z } from 'zod';
import { claimToDelete, giveBack, release, runNamespace } from './cluster-claim.ts';
import { createCluster } from './cluster.ts';
import { deleteOrphans, isHealthy, openCluster } from './open-cluster.ts';
import { hasDeadRun, isOrphan, type ClusterRecord, type ClusterStore } from './cluster-store.ts';
import { deleteCluster, type DeleteContext } from './delete-cluster.ts';
import { clusterSettingsSchema, type ClusterSettings } from './settings.ts';

const WORKERS = 3;

/** Clusters that are kept for many runs. */
export function keptClusters(context: DeleteContext, shape: ClusterSettings): KeptLabs {
  const { store } = context;
  return {
    up: async ({ name = 'tablefull', ...options }, say, signal) => {
      const asked = settingsOf(options);
      const conflict = conflictOf(asked, shape);
      if (conflict !== undefined) throw new OptionError(`--kind-config ${shape.user?.file ?? ''}`, conflict);
      const settings = { ...asked, ...shape };
      const around = { ...context, say, onLeft: say, signal };
      const { restored, left } = await deleteOrphans(around);
      for (const line of [...restored, ...left]) say(line);
      if (store.get(name) === undefined) {
        const shaped = { ...settings, workers: settings.workers ?? WORKERS };
        await createCluster(shaped, { name, keep: true }, around);
      } else {
        const namespace = runNamespace();
        await openCluster(name, namespace, around);
        await release(name, namespace, store);
      }
      return name;
    },
    list: () => Promise.all(store.all().map((record) => shown(record, store))),
    down: async (name) => (store.get(name) === undefined ? undefined : deleteKept(name, context)),
    deleteOrphans: () => deleteOrphans(context),
  };
}

/** @throws InUse where a run uses it */
async function deleteKept(name: string, context: DeleteContext): Promise<RestoreReport> {
  const { store } = context;
  const record = await claimToDelete(name, store);
  try {
    return restoreReport([`${name} is deleted`], [...(await deleteCluster(record, context))]);
  } catch (error) {
    await giveBack(record, store);
    const fix = `once that is put right, \`tablefull lab down ${name}\` again`;
    return restoreReport([], [`the cluster was not deleted: ${oneLine(error)}; ${fix}`]);
  }
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

/** @throws OptionError naming the option that is wrong */
function settingsOf({ conntrack, ...rest }: Omit<LabUpOptions, 'name'>): ClusterSettings {
  const given = { ...rest, ...(conntrack && { conntrack: typed(conntrack) }) };
  const { data, error } = clusterSettingsSchema.safeParse(given, { error: explainIssue });
  if (error === undefined) return data;
  const [{ place, why } = { place: '', why: '' }] = problemsFrom(error);
  const option = place.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const [, key] = /^conntrack\.(.*)$/.exec(place) ?? [];
  throw new OptionError(key === undefined ? `--${option}` : `--conntrack ${key}`, why);
}

/** Converts numbers and booleans from text where the field has them. */
function typed(conntrack: NonNullable<LabUpOptions['conntrack']>): Record<string, unknown> {
  const fields: Readonly<Record<string, z.ZodType>> = conntrackSchema.shape;
  return Object.fromEntries(
    Object.entries(conntrack).map(([key, text]) => {
      const isBoolean = text === 'true' || text === 'false';
      const value = /^\d+$/.test(text) ? Number(text) : isBoolean ? text === 'true' : text;
      return [key, fields[key]?.safeParse(value).success === true ? value : text];
    }),
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
