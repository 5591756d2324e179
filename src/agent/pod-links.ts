import { execa } from 'execa';
import type { Pod } from './network.ts';

/** Takes a pod away from its node: a link that goes down takes its routes along. A pod on the host's network stays. */
export function downLines({ link }: Pod): string[] {
  return link === undefined ? [] : [`link set ${link} down`];
}

/** Gives it back. */
export function upLines({ link, ip }: Pod): string[] {
  return link === undefined ? [] : [`link set ${link} up`, `route add ${ip}/32 dev ${link}`];
}

/** Runs lines of `ip -batch` for pods, each on the node of its pod. */
export async function onNodes(pods: readonly Pod[], lines: (pod: Pod) => readonly string[]): Promise<void> {
  const byNode = Map.groupBy(pods, ({ node }) => node);
  await Promise.all(
    [...byNode].map(([node, of]) =>
      execa('ip', ['-netns', node, '-batch', '-'], { input: `${of.flatMap(lines).join('\n')}\n` }),
    ),
  );
}

/** `10.244.1.2 is there`, a part for each: has its node a route to it? */
export function routesTo(pods: readonly Pod[]): Promise<readonly string[]> {
  return Promise.all(
    pods.map(async ({ ip, node }) => {
      const { stdout } = await execa('ip', ['-netns', node, 'route', 'show', `${ip}/32`]);
      return stdout === '' || stdout.startsWith('blackhole') ? `${ip} is gone` : `${ip} is there`;
    }),
  );
}
