import { lostRaces } from './clashes.ts';
import type { Figures } from '../schema/verdict.ts';
import { count } from './words.ts';

/** Every packet that conntrack saw. */
interface Packets {
  readonly before: number;
  readonly after: number;
}

/**
 * The figure `conservation`: packets before conntrack − after it − dropped on the node under test, 0 when every one is
 * accounted for. Absent where the packets were not counted. A lost insert race counts as a drop too, but befalls a
 * packet that has passed: it is dropped when its entry is to go into the table, on its way out.
 */
export function conservation(figures: Figures): Figures {
  const packets = packetsOf(figures);
  const drop = droppedOf(figures);
  if (!packets || drop === undefined) return {};
  return { conservation: packets.before - packets.after - (drop - Math.min(drop, lostRaces(figures))) };
}

/**
 * The harness's check on itself: a difference above 2 packets and 0.1 % means that something else is at work, or
 * that we miscount.
 *
 * @returns what is wrong, or undefined where the sums agree or were not counted
 */
export function unaccounted(figures: Figures): string | undefined {
  const { conservation: difference } = figures;
  const drop = droppedOf(figures) ?? 0;
  const packets = packetsOf(figures);
  if (!packets || difference === undefined) return undefined;
  if (Math.abs(difference) <= Math.max(2, packets.before / 1000)) return undefined;
  const verb = difference > 0 ? 'missing' : 'too many';
  return `${count(packets.before)} packets before conntrack, ${count(packets.after)} after it, ${count(drop)} dropped: ${count(Math.abs(difference))} ${verb}`;
}

function packetsOf({ 'packets.before': before, 'packets.after': after }: Figures): Packets | undefined {
  return before === undefined || after === undefined ? undefined : { before, after };
}

/** As counted at the moment at which packets were; samples are taken at another. */
function droppedOf({ 'packets.dropped': atOnce, 'drop.delta': sampled }: Figures): number | undefined {
  return atOnce ?? sampled;
}
