import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { allowedCpus } from '../../kernel/affinity.ts';
import type { TcpFlood } from './flood.ts';
import type { Share } from './flood-thread.ts';
import { siblingModule } from '../../util/sibling-module.ts';

const THREAD = siblingModule(import.meta.url, './flood-thread');
/** Minimum flows per thread: starting a thread takes a tenth of a second. */
const LEAST_FLOWS = 20_000;

/**
 * `floodTcp` from several CPUs. An entry costs about 18 µs of the kernel's packet path on any CPU, so two
 * CPUs fill a table in half the time.
 */
export async function floodTcpFromAll({ client, server, signal, ...flood }: TcpFlood): Promise<void> {
  const cpus = allowedCpus().slice(0, Math.max(1, Math.floor(flood.count / LEAST_FLOWS)));
  const share = Math.ceil(flood.count / cpus.length);
  await using threads = new AsyncDisposableStack();
  await Promise.all(
    cpus.map(async (cpu, i) => {
      const [from, count] = [flood.from + i * share, Math.min(share, flood.count - i * share)];
      const workerData: Share = { ...flood, from, count, cpu, client: client.path, server: server.path };
      const thread = new Worker(THREAD, { workerData });
      threads.defer(async () => {
        await thread.terminate();
      });
      await once(thread, 'exit', { signal });
    }),
  );
}
