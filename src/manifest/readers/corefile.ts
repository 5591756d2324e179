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
  const findings = servers.some(([, plugins]) => plugins.some((plugin) => /^kubernetes\b/.test(plugin)))
    ? []
    : [`${where}: it has no kubernetes plug-in: applied as it is, names of services no longer resolve`];
  for (const [server, plugins] of servers) {
    const isMain = /^\.(:53)?$/.test(server);
    if (!isMain) {
      gaps.push(`${where}: ${server}: only the server . is followed`);
      continue;
    }
    for (const plugin of plugins) readPlugin(plugin, { where, parts, gaps });
  }
  return { ...NOTHING, parts, gaps, findings, asItIs: false };
};

function readPlugin(
  plugin: string,
  { where, parts, gaps }: { where: string; parts: Part[]; gaps: string[] },
): void {
  const [word = ''] = plugin.split(/\s/);
  const options = (/\{(.*)\}$/s.exec(plugin)?.[1] ?? '').split(';').map((each) => each.trim());
  if (word === 'forward') {
    const known = FORWARD_OPTIONS.filter((option) => options.includes(option));
    const others = options.filter(
      (option) => option !== '' && !FORWARD_OPTIONS.some((each) => each === option),
    );
    if (known.length > 0)
      parts.push({ where, what: `forward: ${known.join(', ')}`, effect: corednsForward(known) });
    gaps.push(
      ...others.map(
        (option) => `${where}: forward: ${option}: only ${FORWARD_OPTIONS.join(' and ')} are followed`,
      ),
    );
  } else if (word === 'kubernetes') {
    const [, seconds] = /(?:^|;)\s*ttl (\d+)/.exec(options.join(';')) ?? [];
    // 30 is kubeadm's; nothing is changed.
    if (seconds !== undefined && seconds !== '30')
      parts.push({ where, what: `ttl ${seconds}`, effect: recordTtl(Number(seconds)) });
  } else if (USUAL[word]?.test(plugin.replaceAll(/\s+/g, ' ')) !== true)
    gaps.push(`${where}: ${plugin}: this plug-in is not followed`);
}

/** `NAME { PLUGINS }`: each plug-in on one line, its own block joined by semicolons. */
function serversIn(text: string): readonly (readonly [server: string, plugins: readonly string[]])[] {
  const servers: [string, string[]][] = [];
  let depth = 0;
  for (const raw of text.split('\n')) {
    const line = raw.replace(/#.*/, '').trim().replaceAll(/\s+/g, ' ');
    if (line === '') continue;
    if (line === '}') depth--;
    const plugins = servers.at(-1)?.[1];
    if (depth === 0 && line.endsWith('{')) servers.push([line.slice(0, -1).trim(), []]);
    else if (depth === 1 && line !== '}') plugins?.push(line);
    else if (plugins !== undefined && depth >= 1) {
      const last = plugins.pop() ?? '';
      plugins.push(line === '}' ? `${last.replace(/;$/, '')} }` : `${last} ${line};`);
    }
    if (line.endsWith('{')) depth++;
  }
  return servers;
}
