/** A thread that sends its share of a flood from one CPU, then ends; see flood-threads.ts. */
import { workerData } from 'node:worker_threads';
import { pinTo } from '../../kernel/affinity.ts';
import { NetNamespace } from '../../kernel/netns.ts';
import { floodTcp, type TcpFlood } from './flood.ts';

/** A share of a flood as passed to a thread, with namespaces as paths. */
export interface Share extends Omit<TcpFlood, 'client' | 'server' | 'signal'> {
  readonly cpu: number;
  readonly client: string;
  readonly server: string;
}

const { cpu, client, server, ...flood } = workerData as Share;
pinTo(cpu);
using clients = NetNamespace.open(client);
using servers = NetNamespace.open(server);
// Never aborts: the thread's owner terminates it.
const { signal } = new AbortController();
await floodTcp({ ...flood, client: clients, server: servers, signal });
