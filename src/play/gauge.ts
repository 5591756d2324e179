import { execa } from 'execa';
import { parseStat } from '../kernel/counters.ts';
import { enter, type Hands } from '../lab/hands.ts';
import type { HistoryEvent } from '../schema/history.ts';
import type { Gauge } from './state.ts';
import { pathOf } from '../kernel/sysctl.ts';
import { MAX } from '../kernel/table-names.ts';

const FILES = [
  '/proc/sys/net/netfilter/nf_conntrack_count',
  pathOf(MAX),
  '/proc/net/stat/nf_conntrack',
] as const;

/** The table that a sample of a node shows; undefined for any other event. */
export function gaugeIn(event: HistoryEvent, node: string | undefined): Gauge | undefined {
  if (event.type !== 'sample' || event.node !== node) return undefined;
  const { entries, limit, counters } = event;
  return { entries, limit, drop: counters.drop };
}

/** Reads a node's table from outside the lab. @throws Error where the lab is gone */
export async function readGauge(
  hands: Pick<Hands, 'within'>,
  node: string,
  signal: AbortSignal,
): Promise<Gauge> {
  const [program, ...args] = [...enter(hands, { name: node }), 'cat', ...FILES] as const;
  const { stdout } = await execa(program, args, { cancelSignal: signal });
  return parseGauge(stdout);
}

/** @param text the files, one after the other */
function parseGauge(text: string): Gauge {
  const [entries = '', limit = '', ...stat] = text.split('\n');
  return { entries: Number(entries), limit: Number(limit), drop: parseStat(stat.join('\n')).drop };
}
