import { once } from 'node:events';
import { execa } from 'execa';
import { describe } from 'vitest';
import { NetNamespace } from '../../src/kernel/netns.ts';
import { writeSysctl } from '../../src/kernel/sysctl.ts';

const able = process.getuid?.() === 0;

/** A describe that is skipped where namespaces cannot be made, with the reason in its name. */
export function describeLab(name: string, tests: () => void): void {
  const reason = able ? '' : ' (skipped: needs root, or unshare --map-root-user --net)';
  describe.skipIf(!able)(name + reason, tests);
}

/**
 * A network namespace without a name, so that nothing is left of it when the tests are killed. The process that made it
 * ends with its standard input.
 */
async function makeNamespace(stack: AsyncDisposableStack): Promise<{ pid: number; space: NetNamespace }> {
  const holder = execa('unshare', ['--net', 'sh', '-c', 'echo made; exec cat'], {
    reject: false,
    buffer: false,
  });
  stack.defer(async () => {
    holder.stdin.end();
    await holder;
  });
  await Promise.race([
    once(holder.stdout, 'data'),
    holder.then(({ message }) => Promise.reject(new Error(message))),
  ]);
  const pid = holder.pid ?? 0;
  return { pid, space: stack.use(NetNamespace.open(`/proc/${String(pid)}/ns/net`)) };
}

/** 10.77.0.0/16 is routed to the server pod and 10.78.0.0/16 to the client pod; each is assigned its .0.2 only. */
export const UNASSIGNED_SERVER = '10.77.1.1';
export const UNASSIGNED_CLIENTS = { first: '10.78.1.0', count: 1024 };
/** The node translates this to UNASSIGNED_SERVER, as kube-proxy would. */
export const SERVICE_IP = '10.96.0.1';
export const SERVER_IP = '10.77.0.2';
export const CLIENT_IP = '10.78.0.2';

const RULES = `
table ip kernel-test {
  chain track { type filter hook forward priority 0; ct state new counter; }
  chain service { type nat hook prerouting priority dstnat; ip daddr ${SERVICE_IP} dnat to ${UNASSIGNED_SERVER}; }
}
`;

export interface TestLab extends AsyncDisposable {
  readonly client: NetNamespace;
  readonly node: NetNamespace;
  readonly server: NetNamespace;
}

/** A client pod and a server pod at a node that tracks what it forwards. */
export async function openTestLab(): Promise<TestLab> {
  await using stack = new AsyncDisposableStack();
  const client = await makeNamespace(stack);
  const node = await makeNamespace(stack);
  const server = await makeNamespace(stack);
  const ip = ({ space }: { space: NetNamespace }, ...args: string[]): Promise<unknown> =>
    space.within(() => execa('ip', args));
  node.space.within(() => writeSysctl('net.ipv4.ip_forward', '1'));
  for (const { pod, net, link } of [
    { pod: server, net: '10.77.0', link: 'server' },
    { pod: client, net: '10.78.0', link: 'client' },
  ]) {
    // A pod that forwards, as its machine may, would send foreign packets back and forth.
    pod.space.within(() => writeSysctl('net.ipv4.ip_forward', '0'));
    await ip(node, 'link', 'add', link, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', String(pod.pid));
    await ip(node, 'addr', 'add', `${net}.1/24`, 'dev', link);
    await ip(node, 'link', 'set', link, 'up');
    await ip(pod, 'addr', 'add', `${net}.2/24`, 'dev', 'eth0');
    await ip(pod, 'link', 'set', 'eth0', 'up');
    await ip(pod, 'route', 'add', 'default', 'via', `${net}.1`);
    await ip(node, 'route', 'add', `${net}.0/16`, 'via', `${net}.2`);
  }
  await node.space.within(() => execa('nft', ['-f', '-'], { input: RULES }));
  const held = stack.move();
  return {
    client: client.space,
    node: node.space,
    server: server.space,
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}
