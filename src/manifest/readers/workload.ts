import { readContainer } from '../container.ts';
import { podSysctl } from '../effects/pod-sysctl.ts';
import { resolver } from '../effects/resolver.ts';
import { podSpecOf, type PodSpec } from '../pod.ts';
import { NOTHING, together, type Understanding } from '../understanding.ts';
import type { Reader } from './reader.ts';

/** Sysctls that a kubelet allows without `--allowed-unsafe-sysctls` (pkg/kubelet/sysctl/safe_sysctls.go). */
const SAFE = new Set([
  'net.ipv4.ip_local_port_range',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_wmem',
]);

/** Pods of any kind: the programs of their containers, their sysctls, and their DNS. */
export const workload: Reader = ({ name, object }, around) => {
  const spec = podSpecOf(object);
  if (spec === undefined) return undefined;
  if ('why' in spec) return { ...NOTHING, gaps: [`${name}: ${String(spec.why)}`] };
  const containers = readContainers(name, spec, around);
  const own = [sysctlsOf(name, spec), dnsOf(name, spec)];
  const selected = spec.nodeSelector ?? spec.affinity;
  const gaps =
    selected !== undefined && selected !== null && containers.parts.length > 0
      ? [`${name}: nodeSelector, affinity: every node of the lab gets it`]
      : [];
  const all = together([containers, ...own]);
  // Pods that change their own DNS or sysctls stand for the application; the demand's pods take their place.
  const isApplication = own.some(({ parts }) => parts.length > 0) && containers.parts.length === 0;
  return {
    ...all,
    // What an application runs does not matter here.
    gaps: [...(isApplication ? own.flatMap((each) => each.gaps) : all.gaps), ...gaps],
    asItIs: !isApplication,
  };
};

/** In order: an init container that fails is started again, and nothing after it. */
function readContainers(name: string, pod: PodSpec, around: Parameters<Reader>[1]): Understanding {
  const read: Understanding[] = [];
  for (const container of pod.initContainers ?? []) {
    const where = `${name}, init container ${container.name}`;
    const each = readContainer({ ...around, where, container, pod });
    read.push(each);
    if (each.ending === 'failed') return together(read);
  }
  for (const container of pod.containers ?? [])
    read.push(readContainer({ ...around, where: `${name}, container ${container.name}`, container, pod }));
  return together(read);
}

function sysctlsOf(name: string, { securityContext, hostNetwork }: PodSpec): Understanding {
  const each = securityContext?.sysctls ?? [];
  return together(
    each.map(({ name: sysctl, value }) => {
      const where = `${name}, securityContext.sysctls`;
      const what = `${sysctl}=${value}`;
      const refused = (why: string): Understanding => ({
        ...NOTHING,
        findings: [`${where}: ${what}: ${why}`],
      });
      if (hostNetwork === true)
        return refused('the API server refuses network sysctls of a pod on its node’s network');
      if (!SAFE.has(sysctl))
        return refused(
          'the kubelet refuses the pod (SysctlForbidden) unless --allowed-unsafe-sysctls names it',
        );
      return { ...NOTHING, parts: [{ where, what, effect: podSysctl({ name: sysctl, value }) }] };
    }),
  );
}

function dnsOf(name: string, { dnsConfig, dnsPolicy }: PodSpec): Understanding {
  if (dnsConfig === undefined || dnsConfig === null) return NOTHING;
  const { options, nameservers, searches } = dnsConfig;
  const where = `${name}, dnsConfig`;
  const said = (options ?? []).map(({ name: option, value }) =>
    value === undefined || value === null || value === '' ? option : `${option}:${value}`,
  );
  const others = { nameservers, searches };
  return {
    ...NOTHING,
    parts: said.length === 0 ? [] : [{ where, what: `options ${said.join(' ')}`, effect: resolver(said) }],
    gaps: [
      ...Object.entries(others).flatMap(([field, value]) =>
        (value ?? []).length === 0
          ? []
          : [`${where}.${field}: ${(value ?? []).join(', ')}: the lab’s pods keep their own`],
      ),
      ...(dnsPolicy === 'None' ? [`${name}, dnsPolicy: None: the lab’s pods keep their own`] : []),
    ],
  };
}
