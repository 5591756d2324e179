import { describe } from 'vitest';
import { kindLab } from '../../src/lab/kind/entry.ts';
import { agentDeathContract } from '../contract/agent-death.ts';
import { labContract } from '../contract/lab.ts';
import { CLUSTER, dockerMissing, onWorker, worker } from './cluster.ts';

const missing = await dockerMissing();
const { open } = kindLab({ reuse: CLUSTER, settings: {} });
const inNode = ['chroot', '/proc/1/root'];

/**
 * Programs of the newest agent on a worker, and the agent's own pid, read from the worker's processes: the pod of a
 * killed agent starts another, until its namespace is deleted.
 */
async function agentOn(nth: number): Promise<{ pid: string; programs: readonly string[] }> {
  const text = await onWorker(nth, 'ps', '-eo', 'pid=,ppid=,args=');
  const processes = text.split('\n').map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line)?.slice(1) ?? []);
  const [pid = ''] = processes.findLast(([, , words = '']) => /^\S*node .*\/node-agent/.test(words)) ?? [];
  const programs = processes.flatMap(([, parent, words = '']) =>
    parent === pid ? [words.split(' ')[0] ?? ''] : [],
  );
  return { pid, programs };
}

describe.skipIf(missing !== undefined)(
  `on a kind cluster${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    labContract('kind', { open, isReal: true, privileged: true, inNode });

    agentDeathContract('kind', true, async (options) => {
      const before = [await worker(1), await worker(2)];
      const lab = await open(options);
      return {
        ...{ lab, victim: 'worker-2', survivors: ['worker-1'], inNode },
        programs: async () => (await agentOn(2)).programs,
        kill: async () => {
          await onWorker(2, 'kill', '-KILL', (await agentOn(2)).pid);
        },
        // The guardian restores the node whose agent was killed.
        remains: async () => {
          const after = [await worker(1), await worker(2)];
          return after.flatMap((now, i) =>
            Object.entries(now).flatMap(([what, text]) => (text === before[i]?.[what] ? [] : [what])),
          );
        },
      };
    });
  },
);
