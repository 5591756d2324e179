import { pluginLine, pluginOf, serversIn, type Plugin } from '../corefile-text.ts';
import { corednsForward } from '../effects/coredns-forward.ts';
import { recordTtl } from '../effects/record-ttl.ts';
import { NOTHING, type Part } from '../understanding.ts';
import { dataOf } from './config-map.ts';
import type { Reader } from './reader.ts';
import { FORWARD_OPTIONS } from '../../change/kinds/coredns-forward.ts';

/** Plugins of kubeadm's Corefile, with the options that they have there. */
const USUAL: Readonly<Record<string, RegExp>> = {
  errors: /^errors$/,
  health: /^health( \{ lameduck 5s \})?$/,
  ready: /^ready$/,
  prometheus: /^prometheus :9153$/,
  loop: /^loop$/,
  reload: /^reload$/,
  loadbalance: /^loadbalance$/,
  log: /^log$/,
  cache: /^cache 30( \{.*\})?$/,
};

/** The ConfigMap coredns: how it forwards, and the TTL of its answers. */
export const corefile: Reader = ({ name, object }) => {
  const { Corefile: text } = dataOf(object);
  if (object.kind !== 'ConfigMap' || object.metadata?.name !== 'coredns' || text === undefined)
    return undefined;
  const where = `${name}, Corefile`;
  const parts: Part[] = [];
  const gaps: string[] = [];
  const servers = serversIn(text);
  const findings = servers.some((server) => pluginOf(server, 'kubernetes') !== undefined)
    ? []
    : [`${where}: it has no kubernetes plug-in: applied as it is, names of services no longer resolve`];
  for (const { name: server, plugins } of servers)
    if (/^\.(:53)?$/.test(server)) for (const plugin of plugins) readPlugin(plugin, { where, parts, gaps });
    else gaps.push(`${where}: ${server}: only the server . is followed`);
  return { ...NOTHING, parts, gaps, findings, asItIs: false };
};

function readPlugin(
  plugin: Plugin,
  { where, parts, gaps }: { where: string; parts: Part[]; gaps: string[] },
): void {
  const { words, options } = plugin;
  const [word = ''] = words;
  if (word === 'forward') {
    const known = FORWARD_OPTIONS.filter((option) => options.includes(option));
    const others = options.filter((option) => !FORWARD_OPTIONS.some((each) => each === option));
    if (known.length > 0)
      parts.push({ where, what: `forward: ${known.join(', ')}`, effect: corednsForward(known) });
    gaps.push(
      ...others.map(
        (option) => `${where}: forward: ${option}: only ${FORWARD_OPTIONS.join(' and ')} are followed`,
      ),
    );
  } else if (word === 'kubernetes') {
    const seconds = options.flatMap((option) => /^ttl (\d+)/.exec(option)?.[1] ?? [])[0];
    // 30 is kubeadm's; nothing is changed.
    if (seconds !== undefined && seconds !== '30')
      parts.push({ where, what: `ttl ${seconds}`, effect: recordTtl(Number(seconds)) });
  } else if (USUAL[word]?.test(pluginLine(plugin)) !== true)
    gaps.push(`${where}: ${pluginLine(plugin)}: this plug-in is not followed`);
}
