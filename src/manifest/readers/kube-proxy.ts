import { kubeProxySettingsSchema } from '../../change/kube-proxy-settings.ts';
import { readYaml } from '../../scenario/yaml-text.ts';
import * as effects from '../effects/kube-proxy.ts';
import { NOTHING, type Part, type Understanding } from '../understanding.ts';
import { dataOf } from './config-map.ts';
import type { Reader } from './reader.ts';

const GROUP = 'kubeproxy.config.k8s.io/';
/** kubeadm's and EKS' names of the ConfigMap, and of the file in it. */
const CONFIG_MAPS = new Set(['kube-proxy', 'kube-proxy-config']);
const FILES = ['config.conf', 'config'] as const;

/** Fields of any configuration that say nothing of conntrack. */
const ORDINARY = new Set([
  'apiVersion',
  'kind',
  'metadata',
  'clientConnection',
  'clusterCIDR',
  'hostnameOverride',
]);

/** kube-proxy's configuration: by itself, or in its ConfigMap. */
export const kubeProxy: Reader = ({ name, object }) => {
  if (object.kind === 'KubeProxyConfiguration' && object.apiVersion.startsWith(GROUP))
    return settingsIn(object, name);
  const { kind, metadata } = object;
  if (kind !== 'ConfigMap' || !CONFIG_MAPS.has(metadata?.name ?? '')) return undefined;
  const data = dataOf(object);
  const file = FILES.find((each) => data[each] !== undefined);
  if (file === undefined) return undefined;
  const { value, faults } = readYaml(data[file] ?? '');
  const where = `${name}, ${file}`;
  const [fault] = faults;
  if (fault !== undefined || typeof value !== 'object' || value === null)
    return {
      ...NOTHING,
      gaps: [`${where}${fault?.at ?? ''}: ${fault?.why ?? 'it is empty'}`],
      asItIs: false,
    };
  const findings =
    'clientConnection' in value
      ? []
      : [
          `${where}: it has no clientConnection.kubeconfig: applied as it is, it replaces the whole file, and kube-proxy no longer reaches the API server`,
        ];
  return { ...settingsIn(value, where), findings };
};

/** The settings of a configuration, one part each, so that each has its line. */
function settingsIn(config: object, where: string): Understanding {
  const parts: Part[] = [];
  const gaps: string[] = [];
  const others: string[] = [];
  const one = (field: string, set: unknown, shown: unknown): void => {
    const parsed = kubeProxySettingsSchema.safeParse(set);
    const what = `${field}: ${JSON.stringify(shown)}`;
    if (parsed.success) parts.push({ where, what, effect: effects.kubeProxy(parsed.data) });
    else if (parsed.error.issues.every(({ code }) => code === 'unrecognized_keys')) others.push(field);
    else gaps.push(`${where}: ${what}: ${parsed.error.issues[0]?.message ?? 'not understood'}`);
  };
  for (const [key, value] of entriesOf(config)) {
    if (ORDINARY.has(key) || value === null || value === '') continue;
    if (typeof value !== 'object') one(key, { [key]: value }, value);
    else for (const [field, inner] of fieldsOf(key, value)) one(field, inner.set, inner.shown);
  }
  if (others.length > 0) gaps.push(`${where}: ${others.join(', ')}: not about conntrack, and not followed`);
  // Its own file has what the cluster's kube-proxy needs besides.
  return { ...NOTHING, parts, gaps, asItIs: false };
}

/** `maxPerCore` and `min` together are one setting: neither means anything alone. */
function fieldsOf(
  section: string,
  value: object,
): readonly (readonly [string, { readonly set: unknown; readonly shown: unknown }])[] {
  const entries = entriesOf(value).filter(([, each]) => each !== null);
  const together = entries.filter(
    ([key]) => section === 'conntrack' && (key === 'maxPerCore' || key === 'min'),
  );
  const alone = entries.filter((entry) => !together.includes(entry));
  const both = Object.fromEntries(together);
  return [
    ...(together.length > 0 ? [['conntrack', { set: { conntrack: both }, shown: both }] as const] : []),
    ...alone.map(
      ([key, each]) => [`${section}.${key}`, { set: { [section]: { [key]: each } }, shown: each }] as const,
    ),
  ];
}

function entriesOf(value: object): readonly (readonly [string, unknown])[] {
  return Object.entries(value);
}
