import { isDeepStrictEqual } from 'node:util';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { sysctlsSetBy, type KubeProxySettings } from '../../../change/kube-proxy-settings.ts';
import type { Done } from '../../../change/done.ts';
import { doneOnce } from '../../../change/done-once.ts';
import { CLUSTER } from '../../../change/places.ts';
import { allOrNone } from '../../../change/undo-stack.ts';
import type { NodeAsk } from '../agent-rpc.ts';
import type { Api } from './api/api.ts';

/** kubeadm's names. */
export const KUBE_PROXY_NAMESPACE = 'kube-system';
export const KUBE_PROXY = 'kube-proxy';
const FILE = 'config.conf';
/** kubeadm's label of its pods. */
export const KUBE_PROXY_PODS = 'k8s-app=kube-proxy';
const RESTARTED_MS = 60_000;

const configSchema = z.record(z.string(), z.unknown());
type Config = z.infer<typeof configSchema>;

interface Around {
  readonly api: Api;
  /** The nodes under test, on which it is restarted. */
  readonly nodes: readonly string[];
  /** Records its configuration from before a change; undefined: unchanged. */
  readonly remember: (config: string | undefined) => Promise<void>;
  /** Sends a request to every agent. */
  readonly ask: (request: NodeAsk) => Promise<void>;
}

/**
 * The cluster's own kube-proxy. Its configuration is one ConfigMap, which a pod on each node reads at start.
 * The original is on disk before the first change, for recovery after a killed run.
 */
export class KubeProxy {
  readonly #around: Around;
  #original: string | undefined;

  constructor(around: Around) {
    this.#around = around;
  }

  /**
   * Adds settings to its configuration and restarts it; without settings it only restarts.
   *
   * @throws Error where a node's kube-proxy does not start, or runs differently than configured
   */
  async change(set: KubeProxySettings): Promise<Done> {
    const { ask } = this.#around;
    const before = await this.#read();
    const after = withSettings(before, set);
    if (after === before) {
      await this.#restart(set.mode);
      return doneOnce([{ node: CLUSTER, before: 'running', after: 'restarted' }]);
    }
    const sysctls = sysctlsSetBy(set);
    const found = sayOf(before, set);
    const { made: readBack, undo } = await allOrNone(async (stack) => {
      const restore = { method: 'restore', sysctls: Object.keys(sysctls) } as const;
      stack.defer(() => ask(restore));
      await ask({ method: 'delegate', sysctls });
      stack.defer(() => this.#configure(before));
      // Before the restart as well: with tcp_be_liberal set, kube-proxy leaves out its rule against INVALID packets.
      stack.defer(() => ask({ method: 'delegate', sysctls }));
      stack.defer(() => ask(restore));
      await this.#configure(after, set.mode);
      return sayOf(await this.#read(), set);
    });
    return {
      readings: [{ node: CLUSTER, before: found, after: readBack }],
      undo: async () => {
        await undo();
        const now = await this.#read();
        if (now !== before)
          throw new Error(`kube-proxy’s configuration: was ${found}, now ${sayOf(now, set)}`);
        return [{ node: CLUSTER, before: readBack, after: found }];
      },
    };
  }

  /** Restores the original configuration, without the agents. */
  async restore(): Promise<void> {
    if (this.#original === undefined) return;
    const { api, nodes, remember } = this.#around;
    await restoreKubeProxy(api, nodes, this.#original);
    this.#original = undefined;
    await remember(undefined);
  }

  async #configure(config: string, mode?: KubeProxySettings['mode']): Promise<void> {
    const { api, remember } = this.#around;
    if (this.#original === undefined) {
      this.#original = await this.#read();
      await remember(this.#original);
    }
    await api.setConfigMap(KUBE_PROXY_NAMESPACE, KUBE_PROXY, { [FILE]: config });
    await this.#restart(mode);
    if (config !== this.#original) return;
    this.#original = undefined;
    await remember(undefined);
  }

  async #restart(mode: KubeProxySettings['mode']): Promise<void> {
    const { api, nodes, ask } = this.#around;
    const since = Date.now() / 1000;
    await restart(api, nodes);
    // A new process starts with no syncs; in a large table its first takes long.
    await ask({ method: 'synced', since, before: 0, ...(mode !== undefined && { mode }) });
  }

  #read(): Promise<string> {
    return readConfig(this.#around.api);
  }
}

/** Restores a configuration that a run has left changed, and restarts kube-proxy on these nodes. */
export async function restoreKubeProxy(api: Api, nodes: readonly string[], config: string): Promise<void> {
  if ((await readConfig(api)) !== config)
    await api.setConfigMap(KUBE_PROXY_NAMESPACE, KUBE_PROXY, { [FILE]: config });
  await restart(api, nodes);
}

async function readConfig(api: Api): Promise<string> {
  const { [FILE]: config } = await api.configMap(KUBE_PROXY_NAMESPACE, KUBE_PROXY);
  if (config === undefined)
    throw new Error(`the ConfigMap ${KUBE_PROXY_NAMESPACE}/${KUBE_PROXY} has no ${FILE}`);
  return config;
}

async function restart(api: Api, nodes: readonly string[]): Promise<void> {
  await api.pods.replace(
    { namespace: KUBE_PROXY_NAMESPACE, labelSelector: KUBE_PROXY_PODS },
    { counts: ({ spec }) => nodes.includes(spec?.nodeName ?? '') },
    AbortSignal.timeout(RESTARTED_MS),
  );
}

/** A configuration with these settings; the same text where it has them all. */
export function withSettings(config: string, set: KubeProxySettings): string {
  const before = configSchema.parse(parse(config));
  const after = Object.entries(set).reduce<Config>(
    (merged, [key, value]) => ({
      ...merged,
      [key]: typeof value === 'object' ? { ...sectionOf(merged, key), ...value } : value,
    }),
    before,
  );
  return isDeepStrictEqual(before, after) ? config : stringify(after);
}

/** A configuration's values of these settings: `mode: "nftables", conntrack.min: 0`; null where unset. */
export function sayOf(config: string, set: KubeProxySettings): string {
  const parsed = configSchema.parse(parse(config));
  return Object.entries(set)
    .flatMap(([key, value]) =>
      typeof value === 'object'
        ? Object.keys(value).map(
            (field) => `${key}.${field}: ${JSON.stringify(sectionOf(parsed, key)[field] ?? null)}`,
          )
        : [`${key}: ${JSON.stringify(parsed[key] ?? null)}`],
    )
    .join(', ');
}

function sectionOf(config: Config, key: string): Config {
  return configSchema.nullish().parse(config[key]) ?? {};
}
