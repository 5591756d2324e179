import { execa } from 'execa';
import { command } from '../lab/command.ts';

/** The cluster that these tests share; `make test-kind` deletes it in the end. */
export const CLUSTER = 'tablefull-test';

/** Is there a Docker daemon that answers? Why not, else. */
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

/** A command on a worker of the cluster. */
export async function onWorker(nth: number, ...args: readonly string[]): Promise<string> {
  const name = `${CLUSTER}-worker${nth === 1 ? '' : String(nth)}`;
  const { stdout } = await execa('docker', ['exec', name, ...args]);
  return stdout;
}

/** What of a worker a run could leave changed. */
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
