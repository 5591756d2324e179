import { readFileSync } from 'node:fs';
import { execa } from 'execa';
import { dumpEntries, type ConntrackEntry } from '../../src/kernel/conntrack-dump.ts';
import { NetNamespace } from '../../src/kernel/netns.ts';
import { command } from '../lab/command.ts';
import { machine } from '../lab/machine.ts';

/** The cluster that these tests share; `make test-kind` deletes it at the end. */
export const CLUSTER = process.env.TABLEFULL_TEST_CLUSTER ?? 'tablefull-test';

/** Why no Docker daemon answers; undefined if one does. */
export async function dockerMissing(): Promise<string | undefined> {
  const { failed } = await execa('docker', ['info'], { reject: false });
  return failed ? 'no Docker daemon answers' : undefined;
}

/** A tablefull command that must succeed. */
export async function tablefull(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await command(args, 'root');
  if (code !== 0) throw new Error(`tablefull ${args.join(' ')}: exit ${String(code)}\n${stderr}`);
  return stdout;
}

/** The container of a worker of the cluster. */
export function workerName(nth: number): string {
  return `${CLUSTER}-worker${nth === 1 ? '' : String(nth)}`;
}

/** Runs a command on a worker. */
export async function onWorker(nth: number, ...args: readonly string[]): Promise<string> {
  const { stdout } = await execa('docker', ['exec', workerName(nth), ...args]);
  return stdout;
}

/** The state of a worker that a run could leave changed. */
export async function worker(nth: number): Promise<Record<string, string>> {
  return {
    sysctls: await onWorker(
      nth,
      'sysctl',
      '-a',
      '--pattern',
      '^net.netfilter.nf_conntrack_(max|buckets|tcp|udp|icmp)',
    ),
    tables: await onWorker(nth, 'sh', '-c', 'nft list tables | grep tablefull || true'),
    links: await onWorker(nth, 'sh', '-c', 'ip -o link show nodelocaldns 2>/dev/null || true'),
    journal: await onWorker(nth, 'sh', '-c', 'ls /run/tablefull 2>/dev/null || true'),
  };
}

/** The machine's sysctls that a cluster's own links and rules do not touch. */
export async function sysctls(): Promise<Record<string, string>> {
  const { links: _, netns: __, rules: ___, mounts: ____, ...rest } = await machine();
  const bridged = readFileSync('/proc/sys/net/bridge/bridge-nf-call-iptables', 'utf8').trim();
  return { ...rest, bridged };
}

/** The entries of the machine's own table between two pods. */
export async function betweenPods(): Promise<readonly ConntrackEntry[]> {
  using own = NetNamespace.open('/proc/self/ns/net');
  const isPod = (ip: string): boolean => ip.startsWith('10.244.');
  return (await dumpEntries(own, 0)).filter((each) => isPod(each.source) && isPod(each.destination));
}

/** On the cluster's control plane. */
export async function kubectl(...args: readonly string[]): Promise<string> {
  const node = `${CLUSTER}-control-plane`;
  const kube = ['kubectl', '--kubeconfig', '/etc/kubernetes/admin.conf', ...args];
  return (await execa('docker', ['exec', node, ...kube])).stdout;
}

/** Namespaces that runs have left, or are using. */
export async function runNamespaces(): Promise<readonly string[]> {
  const names = await kubectl('get', 'namespaces', '-l', 'tablefull.lab/run', '-o', 'name');
  return names.split('\n').flatMap((name) => (name === '' ? [] : [name.replace('namespace/', '')]));
}
