import type { Change } from '../change/index.ts';

/** A reversible change that hurts, by name; `on` makes the change that a protocol holds. */
export interface Fault<A> {
  readonly name: string;
  readonly summary: string;
  readonly on: (what: A) => Change;
}
