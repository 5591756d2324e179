import { stringify } from 'yaml';
import { NOBODY } from './changes/selections.ts';
import { NODE_DNS } from '../../../agent/network.ts';
import { DROP_NOTRACK_RULES, LINK_LINES, NOTRACK_RULES } from '../../../agent/node-dns-parts.ts';
import type { Hosts } from '../../../agent/hosts.ts';
import type { Done } from '../../../change/done.ts';
import { restorable } from '../../../change/restorable.ts';
import type { LabChanges } from '../../../change/index.ts';
import { hereDocument, type Trace } from '../../../host/traced.ts';
import type { Protocol } from '../../../schema/protocol.ts';
import { layoutOf } from '../layout.ts';
import { cacheCorefile } from '../corefile.ts';
import { nameOf } from './api/objects.ts';
import { workedNodes } from '../placement.ts';
import { sysctlLines } from './changes/sysctl-daemonset.ts';
import { CLUSTER } from '../../../change/places.ts';

/** Stands for a run's namespace, whose name is random. */
export const NAMESPACE = 'tablefull-RUN';

/** A command on the run's namespace. */
export function kubectl(words: string): string {
  return `kubectl -n ${NAMESPACE} ${words}`;
}

/** Traces what a cluster does through its API server, then on its nodes. */
export function dryCluster(protocol: Protocol, hosts: Hosts, trace: Trace): LabChanges {
  const { topology } = protocol;
  const layout = layoutOf(protocol);
  const nodes = workedNodes(topology);
  const selected = new Map(Object.entries(topology.services).map(([name, { pods }]) => [name, pods]));
  /** A change that only traces lines. */
  const said = (make: () => unknown, undo: () => unknown): Promise<Done> =>
    restorable([{ name: CLUSTER, read: () => '', make, restore: undo }]);
  const corefile = (line: string): Promise<Done> => {
    const where = layout.ofDns.join(' ');
    return said(
      () => {
        trace(CLUSTER, `a ConfigMap with ${line}, and CoreDNS with it on ${where}; the service selects them`);
      },
      () => {
        trace(CLUSTER, 'the service selects its previous pods', kubectl('delete pods -l tablefull.lab/side'));
      },
    );
  };
  return {
    endpoints: ({ service, pods = NOBODY, grace }) => {
      const before = selected.get(service) ?? '';
      const leaving = before === pods ? [] : layout.ofPods(before);
      const select = (set: string): void => {
        selected.set(service, set);
        trace(
          CLUSTER,
          `${kubectl(`patch service ${service} -p '{"spec":{"selector":{"tablefull.lab/set":"${set}"}}}'`)}, then wait for every node’s kube-proxy`,
        );
      };
      const onEach = (line: string): void => {
        for (const node of leaving) trace(node, `${line}, for each pod of ${before}`);
      };
      return said(
        () => {
          select(pods);
          onEach(`${String(grace)} s later: ip route replace blackhole IP/32`);
        },
        () => {
          onEach('ip route replace IP/32 dev LINK');
          select(before);
        },
      );
    },
    resolver: ({ options }) =>
      said(
        () => {
          for (const node of layout.lookingUp)
            trace(
              node,
              `the kubelet’s resolv.conf of a pod with dnsConfig options ${options.join(' ')}, bound over every pod’s /etc/resolv.conf`,
            );
        },
        () => {
          for (const node of layout.lookingUp) trace(node, 'the previous resolv.conf, bound again');
        },
      ),
    'node-dns': ({ notrack }) =>
      said(
        async () => {
          for (const node of nodes) await hosts.get(node).ip(LINK_LINES.up);
          const object = hereDocument(
            'apply -f - # a CoreDNS on every node’s network',
            cacheCorefile('KUBE-DNS'),
          );
          trace(CLUSTER, kubectl(object));
          for (const node of nodes) if (notrack) await hosts.get(node).nft(NOTRACK_RULES);
          for (const node of nodes) trace(node, `nameserver ${NODE_DNS} in every pod’s /etc/resolv.conf`);
        },
        async () => {
          for (const node of nodes) trace(node, 'the previous nameserver');
          for (const node of nodes) if (notrack) await hosts.get(node).nft(DROP_NOTRACK_RULES);
          trace(CLUSTER, kubectl('delete pods -l tablefull.lab/side=node-cache'));
          for (const node of nodes) await hosts.get(node).ip(LINK_LINES.down);
        },
      ),
    'kube-proxy': ({ set }) => {
      const restart = `kubectl -n kube-system delete pods -l k8s-app=kube-proxy, on ${nodes.join(' ')}`;
      const write = (what: string): void => {
        trace(CLUSTER, `kubectl -n kube-system edit configmap kube-proxy: ${what}`, restart);
      };
      if (Object.keys(set).length > 0)
        return said(
          () => {
            write(JSON.stringify(set));
          },
          () => {
            write('as before');
          },
        );
      return said(
        () => {
          trace(CLUSTER, restart);
        },
        () => undefined,
      );
    },
    'record-ttl': ({ seconds }) =>
      corefile(`ttl ${String(seconds)} instead of ${String(topology.recordTtl)}`),
    'coredns-forward': ({ options }) => corefile(`forward . BEFORE { ${options.join('; ')} }`),
    manifest: ({ objects }) =>
      said(
        () => {
          for (const object of objects) {
            const how = 'apply --server-side --force-conflicts -f -';
            trace(CLUSTER, `kubectl ${hereDocument(how, stringify(object).trimEnd())}`);
          }
          trace(CLUSTER, `then wait for their rollout, and for what changes on ${nodes.join(' ')}`);
        },
        () => {
          for (const object of objects.toReversed())
            trace(CLUSTER, `kubectl delete, or replace by what was there: ${nameOf(object)}`);
          for (const node of nodes) trace(node, 'every sysctl that changed = BEFORE');
        },
      ),
    'sysctl-daemonset': ({ sysctls }) =>
      said(
        () => {
          const object = hereDocument('apply -f - # a DaemonSet', sysctlLines(sysctls).join('\n'));
          trace(CLUSTER, kubectl(object));
        },
        () => {
          trace(CLUSTER, kubectl('delete daemonset sysctl-daemonset'));
          for (const node of nodes)
            trace(node, ...Object.keys(sysctls).map((name) => `sysctl -w ${name}=BEFORE`));
        },
      ),
  };
}
