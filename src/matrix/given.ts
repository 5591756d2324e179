import type { Remedy } from '../remedy/remedy.ts';
import type { Protocol } from '../schema/protocol.ts';
import type { RemedyStatus } from '../schema/statuses.ts';

/** A remedy that the user gives a matrix, for one of its rows. */
export interface Given {
  readonly name: string;
  /** As the user wrote it: a name, a path, `sysctl:NAME=VALUE`. */
  readonly written: string;
  /** What it is in the row, or why it can’t be tried there. */
  readonly found: Remedy | { readonly reason: string };
  /** What a run of it alone expects; undefined: what the scenario expects of it. */
  readonly expected?: RemedyStatus | undefined;
  /** Whether scenarios expect a status of it. Nothing is expected of a stranger’s: the matrix says what it does. */
  readonly known: boolean;
}

export function isFound(found: Given['found']): found is Remedy {
  return !('reason' in found);
}

/** The remedies of each row. */
export type GivenOf = (protocol: Protocol) => readonly Given[];

/** @throws Error where a remedy can be tried in no row: why not in the first */
export function refuseUseless(rows: readonly (readonly Given[])[]): void {
  const [first = []] = rows;
  for (const { found, name } of first) {
    const useless = rows.every((row) => row.some((each) => each.name === name && !isFound(each.found)));
    if (useless && !isFound(found)) throw new Error(found.reason);
  }
}
