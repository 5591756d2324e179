/** A value read, as data: a sysctl's number, or counts by kind. */
export type Value = string | number | boolean | readonly Value[] | { readonly [key: string]: Value };

/** The state of one node or pod before and after a change. */
export interface Reading {
  /** The node, the pod, or `lab`. */
  readonly node: string;
  readonly before: Value;
  readonly after: Value;
}

/** An applied change. */
export interface Done {
  /** One per place. */
  readonly readings: readonly Reading[];
  /** The lab emulated the change with the same effect. */
  readonly emulated?: boolean;
  /**
   * Restores the state from before and verifies it.
   *
   * @throws NotRestored naming each place that did not come back; calling again retries those
   */
  readonly undo: () => Promise<readonly Reading[]>;
}

/** What an undo that restored everything says. */
export function undone(readings: readonly Reading[]): readonly Reading[] {
  return readings.map(({ node, before, after }) => ({ node, before: after, after: before }));
}

/** A value on one line: `262144`, `free 1200`, `10.244.1.2, 10.244.2.2`. */
export function sayValue(value: Value): string {
  if (typeof value !== 'object') return String(value);
  if (isList(value)) return value.length === 0 ? 'none' : value.map(sayValue).join(' ');
  return Object.entries(value)
    .map(([key, each]) => `${key} ${sayValue(each)}`)
    .join(', ');
}

function isList(value: object): value is readonly Value[] {
  return Array.isArray(value);
}
