import { encode } from 'dns-packet';
import { allowedCpus, pinned } from '../../kernel/affinity.ts';
import { parseIp, sockaddr } from '../../kernel/ipv4.ts';
import type { DnsRace } from './schema.ts';
import type { LoadContext } from '../context.ts';
import { Pairs } from './dns-pairs.ts';
import { sendQuery } from './racer.ts';
import { Racers } from './racers.ts';
import { inTurn, openLoop } from '../schedule.ts';

const DNS_PORT = 53;
/**
 * Pairs due at once: the racers work for a millisecond, then free their CPUs. One burst a turn, since a server
 * reads up to 32 datagrams in one.
 */
const BURST = 10;

/** The A and AAAA datagrams; the sender writes each query's id over the first two bytes. */
export function queriesFor(name: string): readonly [a: Buffer, aaaa: Buffer] {
  const of = (type: 'A' | 'AAAA'): Buffer =>
    encode({ type: 'query', id: 0, flags: 0x100, questions: [{ type, name }] });
  return [of('A'), of('AAAA')];
}

/**
 * Pairs of A and AAAA queries: a flow gets two entries where both ask for one before either is in the table.
 */
export async function run(load: DnsRace, context: LoadContext): Promise<void> {
  const { outcomes, signal } = context;
  const pods = context.pods(load.pods);
  const queries = queriesFor(load.name);
  const to = sockaddr(parseIp(context.nameserver()), DNS_PORT);
  // In this order: the sockets outlive the threads that use them.
  await using open = new AsyncDisposableStack();
  let racers: Racers | undefined;
  const pairs = open.use(new Pairs(load, outcomes, (query) => racers?.hasSent(query) ?? true));
  if (load.send === 'at-once') racers = open.use(await startRacers(load, context, queries, to));
  const bursts = Math.ceil(load.pairs / BURST);
  await openLoop(
    Array.from({ length: bursts }, (_, i) => (i * load.seconds * 1000) / bursts),
    () => outcomes.elapsed(),
    (i, due) => {
      const [space, next] = [i, i + 1].map((n) => context.namespace(inTurn(pods, n).name));
      if (space === undefined || next === undefined) return;
      const [from, upTo] = [i * BURST, Math.min((i + 1) * BURST, load.pairs)];
      for (let pair = from; pair < upTo; pair++) pairs.open(pair, space, next, due);
      if (racers !== undefined) racers.send(pairs.sockets, upTo);
      else
        pinned(() => {
          for (let query = 2 * from; query < 2 * upTo; query++)
            sendQuery(pairs.sockets[query] ?? -1, queries[query % 2 === 0 ? 0 : 1], query, to);
        });
    },
    signal,
    1,
  );
  await pairs.ended(signal);
  if (racers !== undefined && racers.missed > load.pairs / 2)
    outcomes.starve('two CPUs were never free to send at the same moment');
}

async function startRacers(
  load: DnsRace,
  { outcomes }: LoadContext,
  queries: readonly [Buffer, Buffer],
  to: Buffer,
): Promise<Racers> {
  const [one = 0, other = one] = allowedCpus();
  if (one === other) outcomes.starve('there is one CPU only, so nothing can race');
  return Racers.start([one, other], queries, to, load.pairs);
}
