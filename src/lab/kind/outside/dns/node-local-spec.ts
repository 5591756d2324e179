import { NODE_DNS } from '../../../../agent/network.ts';
import type { ClusterDns } from './cluster-dns.ts';
import type { PodSpec } from '../workloads/manifests.ts';

const BASE = '/etc/coredns';
const WORK = '/run/node-cache';
const LOCK = '/run/xtables.lock';
/** Further than any run: it is to put back neither an address nor a rule that the agent has taken away. */
const NEVER_AGAIN_S = 86_400;

interface NodeLocal {
  readonly dns: Pick<ClusterDns, 'asksOutside'>;
  /** With its Corefile. */
  readonly configMap: string;
  /** Does it make its rules? */
  readonly notrack: boolean;
}

/**
 * A pod of NodeLocal DNSCache on its node's own network, as its manifest has it. Its link is the agent's, since not every
 * kernel has dummy links; its rules are its own.
 *
 * @see https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns/
 */
export function nodeLocalSpec(image: string, { dns, configMap, notrack }: NodeLocal): PodSpec {
  const args = [
    ...['-localip', NODE_DNS],
    ...['-basecorefile', `${BASE}/Corefile`, '-conf', `${WORK}/Corefile`],
    // Without it the rules are made with the first turn of the interval; with it a second after it listens.
    ...['-pidfile', `${WORK}/pid`],
    // A duration that is multiplied by a second: as many nanoseconds are as many seconds.
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
