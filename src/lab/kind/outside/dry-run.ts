import { stringify } from 'yaml';
import { LabSettings } from '../../../agent/lab-settings.ts';
import type { Network } from '../../../agent/network.ts';
import { settingsOf, targetOf } from '../../../agent/target.ts';
import { hereDocument, type Trace } from '../../../host/traced.ts';
import { k6Loads } from '../../../schema/protocol.ts';
import { DryLab } from '../../dry/dry-lab.ts';
import { dryLock } from '../../dry/dry-lock.ts';
import { FakeHosts } from '../../dry/fake-hosts.ts';
import { Written, type Write } from '../../dry/written.ts';
import type { LabOptions, OpenLab } from '../../lab.ts';
import { MachineLimit } from '../../machine-limit.ts';
import { dnsService } from '../dns-config.ts';
import { workedNodes } from '../placement.ts';
import { kindConfig, workerNames } from './cluster/cluster-config.ts';
import { dryCluster, kubectl, NAMESPACE } from './dry-cluster.ts';
import type { KindOptions } from './open-kind-lab.ts';
import { deploymentName, serviceObjects } from './workloads/manifests.ts';
import { placedPods } from './workloads/placed-pods.ts';
import { CLUSTER, MACHINE } from '../../../change/places.ts';

/** Stands for a cluster's random name. */
const NAME = 'tablefull-CLUSTER';

/**
 * The commands of a run on a cluster. `machine` hosts the nodes, `cluster` is the API server; other names are
 * nodes, worked by their agent, or pods.
 */
export function rehearseKind({ reuse, settings }: KindOptions, write: Write): OpenLab {
  return async (options) => {
    const { protocol, squeeze } = options;
    const written = new Written(write);
    const { trace } = written;
    const name = reuse ?? NAME;
    const own = workedNodes(protocol.topology);
    const workers = workerNames(name, settings.workers ?? own.length);
    if (reuse === undefined)
      trace(
        MACHINE,
        hereDocument(
          `kind create cluster --name ${name} --config -`,
          kindConfig(name, workers.length, settings, { bare: false }),
        ),
      );
    else written.remark(`# the kept cluster ${reuse}`);
    const lock = dryLock(trace);
    const limit = await MachineLimit.open(options, { bridged: true, lock });
    trace(MACHINE, 'docker build tablefull/workload, from this code and this Node, unless it exists');
    for (const worker of workers) trace(worker, 'ctr --namespace k8s.io images import -');
    deploy(options, workers, written);
    const table = { limit: lock.read('nf_conntrack_max'), buckets: lock.read('nf_conntrack_buckets') };
    const hosts = new FakeHosts(table, trace);
    for (const node of own)
      for (const [sysctl, value] of Object.entries(protocol.sysctls))
        hosts.get(node).writeSysctl(sysctl, String(value));
    const target = targetOf({
      protocol,
      squeeze,
      environment: {
        network: networkOf(options),
        hosts,
        own,
        resolver: undefined,
        cache: undefined,
        byLab: () => dryCluster(protocol, hosts, trace),
      },
      endpoints: {
        services: [],
        service: (service) => {
          throw new Error(`there is no service ${service} in a dry run`);
        },
        addresses: () => [],
        repoint: () => Promise.reject(new Error('the cluster repoints services')),
      },
      settings: new LabSettings(settingsOf(protocol), trace),
      proxies: [],
      fillForReal: hosts.handshakes,
      onSqueeze: () => undefined,
    });
    return new DryLab(options, {
      written,
      target,
      limit,
      down: () => {
        trace(MACHINE, 'every agent undoes its changes, and ends');
        if (reuse === undefined) trace(MACHINE, `kind delete cluster --name ${name}`);
        else trace(CLUSTER, `kubectl delete namespace ${NAMESPACE}`);
      },
      limitFirst: true,
    });
  };
}

/** Nodes and pods by name: the cluster assigns their addresses. */
function networkOf({ protocol: { topology } }: LabOptions): Network {
  const nodes = topology.nodes.map((name) => ({ name, ip: 'IP', podCidr: '0.0.0.0/0' }));
  const pods = Object.entries(topology.pods).flatMap(([set, { nodes: on }]) =>
    on.map((node) => ({ name: `${set}, each pod on ${node}`, set, node, ip: 'IP', link: 'LINK' })),
  );
  return { nodes, pods, services: [] };
}

function deploy({ protocol }: LabOptions, workers: readonly string[], written: Written): void {
  const trace: Trace = written.trace;
  const apply = (what: string): void => {
    trace(CLUSTER, kubectl(`apply -f ${what}`));
  };
  const placed = placedPods(protocol, workers);
  const k6 = k6Loads(protocol);
  const jobs = k6.map(([, { pods }]) => pods);
  apply('manifests/agent.yaml, with its namespace and image');
  for (const object of serviceObjects(NAMESPACE, protocol)) apply(hereDocument('-', stringify(object)));
  if (dnsService(protocol.topology) !== undefined)
    trace(CLUSTER, 'a second CoreDNS, with the cluster’s image and Corefile, for this run’s pods');
  for (const each of placed) {
    const kind = jobs.includes(each.set) ? 'Job' : 'Deployment';
    trace(CLUSTER, `${kind} ${deploymentName(each)}, replicas ${String(each.replicas)}, on ${each.hostname}`);
  }
  for (const [i, node] of workedNodes(protocol.topology).entries())
    written.remark(`# ${node} is ${workers[i] ?? 'nowhere: too few workers'}`);
  for (const [, { pods, script }] of k6) written.remark(`[${pods}] in every phase: k6 run ${script}`);
}
