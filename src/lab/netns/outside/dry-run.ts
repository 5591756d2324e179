import { shellWord } from '../../../util/shell-word.ts';
import { EVERY_NODE } from '../../../schema/change.ts';
import { k6Loads } from '../../../schema/protocol.ts';
import { resolvConf } from '../../../agent/resolv.ts';
import { here, MAX } from '../../dry-steps.ts';
import type { LabOptions, OpenLab } from '../../lab.ts';
import { lockLines, RehearsedLab, type Write } from '../../rehearsed-lab.ts';
import { address, CLUSTER_DNS, type BuiltNetwork } from '../addresses.ts';
import { NODE_SYSCTLS, UPLINK_SYSCTLS } from '../inside/build.ts';
import { capsuleCommand } from './sandbox.ts';
import { NetnsGround } from './dry-ground.ts';
import { lentMaximum } from '../lent.ts';
import { ipSteps } from '../inside/links.ts';
import { nodeRules } from '../inside/rules.ts';

const DOWN =
  '[machine] close the lifeline: the kernel ends every process, link, rule and table of the capsule';

/**
 * What the embedded lab would do. `machine` is outside the capsule, `capsule` its first namespace, anything else a
 * node or a pod.
 */
export function rehearseNetns(write: Write): OpenLab {
  return (options) => {
    const network = address(options.protocol.topology);
    const ground = new NetnsGround(options, network);
    for (const line of [...up(options, network, ground), ...settings(options)]) write(line);
    return Promise.resolve(new RehearsedLab(options, { ground, down: [DOWN], limitFirst: false }, write));
  };
}

/** Namespaces, links, sysctls and rules, in the order in which they are made. */
function up(options: LabOptions, network: BuiltNetwork, ground: NetnsGround): readonly string[] {
  const { protocol, privileged } = options;
  const { topology, canaries } = protocol;
  const every = ground.nodes(EVERY_NODE);
  const [namespaces = [], fabric = [], nodes = [], pods = []] = ipSteps(network);
  const ip = (batches: typeof nodes): readonly string[] =>
    batches.flatMap(({ netns, lines }) => lines.map((line) => `[${netns ?? 'capsule'}] ip ${line}`));
  const set = (where: string, sysctls: Readonly<Record<string, unknown>>): readonly string[] =>
    Object.entries(sysctls).map(([name, value]) => `[${where}] sysctl -w ${name}=${String(value)}`);
  const uplinked = network.pods.filter(({ uplink }) => uplink !== undefined).map(({ name }) => name);
  const kept = network.pods.filter((pod) => pod.set === canaries?.pods).map((pod) => pod.ip);
  return [
    `[machine] ${capsuleCommand(privileged, ['node', 'agent']).map(shellWord).join(' ')}`,
    ...lockLines(options),
    '[capsule] mount -t tmpfs tmpfs /run',
    ...ip(namespaces),
    ...ip(fabric),
    ...set(every, { ...NODE_SYSCTLS, ...protocol.sysctls }),
    ...(uplinked.length > 0 ? set(uplinked.join(' '), UPLINK_SYSCTLS) : []),
    ...ip(nodes),
    ...ip(pods),
    `[${every}] ${here('nft -f -', nodeRules(network, kept))}`,
    ...(topology.resolver
      ? [
          `[capsule] ${here(
            'write /run/pods/resolv.conf, bound over every pod’s /etc/resolv.conf',
            resolvConf(topology.resolver, CLUSTER_DNS),
          )}`,
        ]
      : []),
    ...k6Loads(protocol).map(
      ([, { pods: of, program = 'k6', script }]) =>
        `[${ground.pods(of)}] in every phase: ${[program, 'run', script].map(shellWord).join(' ')}`,
    ),
  ];
}

/** Settings are no traffic: writing them is a change like any other. */
function settings({ protocol, squeeze }: LabOptions): readonly string[] {
  const { demand } = protocol;
  if (demand.kind !== 'settings') return [];
  const lent =
    lentMaximum(protocol, squeeze) === undefined
      ? []
      : [
          `[${demand.node}] mount --bind the machine’s own /proc/sys/${MAX.replaceAll('.', '/')} over the node’s`,
        ];
  const values = Object.entries(demand.sysctls).map(([name, value]) => `${name}=${String(value)}`);
  const start = `${demand.program} --init-only`;
  return [
    ...lent,
    `[${demand.node}] in every phase: sysctl -w ${values.join(' ')}; ${start} before that, or after it; then sysctl -w NAME=FOUND`,
  ];
}
