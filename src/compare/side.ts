import type { Figures } from '../schema/verdict.ts';

/** What one run found of one thing. */
export interface Sample {
  readonly status: string;
  readonly figures: Figures;
  /** How many times as long as the scenario says the demand took; undefined: not recorded. */
  readonly pace: number | undefined;
}

/** What is compared: the results of a run, a suite or a matrix, and of its repeats. */
export interface Side {
  /** The folder. */
  readonly name: string;
  readonly kind: 'run' | 'suite' | 'matrix';
  /** By what they are about, `saturate × keepalive`; a sample a repeat. */
  readonly samples: ReadonlyMap<string, readonly Sample[]>;
}

/** Puts repeats together. */
export function repeated(name: string, sides: readonly [Side, ...Side[]]): Side {
  const samples = new Map<string, Sample[]>();
  for (const side of sides)
    for (const [key, some] of side.samples) samples.set(key, [...(samples.get(key) ?? []), ...some]);
  return { name, kind: sides[0].kind, samples };
}
