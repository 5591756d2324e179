import { droppedOf } from '../figure/derived.ts';
import type { Figures } from '../schema/verdict.ts';
import { count } from './words.ts';

/**
 * The harness's check on itself. A difference above 2 packets and 0.1 % means a miscount or interference.
 *
 * @returns what is wrong; undefined where the sums agree or were not counted
 */
export function unaccounted(figures: Figures): string | undefined {
  const { conservation: difference, 'packets.before': before = 0, 'packets.after': after = 0 } = figures;
  if (difference === undefined || Math.abs(difference) <= Math.max(2, before / 1000)) return undefined;
  const drop = droppedOf(figures) ?? 0;
  const verb = difference > 0 ? 'missing' : 'too many';
  return `${count(before)} packets before conntrack, ${count(after)} after it, ${count(drop)} dropped: ${count(Math.abs(difference))} ${verb}`;
}
