/** What was read, as data: a sysctl's number, entries by what they are. */
export type Value = string | number | boolean | readonly Value[] | { readonly [key: string]: Value };

/** What one node, or one pod, was before a change and is after it. */
export interface Reading {
  /** The node, the pod, or `lab` where the change is of neither. */
  readonly node: string;
  readonly before: Value;
  readonly after: Value;
}

/** A change that stands. */
export interface Done {
  /** One for each place where it was made. */
  readonly readings: readonly Reading[];
  /** The lab could not make the change itself, and did something that has its effect. */
  readonly emulated?: boolean;
  /**
   * Puts back what was there before, and reads again.
   *
   * @throws NotRestored naming each place where it did not come back; called again, it tries those again
   */
  readonly undo: () => Promise<readonly Reading[]>;
}

/** A value as it stands in a line: `262144`, `free 1200`, `10.244.1.2, 10.244.2.2`. */
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
