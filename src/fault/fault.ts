import type { Change } from '../change/index.ts';

/** A named, reversible change that causes a symptom; `on` makes the protocol's change. */
export interface Fault<A> {
  readonly name: string;
  readonly summary: string;
  readonly on: (what: A) => Change;
}
