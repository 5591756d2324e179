import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { z } from 'zod';
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

const UP_WITHIN_MS = 3_000;
const AGAIN_MS = 20;
const linksSchema = z.array(z.object({ operstate: z.string() }));

/**
 * Until both ends of the pods' cables are up: the kernel looks after links once a second at the most (net/core/link_watch.c),
 * and drops what is sent before that. Later than 3 s is left to whoever misses them.
 */
export async function untilUp(pods: readonly Pod[]): Promise<void> {
  const deadline = performance.now() + UP_WITHIN_MS;
  const isUp = async (namespace: string, link: string): Promise<boolean> => {
    const { stdout } = await execa('ip', ['-netns', namespace, '-json', 'link', 'show', 'dev', link]);
    return linksSchema.parse(JSON.parse(stdout)).every(({ operstate }) => operstate === 'UP');
  };
  for (const { name, node, link } of pods) {
    if (link === undefined) continue;
    while (!((await isUp(node, link)) && (await isUp(name, 'eth0'))) && performance.now() < deadline)
      await delay(AGAIN_MS);
  }
}

/** `10.244.1.2 is there`, a part for each: has its node a route to it? */
export function routesTo(pods: readonly Pod[]): Promise<readonly string[]> {
  return Promise.all(
    pods.map(async ({ ip, node }) => {
      const { stdout } = await execa('ip', ['-netns', node, 'route', 'show', `${ip}/32`]);
      return stdout.trim() === '' ? `${ip} is gone` : `${ip} is there`;
    }),
  );
}
