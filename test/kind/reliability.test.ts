import { readFileSync } from 'node:fs';
import { execa } from 'execa';
import { afterEach, describe, expect, it } from 'vitest';
import { scratch, start } from '../lab/command.ts';
import {
  CLUSTER,
  dockerMissing,
  kubectl,
  onWorker,
  runNamespaces,
  sysctls,
  tablefull,
  worker,
  workerName,
} from './cluster.ts';

const missing = await dockerMissing();
const RESTORED_WITHIN_MS = 30_000;
const PATIENCE = { timeout: 90_000, interval: 200 };
const COUNT = '/proc/sys/net/netfilter/nf_conntrack_count';
const CONTROL_PLANE = `${CLUSTER}-control-plane`;

const docker = (...args: readonly string[]) => execa('docker', args);

async function deleteAgents(): Promise<void> {
  const [namespace = ''] = await runNamespaces();
  await kubectl('-n', namespace, 'delete', 'pods', '-l', 'app.kubernetes.io/name=agent', '--wait=false');
}

let under: ReturnType<typeof start> | undefined;

/**
 * A run that changes a timeout of the nodes from start to end, and makes the machine's limit small. The
 * limit stays small from the fault on, however often a busy machine has a phase retried.
 */
async function runUnderWay(folder: string): Promise<ReturnType<typeof start>> {
  // The guard refuses a limit below the machine's own entries, and those of the last test stay for 10 s.
  await expect.poll(() => Number(readFileSync(COUNT, 'utf8')), PATIENCE).toBeLessThan(1_000);
  const { nf_conntrack_max: max } = await sysctls();
  under = start(
    ['run', 'close-wait', '--param', 'timeout=kernel', '--lab', 'kind', '--reuse', CLUSTER],
    'root',
    folder,
  );
  const changed = async () => [
    await onWorker(1, 'sysctl', '-n', 'net.netfilter.nf_conntrack_tcp_timeout_close_wait'),
    (await sysctls()).nf_conntrack_max !== max,
  ];
  const underWay = expect.poll(changed, PATIENCE).toEqual(['60', true]);
  const over = under.process.then(({ stderr }) =>
    Promise.reject(new Error(`it is over already:\n${stderr}`)),
  );
  await Promise.race([underWay, over]);
  return under;
}

describe.skipIf(missing !== undefined)(
  `a run on a cluster${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    afterEach(async () => {
      // A run left by a failed test would disturb the next.
      under?.process.kill('SIGINT');
      await under?.process;
      await tablefull('restore');
      expect(await runNamespaces()).toEqual([]);
    });

    it.each(['the harness is killed', 'the agent is deleted'])(
      'a run on a cluster leaves everything as before within 30 s when %s',
      async (how) => {
        using folder = scratch();
        const before = [await sysctls(), await worker(1)];
        const run = await runUnderWay(folder.path);
        if (how === 'the harness is killed') run.process.kill('SIGKILL');
        else await deleteAgents();
        const killed = performance.now();
        await expect.poll(async () => [await sysctls(), await worker(1)], PATIENCE).toEqual(before);
        expect(performance.now() - killed).toBeLessThan(RESTORED_WITHIN_MS);
        await run.process;
      },
    );

    it('an interrupted run leaves everything as before within 30 s when the API server does not answer, and restore does the rest', async () => {
      using folder = scratch();
      const before = [await sysctls(), await worker(1)];
      const run = await runUnderWay(folder.path);
      await docker('pause', CONTROL_PLANE);
      try {
        run.process.kill('SIGINT');
        const broken = performance.now();
        await expect.poll(async () => [await sysctls(), await worker(1)], PATIENCE).toEqual(before);
        expect(performance.now() - broken).toBeLessThan(RESTORED_WITHIN_MS);
        const { exitCode, stdout } = await run.process;
        expect([exitCode, stdout]).toEqual([
          3,
          expect.stringMatching(/namespace tablefull-\S+ was not deleted/),
        ]);
      } finally {
        await docker('unpause', CONTROL_PLANE);
      }
      expect(await tablefull('restore')).toMatch(/the namespace tablefull-\S+ of the cluster \S+ is deleted/);
    });

    it('a run ends with the reason when a worker dies, the machine as before within 30 s; the worker comes back', async () => {
      using folder = scratch();
      const before = await sysctls();
      const run = await runUnderWay(folder.path);
      await docker('kill', workerName(2));
      try {
        const killed = performance.now();
        await expect.poll(sysctls, PATIENCE).toEqual(before);
        expect(performance.now() - killed).toBeLessThan(RESTORED_WITHIN_MS);
        const { exitCode, stderr } = await run.process;
        expect(exitCode).not.toBe(0);
        expect(stderr).toMatch(/the agent on worker-2/);
      } finally {
        await docker('start', workerName(2));
      }
      expect(await tablefull('lab', 'up', 'kind', '--name', CLUSTER)).toBe(CLUSTER);
    });
  },
);
