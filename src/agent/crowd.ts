import { execa } from 'execa';
import type { Network } from './network.ts';

/**
 * Addresses for a crowd of clients. They lie in the pod network, so no service masquerades them, and beyond
 * the nodes' pod ranges.
 */
const CROWD = { network: '10.244.192.0/18', first: '10.244.192.1', count: 256 } as const;

/** Routes the crowd's addresses to a pod, on its node. Idempotent. */
export async function routeCrowd(name: string, { pods }: Network): Promise<typeof CROWD> {
  const pod = pods.find((each) => each.name === name);
  if (pod === undefined) throw new Error(`there is no pod ${name}`);
  const line = `route replace ${CROWD.network} via ${pod.ip} dev ${pod.link} onlink`;
  await execa('ip', ['-netns', pod.node, '-batch', '-'], { input: `${line}\n` });
  return CROWD;
}
