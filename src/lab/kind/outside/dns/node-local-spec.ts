import { NODE_DNS } from '../../../../agent/network.ts';
import type { ClusterDns } from './cluster-dns.ts';
import type { PodSpec } from '../workloads/manifests.ts';

const BASE = '/etc/coredns';
const WORK = '/run/node-cache';
const LOCK = '/run/xtables.lock';
/** Longer than any run, s: it must not restore addresses or rules that the agent has removed. */
const NEVER_AGAIN_S = 86_400;

interface NodeLocal {
  readonly dns: Pick<ClusterDns, 'asksOutside'>;
  /** Contains its Corefile. */
  readonly configMap: string;
  /** Whether it makes its rules. */
  readonly notrack: boolean;
}

/**
 * A pod of NodeLocal DNSCache on its node's network, like its manifest. The agent makes its link, since some
 * kernels lack dummy links; it makes its own rules.
 *
 * @see https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns/
 */
export function nodeLocalSpec(image: string, { dns, configMap, notrack }: NodeLocal): PodSpec {
  const args = [
    ...['-localip', NODE_DNS],
    ...['-basecorefile', `${BASE}/Corefile`, '-conf', `${WORK}/Corefile`],
    // With a pidfile the rules are made a second after it listens; without, after the first interval.
    ...['-pidfile', `${WORK}/pid`],
    // It multiplies this duration by a second, so nanoseconds become seconds.
    ...['-syncinterval', `${String(NEVER_AGAIN_S)}ns`],
    ...['-metrics-listen-address', '127.0.0.1:9353'],
    '-setupinterface=false',
    `-setupiptables=${String(notrack)}`,
  ];
  return {
    hostNetwork: true,
    ...dns.asksOutside,
    containers: [
      {
        name: 'node-cache',
        image,
        imagePullPolicy: 'IfNotPresent',
        args,
        securityContext: { capabilities: { add: ['NET_ADMIN'] } },
        volumeMounts: [
          { name: 'config', mountPath: BASE },
          { name: 'work', mountPath: WORK },
          { name: 'lock', mountPath: LOCK },
        ],
      },
    ],
    volumes: [
      { name: 'config', configMap: { name: configMap } },
      { name: 'work', emptyDir: {} },
      { name: 'lock', hostPath: { path: LOCK, type: 'FileOrCreate' } },
    ],
  };
}
