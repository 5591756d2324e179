/** The lab of the HTTP generators: ten client pods on one node, two servers on the other. */
import { writeFileSync } from 'node:fs';
import { writeSysctl } from '../src/kernel/sysctl.ts';
import { address } from '../src/lab/netns/addresses.ts';
import { untilAccepted } from '../src/kernel/connect.ts';
import { topologySchema } from '../src/schema/topology.ts';
import { BenchLab, type RawProtocol } from './lab.ts';
import { FOLDER, serveIn } from './programs.ts';

export const NODES = ['worker-1', 'worker-2'] as const;
export const CLIENT = 'client-0';
const NGINX_PORT = 8090;
const READY_MS = 5000;

const TOPOLOGY = {
  nodes: [...NODES],
  pods: {
    client: { replicas: 10, nodes: ['worker-1'] },
    server: { replicas: 1, nodes: ['worker-2'] },
    nginx: { replicas: 1, nodes: ['worker-2'] },
    sink: { replicas: 1, nodes: ['worker-2'] },
  },
  services: {
    web: { pods: 'server', port: 80, app: 'http' },
    // The caller starts the server.
    nginx: { pods: 'nginx', port: 80, app: 'stateless' },
    sink: { pods: 'sink', port: 80, app: 'stateless' },
    datagrams: { pods: 'sink', port: 80, app: 'udp-echo' },
  },
} as const;

/** By this version's address plan: the same topology has the same addresses in every version. */
export const NETWORK = address(topologySchema.parse(TOPOLOGY));

/** A protocol of which a bench offers only the demand. */
export function protocolOf(topology: unknown, demand: unknown): RawProtocol {
  return {
    topology,
    node: NODES[0],
    demand,
    fault: { kind: 'squeeze', node: NODES[0], free: 1200 },
    symptom: { expected: 'reproduced', when: ['drop.delta > 0'], loss: 'requests.failed.rate' },
    show: [],
    remedies: {},
  };
}

/** Opens the lab; `requests` is set for each offer. */
export function openHttpLab(root?: string): Promise<BenchLab> {
  const demand = {
    kind: 'simple-app',
    pods: 'client',
    service: 'web',
    stages: [{ pods: 10, seconds: 1 }],
    requests: 100,
    connectTimeout: 10,
  };
  return BenchLab.open(protocolOf(TOPOLOGY, demand), root === undefined ? {} : { root });
}

/** A service's address. */
export function endOf(name: string): {
  readonly ip: string;
  readonly port: number;
  readonly backend: string;
} {
  const service = NETWORK.services.find((each) => each.name === name);
  const backend = service?.endpoints[0]?.ip;
  if (service === undefined || backend === undefined) throw new Error(`unknown service ${name}`);
  return { ip: service.ip, port: service.port, backend };
}

/**
 * Gives one pod all ports but the lowest: a generator has one address, and each connection takes a port.
 */
export function widenPorts(lab: BenchLab): void {
  lab.namespace(CLIENT).within(() => writeSysctl('net.ipv4.ip_local_port_range', '1024 65535'));
}

/** Starts nginx in its pod, one process, with a fixed answer. @returns its process id */
export async function startNginx(lab: BenchLab, path: string): Promise<number> {
  const file = `${FOLDER}/nginx.conf`;
  const { ip, backend, port } = endOf('nginx');
  writeFileSync(file, nginxConf(backend));
  const child = serveIn(lab.namespace('nginx-0'), path, ['-p', FOLDER, '-e', 'stderr', '-c', file]);
  try {
    await untilAccepted(lab.namespace(CLIENT), ip, port, { withinMs: READY_MS, everyMs: 10 });
  } catch (error) {
    throw new Error(`nginx does not take connections: try ${path} -t -c ${file}`, { cause: error });
  }
  return child.pid ?? 0;
}

function nginxConf(ip: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `daemon off;
master_process off;
user root;
pid ${FOLDER}/nginx.pid;
error_log stderr crit;
worker_rlimit_nofile 32768;
events { worker_connections 16384; }
http {
  access_log off;
${temporary.map((kind) => `  ${kind}_temp_path ${FOLDER}/nginx-${kind};`).join('\n')}
  server {
    listen ${ip}:${String(NGINX_PORT)} backlog=4096;
    location / { return 200 "simple-app\\n"; }
  }
}
`;
}
