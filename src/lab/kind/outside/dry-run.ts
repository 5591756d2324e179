import { stringify } from 'yaml';
import { k6Loads } from '../../../schema/protocol.ts';
import { here } from '../../dry-steps.ts';
import type { LabOptions, OpenLab } from '../../lab.ts';
import { BRIDGED, heldThroughout } from '../../limit-hold.ts';
import { lockLines, RehearsedLab, type Write } from '../../rehearsed-lab.ts';
import { kindConfig, workerNames } from './cluster/cluster-config.ts';
import { dnsService } from '../dns-config.ts';
import { KindGround, kubectl, NAMESPACE } from './dry-ground.ts';
import type { KindOptions } from './kind-lab.ts';
import { deploymentName, serviceObjects } from './workloads/manifests.ts';
import { workedNodes } from '../placement.ts';
import { placedPods } from './workloads/workloads.ts';

/** Stands for a name that is made up as a run begins. */
const CLUSTER = 'tablefull-CLUSTER';

/**
 * What a run on a cluster would do. `machine` is the machine that its nodes are on, `cluster` its API server, anything
 * else a node, worked by the agent on it, or pods.
 */
export function rehearseKind({ reuse, settings }: KindOptions, write: Write): OpenLab {
  return (options) => {
    const name = reuse ?? CLUSTER;
    const workers = settings.workers ?? workedNodes(options.protocol.topology).length;
    const up = [
      reuse === undefined
        ? `[machine] ${here(`kind create cluster --name ${name} --config -`, kindConfig(name, workers, settings, { bare: false }))}`
        : `# the kept cluster ${reuse}`,
      ...lockLines(options),
      ...(heldThroughout(options) ? [`[machine] sysctl -w net.bridge.${BRIDGED}=0`] : []),
      '[machine] docker build tablefull/workload, of this code and this Node, where it is not there',
      `[${workerNames(name, workers).join(' ')}] ctr --namespace k8s.io images import -`,
      ...deployLines(options, workerNames(name, workers)),
    ];
    const down = [
      '[machine] have every agent undo what stands, and end',
      ...(reuse === undefined
        ? [`[machine] kind delete cluster --name ${name}`]
        : [`[cluster] kubectl delete namespace ${NAMESPACE}`]),
    ];
    for (const line of up) write(line);
    const rehearsal = {
      ground: new KindGround(options),
      down,
      limitFirst: true,
      withLimit: [`[machine] sysctl -w net.bridge.${BRIDGED}=FOUND`],
    };
    return Promise.resolve(new RehearsedLab(options, rehearsal, write));
  };
}

function deployLines({ protocol }: LabOptions, workers: readonly string[]): readonly string[] {
  const apply = (what: string): string => `[cluster] ${kubectl(`apply -f ${what}`)}`;
  const placed = placedPods(protocol, workers);
  const k6 = k6Loads(protocol);
  const jobs = k6.map(([, { pods }]) => pods);
  return [
    `${apply('manifests/agent.yaml')}, with its namespace and image`,
    ...serviceObjects(NAMESPACE, protocol).map((object) => apply(here('-', stringify(object)))),
    ...(dnsService(protocol.topology) === undefined
      ? []
      : ['[cluster] CoreDNS once more, with the cluster’s own image and Corefile, for this run’s pods']),
    ...placed.map((each) => {
      const kind = jobs.includes(each.set) ? 'Job' : 'Deployment';
      return `[cluster] ${kind} ${deploymentName(each)}, replicas ${String(each.replicas)}, on ${each.hostname}`;
    }),
    ...workedNodes(protocol.topology).map(
      (node, i) => `# ${node} is ${workers[i] ?? 'nowhere: too few workers'}`,
    ),
    ...Object.entries(protocol.sysctls).map(
      ([name, value]) => `[${workedNodes(protocol.topology).join(' ')}] sysctl -w ${name}=${String(value)}`,
    ),
    ...k6.map(([, { pods, script }]) => `[${pods}] in every phase: k6 run ${script}`),
  ];
}
