import { describe } from 'vitest';
import { kindLab } from '../../src/lab/kind/entry.ts';
import { agentDeathContract } from '../contract/agent-death.ts';
import { labContract } from '../contract/lab.ts';
import { CLUSTER, dockerMissing, onWorker, worker } from './cluster.ts';

const missing = await dockerMissing();
const { open } = kindLab({ reuse: CLUSTER, settings: {} });
const inNode = ['chroot', '/proc/1/root'];

/**
 * The agents on a worker and their programs, read from the worker's processes. There may be two: the pod of a killed
 * agent starts another, until its namespace is deleted.
 */
async function agentsOn(nth: number): Promise<{ pids: readonly string[]; programs: readonly string[] }> {
  const text = await onWorker(nth, 'ps', '-eo', 'pid=,ppid=,args=');
  const processes = text.split('\n').map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line)?.slice(1) ?? []);
  const pids = processes.flatMap(([pid = '', , words = '']) =>
    /^\S*node .*\/node-agent/.test(words) ? [pid] : [],
  );
  const programs = processes.flatMap(([, parent = '', words = '']) =>
    pids.includes(parent) ? [words.split(' ')[0] ?? ''] : [],
  );
  return { pids, programs };
}

describe.skipIf(missing !== undefined)(
  `on a kind cluster${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    labContract('kind', { open, isReal: true, privileged: true, inNode });

    agentDeathContract('kind', true, async (options) => {
      const before = [await worker(1), await worker(2)];
      const lab = await open(options);
      return {
        // The first: a change that takes long is not made on the second yet.
        ...{ lab, victim: 'worker-1', survivors: ['worker-2'], inNode },
        programs: async () => (await agentsOn(1)).programs,
        kill: async () => {
          await onWorker(1, 'kill', '-KILL', ...(await agentsOn(1)).pids);
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
